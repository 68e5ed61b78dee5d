# Prints what differs between runs, unless they are deterministic.
import os
import random
import tempfile
import time

print(time.time(), time.monotonic(), time.perf_counter_ns())
print(random.random(), os.urandom(8).hex(), hash("text"), {str(i) for i in range(20)})
print(os.listdir("/data"), [e.name for e in os.scandir("/data")])
start = time.monotonic()
time.sleep(3600)
print(time.monotonic() - start)
print(tempfile.mkdtemp(dir="/data").rsplit("/", 1)[1])
print(id(object()), object())
