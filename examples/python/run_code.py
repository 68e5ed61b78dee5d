"""For a host program that has code to run: the argument is the code, its variable `result` the
result. From Java: Capsule.run(Path.of("run_code.py"), code)"""

from capsule import task


@task(name="main", compute="HIGH", ram="64MB", timeout="10s")
def main(code):
    names = {}
    exec(code, names)
    return names.get("result")
