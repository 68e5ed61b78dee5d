# For every line of input: one round of work, answered by its milliseconds and its result.
import json
import sys
import time


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def moved(self, by):
        return Point(self.x + by, self.y - by)


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def work():
    total = fib(18)
    for i in range(60000):
        total = (total + i * 7) % 1000003
    table = {}
    for i in range(8000):
        table[i * 7919 % 20011] = i
    rows = sorted(table.items(), key=lambda row: (row[1] % 97, row[0]))
    for key, value in rows:
        total = (total * 31 + key + value) % 1000000007
    point = Point(1, 2)
    for i in range(6000):
        point = point.moved(i % 5)
    text = ''.join('%d,%s;' % (i, i * i) for i in range(4000))
    data = json.loads(json.dumps([{'id': i, 'name': 'n%d' % i} for i in range(800)]))
    return (total + point.x + len(text) + sum(row['id'] for row in data)) % 1000000007


def main():
    print('ready', flush=True)
    while sys.stdin.readline().strip() == 'run':
        start = time.perf_counter()
        result = work()
        print(f'{(time.perf_counter() - start) * 1000:.6f} {result}', flush=True)


main()
