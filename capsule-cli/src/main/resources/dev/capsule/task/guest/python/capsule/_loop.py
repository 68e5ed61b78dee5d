"""asyncio in the sandbox: an event loop that waits in the host instead of polling sockets."""

import asyncio

from capsule import _runner


class _Selector:
    """What BaseEventLoop calls its selector: here the host's `wait`."""

    def __init__(self, loop):
        self._loop = loop

    def select(self, timeout):
        waiting = self._loop.capsule_waiting
        if not waiting:
            if timeout is None:
                raise RuntimeError("deadlock: the event loop waits for something that cannot happen")
            if timeout <= 0:
                return []
        elif timeout is not None and timeout <= 0:
            timeout = 0
        return _runner.device.poll(tuple(waiting), timeout)


class CapsuleEventLoop(asyncio.BaseEventLoop):
    """Timers and host operations; no sockets, pipes or processes."""

    def __init__(self):
        super().__init__()
        self.capsule_waiting = {}
        self._selector = _Selector(self)
        self._clock_resolution = 1e-6

    def capsule_future(self, number):
        """A future that is done when the host operation has ended."""
        future = self.create_future()
        self.capsule_waiting[number] = future
        future.add_done_callback(lambda _: self.capsule_waiting.pop(number, None))
        return future

    def _process_events(self, numbers):
        for number in numbers:
            future = self.capsule_waiting.get(number)
            if future is not None and not future.done():
                future.set_result(None)

    def _write_to_self(self):
        pass

    def run_in_executor(self, executor, func, *args):
        """There are no threads: the function runs at once."""
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except StopIteration as error:
            future.set_exception(RuntimeError(repr(error)))
        except Exception as error:
            future.set_exception(error)
        return future

    async def create_connection(self, *args, **kwargs):
        raise OSError("asyncio streams are not available in a sandbox; use capsule.http.aio")

    create_server = create_unix_connection = create_unix_server = create_connection
    create_datagram_endpoint = create_connection

    async def subprocess_exec(self, *args, **kwargs):
        raise OSError("processes are not available in a sandbox")

    subprocess_shell = subprocess_exec


class _Policy(asyncio.DefaultEventLoopPolicy):
    _loop_factory = CapsuleEventLoop


def install(module):
    asyncio.set_event_loop_policy(_Policy())
