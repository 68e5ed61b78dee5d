"""A judge for programming exercises. Each submission runs once per case, each time in a new sandbox
with nothing but its input, and gets a verdict with time, memory and fuel.

    capsule run examples/python/judge/judge.py
"""

import asyncio
import contextlib
import io

from capsule import task

CASES = [("2 3", "5"), ("10 -4", "6"), ("100000 1", "100001")]

SUBMISSIONS = {
    "right": "a, b = map(int, input().split())\nprint(a + b)",
    "wrong": "a, b = map(int, input().split())\nprint(a - b)",
    "slow": "while True: pass",
    "greedy": "x = [0]\nwhile True: x += x",
    "broken": "print(undefined)",
    "nosy": "print(open('/etc/passwd').read())",
    "cheat": "import sys\nsys.exit(0)",
}

VERDICTS = {
    "out_of_fuel": "time limit exceeded",
    "timeout": "time limit exceeded",
    "out_of_memory": "memory limit exceeded",
}


@task(compute="300000000", ram="32MB", timeout="30s")
def run_case(code, given):
    """Runs untrusted code with `given` as its standard input and returns what it printed."""
    lines = iter(given.splitlines())
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code, {"__name__": "__main__", "input": lambda prompt="": next(lines)})
    return printed.getvalue()


def verdict(outcome, expected):
    if outcome["success"]:
        printed = outcome["result"] or ""  # nothing if the code ended the interpreter
        return "accepted" if printed.split() == expected.split() else "wrong answer"
    return VERDICTS.get(outcome["error"]["error_type"], "runtime error")


async def judge(code):
    outcomes = await asyncio.gather(*(run_case.aio(code, given) for given, _ in CASES))
    cases = []
    for outcome, (_, expected) in zip(outcomes, CASES):
        execution = outcome["execution"]
        cases.append(
            {
                "verdict": verdict(outcome, expected),
                "ms": execution["duration_ms"],
                "kb": execution["ram_used"] // 1024,
                "fuel": execution["fuel_consumed"],
            }
        )
    bad = [case["verdict"] for case in cases if case["verdict"] != "accepted"]
    return {"verdict": bad[0] if bad else "accepted", "cases": cases}


@task(name="main", compute="HIGH")
async def main(*names):
    report = {}
    for name in names or SUBMISSIONS:
        report[name] = await judge(SUBMISSIONS[name])
        print(f"{name:8} {report[name]['verdict']}")
    return report
