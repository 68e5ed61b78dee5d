"""Drives `capsule worker` as the original's Python SDK does: one process for a folder, started at the
first call and shared by all; ids are 32 hex digits; lines that are no JSON are skipped; the process's
stderr goes nowhere; an answer "error" is a RuntimeError. One difference: the limit of a line's length,
without which nobody could read a long answer.

Usage: client.py CAPSULE FOLDER. Prints one JSON object, what became of each call."""

import asyncio
import json
import sys
import uuid


class Worker:
    def __init__(self, capsule, folder):
        self.command = (capsule, "worker")
        self.folder = folder
        self.pending = {}
        self.process = None
        self.noise = 0

    async def start(self):
        self.process = await asyncio.create_subprocess_exec(
            *self.command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=self.folder,
            limit=64 << 20,
        )
        self.reader = asyncio.create_task(self.read())

    async def read(self):
        while line := await self.process.stdout.readline():
            try:
                answer = json.loads(line)
                self.pending.pop(answer["id"]).set_result(answer)
            except (ValueError, KeyError):
                self.noise += 1
        for future in self.pending.values():
            future.set_exception(ConnectionError("the worker has ended"))

    def write(self, line):
        self.process.stdin.write(line.encode() + b"\n")

    async def run(self, file, args=(), mounts=()):
        number = uuid.uuid4().hex
        future = self.pending[number] = asyncio.get_running_loop().create_future()
        self.write(
            json.dumps({"id": number, "file": file, "args": list(args), "mounts": list(mounts)})
        )
        await self.process.stdin.drain()
        answer = await future
        if "error" in answer and "output" not in answer:
            raise RuntimeError(answer["error"])
        return answer["output"]

    async def close(self):
        self.process.stdin.close()
        code = await self.process.wait()
        await self.reader
        return code


async def told(call):
    try:
        envelope = await call
        return envelope["result"] if envelope["success"] else envelope["error"]["message"]
    except RuntimeError as error:
        return "RuntimeError: %s" % error


async def main(capsule, folder):
    worker = Worker(capsule, folder)
    await worker.start()
    run = worker.run
    calls = [run("tasks.mjs", [str(i)]) for i in range(20)]
    calls.insert(3, run("tasks.mjs", ["large", str(10 << 20)]))
    calls.insert(9, run("tasks.mjs", ["print", "printed"]))
    calls.insert(13, run("tasks.py", ["double", "21"]))
    running = [asyncio.create_task(told(call)) for call in calls]
    await asyncio.sleep(0)
    worker.write("no JSON at all")
    worker.write("")
    worker.write('{"id": 5}')
    results = await asyncio.gather(*running)
    large = results.pop(3)
    report = {
        "large": len(large) if set(large) == {"x"} else large[:100],
        "printed": results.pop(8),
        "doubled": results.pop(11),
        "interleaved": results,
        "raised": await told(run("tasks.py", ["raise", "boom"])),
        "missing": await told(run("none.py")),
        "numbers": await told(run("tasks.py", [1])),
        "mounted": await told(run("tasks.py", ["mounted", "note.txt"], ["out::given:ro"])),
        "exit code": await worker.close(),
        "answers to nobody": worker.noise,
        "unanswered": len(worker.pending),
    }
    print(json.dumps(report))


asyncio.run(main(*sys.argv[1:]))
