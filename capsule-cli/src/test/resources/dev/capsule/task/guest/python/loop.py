import asyncio
import time

from capsule import http, task


@task
async def double(x):
    return 2 * x


@task
def slow():
    time.sleep(30)


async def ticker(out):
    for i in range(3):
        await asyncio.sleep(0.001)
        out.append(i)


@task
async def main():
    results = await asyncio.gather(*(double(i) for i in range(3)), http.aio.get("http://a.example/"))
    assert [r["result"] for r in results[:3]] == [0, 2, 4] and results[3].status_code == 200

    made = asyncio.create_task(double(5))
    assert (await made).value == 10
    async with asyncio.TaskGroup() as group:
        one, two = group.create_task(double(1)), group.create_task(double.value(2))
    assert one.result()["result"] == 2 and two.result() == 4
    done, pending = await asyncio.wait([asyncio.ensure_future(double(7))])
    assert not pending and done.pop().result().value == 14

    out = []
    await asyncio.gather(ticker(out), ticker(out))
    assert sorted(out) == [0, 0, 1, 1, 2, 2]

    try:
        async with asyncio.timeout(0.05):
            await slow.aio()
        raise AssertionError("no timeout")
    except TimeoutError:
        pass
    try:
        await asyncio.wait_for(slow.aio(), 0.05)
        raise AssertionError("no timeout")
    except TimeoutError:
        pass

    assert await asyncio.to_thread(lambda a: a + 1, 4) == 5
    queue = asyncio.Queue()
    asyncio.get_running_loop().call_later(0.001, queue.put_nowait, "item")
    assert await queue.get() == "item"
    try:
        await asyncio.open_connection("a.example", 80)
        raise AssertionError("a socket")
    except OSError as error:
        assert "capsule.http.aio" in str(error), error
    try:
        await asyncio.create_subprocess_exec("ls")
        raise AssertionError("a process")
    except OSError as error:
        assert "processes" in str(error), error
    return "ok"
