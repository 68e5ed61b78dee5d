"""`@task`, calls of sub-tasks and what they return."""

import sys

from capsule import _device, _runner

registry = {}
_pending = set()


class TaskError(Exception):
    """A sub-task failed. `error_type`, `message` and the whole `envelope` tell why."""

    def __init__(self, envelope):
        error = envelope.get("error") or {}
        self.envelope = envelope
        self.error_type = error.get("error_type", "task_error")
        self.message = error.get("message", "")
        self.task_name = (envelope.get("execution") or {}).get("task_name", "")
        super().__init__("task %r: %s: %s" % (self.task_name, self.error_type, self.message))


class Envelope(dict):
    """What a sub-task returned: success, result, error, execution. An ordinary dict, and more:
    `.value` is the result or raises TaskError; awaiting it gives itself."""

    __slots__ = ()

    @property
    def value(self):
        if not self["success"]:
            raise TaskError(self)
        return self["result"]

    def __await__(self):
        return self
        yield


class Operation:
    """Awaitable for a host operation that is under way; also without asyncio."""

    def __init__(self, number):
        self.capsule_operation = number

    def __await__(self):
        device = _runner.device
        number = self.capsule_operation
        loop = _running_loop()
        try:
            if loop is not None:
                yield from loop.capsule_future(number)
            elif number not in device._arrived:
                yield self
        except BaseException:
            device.cancel(number)
            raise
        return device.take(number)


def _running_loop():
    events = sys.modules.get("asyncio.events")
    return events._get_running_loop() if events is not None else None


class PendingCall(dict):
    """A sub-task that is under way: await it, or use it as the envelope, which waits for it.

    It counts as a coroutine, so asyncio.gather, create_task and TaskGroup take it.
    """

    def __init__(self, number, as_value=False):
        super().__init__()
        self._number = number
        self._as_value = as_value
        self._done = False
        self._steps = None
        _pending.add(self)

    # As an awaitable.
    def __await__(self):
        if not self._done:
            operation = Operation(self._number)
            try:
                self._settle((yield from operation.__await__()))
            except BaseException as error:
                _pending.discard(self)
                if isinstance(error, _device.HostError):
                    raise RuntimeError(str(error)) from None
                raise
        envelope = Envelope(dict.items(self))
        return envelope.value if self._as_value else envelope

    def send(self, value):
        if self._steps is None:
            self._steps = self.__await__()
        return self._steps.send(value)

    def throw(self, *error):
        if self._steps is None:
            self._steps = self.__await__()
            if not self._done:
                self.cancel()
        return self._steps.throw(*error)

    def close(self):
        if self._steps is not None:
            self._steps.close()

    def cancel(self):
        """Gives the sub-task up; the host stops it."""
        if not self._done:
            _pending.discard(self)
            _runner.device.cancel(self._number)

    # As the envelope.
    def resolve(self):
        """Waits for the sub-task and returns its envelope (or its value, for `.value` calls)."""
        if not self._done:
            try:
                self._settle(_runner.device.finish(self._number))
            finally:
                _pending.discard(self)
        envelope = Envelope(dict.items(self))
        return envelope.value if self._as_value else envelope

    @property
    def value(self):
        """The result; TaskError if the sub-task failed."""
        if not self._done:
            self._settle(_runner.device.finish(self._number))
        return Envelope(dict.items(self)).value

    def _settle(self, envelope):
        self._done = True
        _pending.discard(self)
        dict.update(self, envelope)

    __hash__ = object.__hash__


def _waiting(name):
    plain = getattr(dict, name)

    def method(self, *args, **kwargs):
        if not self._done:
            self._settle(_runner.device.finish(self._number))
        return plain(self, *args, **kwargs)

    method.__name__ = name
    return method


for _name in (
    "__contains__ __eq__ __getitem__ __iter__ __len__ __ne__ __or__ __repr__ __reversed__ "
    "__ror__ __setitem__ copy get items keys pop setdefault update values"
).split():
    setattr(PendingCall, _name, _waiting(_name))


