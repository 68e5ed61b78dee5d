import sys

from capsule import task


@task()
def double(text):
    return 2 * int(text)


@task(compute="MEDIUM", timeout="20s")
def main(what, *rest):
    if what == "double":
        return double.value(*rest)
    if what == "mounted":
        return open("/given/" + rest[0]).read()
    if what == "raise":
        raise ValueError(rest[0])
    return [what, *rest]
