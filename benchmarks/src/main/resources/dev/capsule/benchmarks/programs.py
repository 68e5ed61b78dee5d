# The programs of the comparison. For every line "run NAME" on the standard input: runs that program
# once and answers its milliseconds and its checksum, which is the same on every engine.
import json
import re
import sqlite3
import sys
import time

MODULUS = 1_000_000_007


def numbers(count, seed=12345):
    """The same pseudo-random numbers everywhere."""
    value = seed
    for _ in range(count):
        value = (value * 1103515245 + 12345) & 0x7FFFFFFF
        yield value


def digest(text):
    total = 7
    for each in text.encode():
        total = (total * 31 + each) % MODULUS
    return total


def recursion():
    def fib(n):
        return n if n < 2 else fib(n - 1) + fib(n - 2)

    def queens(n, row, columns, left, right):
        if row == n:
            return 1
        found = 0
        for column in range(n):
            if columns >> column & 1 or left >> (row + column) & 1 or right >> (row - column + n) & 1:
                continue
            found += queens(n, row + 1, columns | 1 << column, left | 1 << (row + column),
                            right | 1 << (row - column + n))
        return found

    return fib(18) * 1000 + queens(6, 0, 0, 0, 0)


def dictionaries():
    words = ['w%d' % (each >> 7 & 1023) for each in numbers(3000)]
    text = ' '.join(words)
    counts = {}
    for word in text.split(' '):
        counts[word] = counts.get(word, 0) + 1
    lines = []
    for word, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        lines.append(word.upper().rjust(8) + ': ' + str(count))
    return digest('\n'.join(lines)[:3000]) + len(counts)


def regular_expressions():
    log = '\n'.join(
        '10.0.%d.%d - - [%02d/Nov/2026:10:%02d:00] "GET /item/%d?q=a%%20b HTTP/1.1" %d %d'
        % (each & 255, each >> 8 & 255, each % 28 + 1, each % 60, each % 977,
           200 if each % 7 else 404, each % 5000)
        for each in numbers(350))
    line = re.compile(r'^(\d+\.\d+\.\d+\.\d+) - - \[([^\]]+)\] "(\w+) ([^ "]+) HTTP/[\d.]+" (\d{3}) (\d+)$',
                      re.MULTILINE)
    total = 0
    for match in line.finditer(log):
        total += int(match.group(6)) if match.group(5) == '200' else 1
    cleaned = re.sub(r'%([0-9A-F]{2})', lambda match: chr(int(match.group(1), 16)), log)
    return total * 1000 + len(re.findall(r'item/\d*7\b', cleaned)) + len(re.split(r'[/?"]+', cleaned))


def json_text():
    rows = [{'id': i, 'name': 'name %d' % i, 'tags': ['a', 'b"\\', 'ü%d' % i], 'price': i / 4,
             'on': i % 3 == 0, 'none': None} for i in range(700)]
    text = json.dumps(rows, sort_keys=True)
    again = json.loads(text)
    return len(text) + sum(row['id'] + len(row['tags'][2]) for row in again) + int(again[-1]['price'] * 4)


