"""The smallest program: capsule run examples/python/hello.py Ada"""

from capsule import task


@task(compute="LOW", ram="64MB", timeout="10s")
def greet(name):
    return f"Hello, {name}!"


@task(name="main", compute="MEDIUM")
def main(name="world"):
    greeting = greet.value(name)  # runs in a sandbox of its own
    print(greeting)
    return {"greeting": greeting}
