from capsule import Envelope, TaskError, task


@task
def add(a, b=1, *, c=0):
    return a + b + c


@task
async def double(x):
    return 2 * x


@task
def fail(x):
    raise ValueError("bad %s" % x)


@task(name="other name")
def renamed():
    return {"nested": [1, None, True]}


def expect(kind, function, *args):
    try:
        function(*args)
    except kind as error:
        return error
    raise AssertionError("%s was not raised" % kind)


@task
async def main():
    envelope = add(1, b=2, c=3)
    assert isinstance(envelope, dict) and isinstance(envelope, Envelope)
    assert envelope["success"] is True and envelope["result"] == 6 and envelope["error"] is None
    assert envelope.value == 6 and (await add(1))["result"] == 2
    assert add.value(5) == 6
    assert renamed()["result"] == {"nested": [1, None, True]}

    failed = fail(7)
    assert failed["success"] is False and failed["error"]["message"] == "bad 7"
    error = expect(TaskError, fail.value, 8)
    assert error.error_type == "task_error" and error.message == "bad 8"
    assert error.task_name == "fail" and error.envelope["success"] is False
    assert "bad 9" in str(expect(TaskError, fail.map, [9]))

    pending = double(4)
    assert pending["result"] == 8 and pending.value == 8 and dict(pending)["success"]
    assert (await double(5))["result"] == 10
    assert await double.value(6) == 12
    first, second = double(1), add.aio(10)
    assert (await second).value == 11 and (await first).value == 2
    assert double.map(range(3)) == [0, 2, 4]
    assert (await double(3)) == (await double(3))

    message = str(expect(TypeError, add, {1}))
    assert message == "add: args[0]: set has no JSON form (use sorted() or list())", message
    message = str(expect(TypeError, lambda: add(1, b=[b""])))
    assert message == "add: kwargs.b[0]: bytes has no JSON form (use base64 or .decode())", message
    return "ok"
