"""Tasks that want more than they get: each ends by the limit that bounds it, and only its own.

What a program imports at its top is imported for each of its tasks, so only small modules are.
"""

import itertools
import sys
import time

from capsule import task


@task(compute="LOW")
def fine():
    return 1


@task(timeout="300ms", compute="HIGH")
def busy_loop():
    while True:
        pass


@task(timeout="300ms", compute="HIGH")
def busy_loop_that_catches_all():
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue


@task(compute="20000000")
def computes_too_much():
    while True:
        pass


@task(ram="32MB", compute="HIGH")
def hoards_blocks():
    kept = []
    while True:
        kept.append(bytearray(1 << 20))


@task(ram="32MB", compute="HIGH")
def doubles_a_string():
    text = "a"
    while True:
        text += text


@task(ram="512MB", compute="HIGH")
def hoards_more_than_the_host_has():
    kept = []
    while True:
        kept.append(bytearray(1 << 20))


@task(ram="32MB", timeout="1s", compute="HIGH")
def hoards_and_swallows():
    kept = []
    while True:
        try:
            kept.append(bytearray(1 << 18))
        except MemoryError:
            pass


@task()
def calls_itself_twice():
    first, second = calls_itself_twice(), calls_itself_twice()
    return second["result"] if second["success"] else second["error"]["message"]


@task()
def calls_itself_deeper():
    deeper = calls_itself_deeper()
    return deeper["result"] if deeper["success"] else deeper["error"]["message"]


@task(compute="HIGH")
async def calls_a_hundred_at_once():
    import asyncio

    envelopes = await asyncio.gather(*[fine.aio() for _ in range(100)])
    return [each["error"]["message"] for each in envelopes if not each["success"]]


@task(compute="9000000000000000")
def prints(mib):
    for _ in range(mib):
        sys.stdout.write("x" * (1 << 20))
    return "printed"


@task()
def recurses():
    def deeper(n):
        return deeper(n + 1)

    return deeper(0)


@task(compute="HIGH")
def recurses_without_pythons_limit():
    sys.setrecursionlimit(1 << 30)

    def deeper(n):
        return deeper(n + 1) + 1

    return deeper(0)


@task(compute="HIGH")
def recurses_in_c():
    sys.setrecursionlimit(1 << 30)
    nested = []
    for _ in range(200_000):
        nested = [nested]
    return repr(nested)


@task(timeout="20s", compute="HIGH")
def matches_a_catastrophe():
    import re

    print("matching", flush=True)
    return bool(re.match("(a+)+$", "a" * 64 + "b"))


@task(timeout="300ms", compute="HIGH")
def sums_without_end():
    return sum(1 for _ in itertools.count())


@task(ram="32MB", compute="HIGH")
def lists_without_end():
    return list(itertools.count())


@task(timeout="300ms", compute="HIGH")
def raises_to_powers():
    return 10 ** 10**8


@task(compute="HIGH")
def returns_too_much():
    return "x" * (4 << 20)


@task(compute="HIGH")
def returns_what_escapes_to_too_much():
    return "\0" * (1 << 19)


@task(compute="HIGH")
def returns_too_deep():
    nested = []
    for _ in range(100_000):
        nested = [nested]
    return nested


@task(timeout="300ms")
def sleeps():
    time.sleep(1000)