class TaskFunction:
    """A task. Calling it runs it in its own sandbox, by the policy that the host collected.

    - `f(...)`: a plain function blocks and returns the Envelope; an `async def` returns a
      PendingCall to be awaited.
    - `f.aio(...)`: starts it and returns a PendingCall, whatever the function is.
    - `f.value(...)`: like a call, but gives the result itself or raises TaskError.
    - `f.map(items)`: runs one call per item at the same time; the list of results, or TaskError.
    """

    def __init__(self, function, name, config):
        self.function = self.__wrapped__ = function
        self.name = name
        self.config = config
        self.is_async = _is_async(function)
        for attribute in ("__name__", "__qualname__", "__doc__", "__module__", "__annotations__"):
            try:
                setattr(self, attribute, getattr(function, attribute))
            except AttributeError:
                pass

    def __call__(self, *args, **kwargs):
        call = self.aio(*args, **kwargs)
        return call if self.is_async else call.resolve()

    def aio(self, *args, **kwargs):
        return PendingCall(_start(self.name, args, kwargs))

    def value(self, *args, **kwargs):
        call = PendingCall(_start(self.name, args, kwargs), as_value=True)
        return call if self.is_async else call.resolve()

    def map(self, items):
        calls = [self.aio(item) for item in items]
        try:
            return [call.value for call in calls]
        except BaseException:
            for call in calls:
                call.cancel()
            raise

    def __repr__(self):
        return "<task %s>" % self.name


def _is_async(function):
    code = getattr(function, "__code__", None)
    return bool(code is not None and code.co_flags & 0x80)


def _start(name, args, kwargs):
    device = _runner.device
    if device.loading:
        raise RuntimeError(
            "task %r was called while its file was being loaded; call it from a task" % name
        )
    message = {"op": "call", "task": name, "args": args, "kwargs": kwargs}
    try:
        data = _device.encode(message).encode()
    except (TypeError, ValueError, RecursionError):
        from capsule import _values

        _values.check(list(args), "%s: args" % name)
        _values.check(kwargs, "%s: kwargs" % name)
        raise
    try:
        return device.start(data)
    except _device.HostError as error:
        raise RuntimeError(str(error)) from None


def finish_pending():
    """Waits for calls that nobody awaited: their effects belong to the task."""
    while _pending:
        call = next(iter(_pending))
        try:
            call.resolve()
        except TaskError:
            pass


def task(
    function=None,
    /,
    *,
    name=None,
    compute=None,
    ram=None,
    timeout=None,
    max_retries=None,
    allowed_files=None,
    allowed_hosts=None,
    env_variables=None,
    max_requests=None,
    max_download=None,
    max_upload=None,
):
    """Makes a function a task; used bare or with options. Values are checked by the host."""
    given = {
        "name": name,
        "compute": compute,
        "ram": ram,
        "timeout": timeout,
        "max_retries": max_retries,
        "allowed_files": _file_specs(allowed_files),
        "allowed_hosts": _listed(allowed_hosts),
        "env_variables": _listed(env_variables),
        "max_requests": max_requests,
        "max_download": max_download,
        "max_upload": max_upload,
    }
    config = {key: value for key, value in given.items() if value is not None}

    def decorate(function):
        if not callable(function):
            raise TypeError("@task is for functions, not for %r" % (function,))
        if isinstance(function, TaskFunction):
            function = function.function
        known = name if name is not None else function.__name__
        if not isinstance(known, str):
            raise TypeError("task name: %r is not a string" % (known,))
        for key, value in config.items():
            try:
                _device.encode(value)
            except (TypeError, ValueError, RecursionError):
                raise TypeError("task %r: %s: %r is not valid" % (known, key, value)) from None
        made = TaskFunction(function, known, config)
        registry[known] = made
        return made

    if function is None:
        return decorate
    if isinstance(function, str):
        raise TypeError('@task takes keyword arguments: write @task(name="%s")' % function)
    return decorate(function)


def _listed(values):
    return list(values) if isinstance(values, (tuple, set, frozenset)) else values


_MODES = {None: "", "rw": "", "read-write": "", "ro": ":ro", "read-only": ":ro"}


def _file_specs(entries):
    if not isinstance(entries, (list, tuple)):
        return entries
    specs = []
    for entry in entries:
        if isinstance(entry, dict):
            path, mode = entry.get("path"), entry.get("mode")
            if mode not in _MODES:
                raise ValueError(
                    "allowed_files: mode %r of path %r is not one of 'read-only', 'read-write'"
                    % (mode, path)
                )
            entry = "%s%s" % (path, _MODES[mode])
        specs.append(entry)
    return specs