def sorting():
    values = list(numbers(2500))
    total = 0
    for index, value in enumerate(sorted(values, key=lambda value: value % 1009)):
        total = (total + index * value) % MODULUS
    # Written out, for the interpreter's own loops.
    heap = values[:700]
    size = len(heap)
    for start in range(size // 2 - 1, -1, -1):
        sift(heap, start, size)
    for end in range(size - 1, 0, -1):
        heap[0], heap[end] = heap[end], heap[0]
        sift(heap, 0, end)
    return (total + heap[0] + heap[300] * 3 + heap[-1] * 5) % MODULUS


def sift(heap, root, end):
    while 2 * root + 1 < end:
        child = 2 * root + 1
        if child + 1 < end and heap[child] < heap[child + 1]:
            child += 1
        if heap[root] >= heap[child]:
            return
        heap[root], heap[child] = heap[child], heap[root]
        root = child


def big_integers():
    # Digits of pi by Gibbons' spigot, a factorial, and a modular power.
    q, r, t, k, n, l = 1, 0, 1, 1, 3, 3
    digits = 0
    count = 0
    while count < 250:
        if 4 * q + r - t < n * t:
            digits = (digits * 10 + n) % MODULUS
            count += 1
            q, r, n = 10 * q, 10 * (r - n * t), 10 * (3 * q + r) // t - 10 * n
        else:
            q, r, t, k, n, l = (q * k, (2 * q + r) * l, t * l, k + 1,
                                (q * (7 * k + 2) + r * l) // (t * l), l + 2)
    factorial = 1
    for i in range(2, 700):
        factorial *= i
    power = pow(3, factorial % (1 << 300), (1 << 521) - 1)
    return (digits + factorial % MODULUS + power) % MODULUS


class Vector:
    __slots__ = ('x', 'y', 'z')

    def __init__(self, x, y, z):
        self.x = x
        self.y = y
        self.z = z

    def plus(self, other):
        return Vector(self.x + other.x, self.y + other.y, self.z + other.z)

    def minus(self, other):
        return Vector(self.x - other.x, self.y - other.y, self.z - other.z)

    def times(self, by):
        return Vector(self.x * by, self.y * by, self.z * by)

    def dot(self, other):
        return self.x * other.x + self.y * other.y + self.z * other.z

    def unit(self):
        return self.times(1 / self.dot(self) ** 0.5)


def hit(spheres, origin, direction):
    nearest = None
    distance = 1e9
    for sphere in spheres:
        offset = origin.minus(sphere[0])
        b = offset.dot(direction)
        inside = b * b - offset.dot(offset) + sphere[1] * sphere[1]
        if inside > 0:
            at = -b - inside ** 0.5
            if 1e-6 < at < distance:
                distance = at
                nearest = sphere
    return nearest, distance


def trace(spheres, light, origin, direction, depth):
    sphere, distance = hit(spheres, origin, direction)
    if sphere is None:
        return 0.2 + 0.3 * (direction.y + 1)
    point = origin.plus(direction.times(distance))
    normal = point.minus(sphere[0]).unit()
    shade = max(0.0, normal.dot(light))
    if hit(spheres, point.plus(normal.times(1e-4)), light)[0] is not None:
        shade *= 0.3
    if depth < 2:
        mirrored = direction.minus(normal.times(2 * direction.dot(normal)))
        shade += sphere[2] * trace(spheres, light, point, mirrored, depth + 1)
    return shade


def ray_tracer():
    spheres = [(Vector(i % 3 - 1.0, i // 3 - 1.0, 4.0 + i % 2), 0.6, 0.3) for i in range(9)]
    light = Vector(0.5, 0.8, -0.6).unit()
    origin = Vector(0.0, 0.0, -2.0)
    size = 13
    total = 0
    for row in range(size):
        for column in range(size):
            direction = Vector(column / size - 0.5, 0.5 - row / size, 1.0).unit()
            total = (total * 3 + int(trace(spheres, light, origin, direction, 0) * 255)) % MODULUS
    return total


def compiled(template):
    """Turns {{ expression }} and {% for x in xs %} ... {% end %} into nested lists."""
    root = []
    stack = [root]
    for part in re.split(r'(\{\{.*?\}\}|\{%.*?%\})', template):
        if part.startswith('{{'):
            name, *filters = [each.strip() for each in part[2:-2].split('|')]
            stack[-1].append((name.split('.'), filters))
        elif part.startswith('{%'):
            words = part[2:-2].split()
            if words[0] == 'for':
                body = []
                stack[-1].append((words[1], words[3].split('.'), body))
                stack.append(body)
            else:
                stack.pop()
        elif part:
            stack[-1].append(part)
    return root


def lookup(scope, path):
    value = scope
    for name in path:
        value = value[name]
    return value


FILTERS = {
    'upper': lambda value: str(value).upper(),
    'escape': lambda value: str(value).replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;'),
}


def rendered(nodes, scope, out):
    for node in nodes:
        if isinstance(node, str):
            out.append(node)
        elif len(node) == 3:
            inner = dict(scope)
            for item in lookup(scope, node[1]):
                inner[node[0]] = item
                rendered(node[2], inner, out)
        else:
            value = lookup(scope, node[0])
            for each in node[1]:
                value = FILTERS[each](value)
            out.append(str(value))


def template_engine():
    template = compiled(
        '<h1>{{ title | escape | upper }}</h1>{% for row in rows %}<tr><td>{{ row.id }}</td>'
        '{% for cell in row.cells %}<td>{{ cell | escape }}</td>{% end %}</tr>\n{% end %}')
    rows = [{'id': i, 'cells': ['<%d>' % (i * j) for j in range(8)]} for i in range(150)]
    out = []
    rendered(template, {'title': 'a < b & c', 'rows': rows}, out)
    page = ''.join(out)
    return digest(page[-4000:]) + len(page)


def sql():
    db = sqlite3.connect(':memory:')
    db.execute('create table person(id integer primary key, name text, city integer, age integer)')
    db.execute('create table city(id integer primary key, name text)')
    db.executemany('insert into city values (?, ?)', [(i, 'city %d' % i) for i in range(40)])
    db.executemany('insert into person values (?, ?, ?, ?)',
                   [(i, 'name %d' % (value % 997), value % 40, value >> 8 & 127)
                    for i, value in enumerate(numbers(600))])
    db.execute('create index by_city on person(city)')
    total = 0
    for row in db.execute('select c.name, count(*), sum(p.age), max(p.name) from person p'
                          ' join city c on c.id = p.city where p.age > 20'
                          ' group by c.name order by 3 desc, 1'):
        total = (total * 31 + row[1] * 7 + row[2] + len(row[3])) % MODULUS
    db.execute("update person set name = upper(name) || '!' where age % 3 = 0")
    found = db.execute("select count(*), sum(length(name)) from person where name like '%7_!'").fetchone()
    db.close()
    return (total + found[0] * 1000 + (found[1] or 0)) % MODULUS


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def moved(self, by):
        return Point(self.x + by, self.y - by)


def mixed():
    """A little of everything: the program of the warm-up curves."""
    def fib(n):
        return n if n < 2 else fib(n - 1) + fib(n - 2)

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


PROGRAMS = {
    'recursion': recursion,
    'dictionaries': dictionaries,
    'regex': regular_expressions,
    'json': json_text,
    'sorting': sorting,
    'bigint': big_integers,
    'raytracer': ray_tracer,
    'template': template_engine,
    'sql': sql,
    'mixed': mixed,
}


def serve():
    print('ready', flush=True)
    while line := sys.stdin.readline():
        program = PROGRAMS[line.split()[1]]
        start = time.perf_counter()
        result = program()
        print(f'{(time.perf_counter() - start) * 1000:.6f} {result}', flush=True)


serve()
