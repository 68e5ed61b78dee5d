# Tasks that are measured: as small as they can be, calling many others, and waiting.
import time

from capsule import task


@task(compute="LOW")
def small(n):
    return sum(range(n))


@task
def fan(n):
    return sum(small.map([each % 50 for each in range(n)]))


@task
def wait():
    print('live', flush=True)
    time.sleep(300)


def main():
    return small.value(20)
