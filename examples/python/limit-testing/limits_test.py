"""Each sub-task runs into one of its limits; the report says which."""

import time

from capsule import task


@task(timeout="200ms")
def sleeps_too_long():
    time.sleep(10)


@task(timeout="200ms", compute="HIGH")
def computes_too_long():
    while True:
        pass


@task(compute="LOW")
def computes_too_much():
    total = 0
    while True:
        total += 1


@task(compute="5000000")
def exact_fuel():
    return sum(range(10_000_000))


@task(ram="24MB", compute="HIGH")
def remembers_too_much():
    kept = []
    while True:
        kept.append(bytearray(1 << 20))


@task(compute="MEDIUM")
def recurses_forever():
    return recurses_forever.function()


@task(compute="LOW")
def returns_what_json_cannot_carry():
    return {1, 2, 3}


@task(name="main", compute="HIGH", timeout="120s")
def main():
    report = {}
    for attempt in (
        sleeps_too_long,
        computes_too_long,
        computes_too_much,
        exact_fuel,
        remembers_too_much,
        recurses_forever,
        returns_what_json_cannot_carry,
    ):
        outcome = attempt()
        report[attempt.name] = outcome["error"]["error_type"]
        print(f"{attempt.name}: {outcome['error']['error_type']}: {outcome['error']['message']}")
    return report
