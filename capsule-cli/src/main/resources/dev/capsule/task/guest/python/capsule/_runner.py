"""Takes one job from the host, runs it and reports the outcome."""

import posix
import sys

from capsule import _device

sources = None
device = None
entry = None
granted_files = ()


def serve(the_device, modules):
    """Serves one job; never returns."""
    global device, sources
    device = the_device
    sources = modules.install(the_device)
    sys.stdout.reconfigure(line_buffering=True, errors="backslashreplace")
    sys.stderr.reconfigure(errors="backslashreplace")
    __import__("capsule")
    # The first compilation makes the types of syntax trees, which takes 44 million instructions.
    compile("0", "<capsule>", "eval")
    # Here the host may have kept an interpreter, to go on with it in the place of a new one.
    device.reopen()
    for name in device.request({"op": "preload"}):
        try:
            __import__(name)
        except Exception:
            pass  # The program meets it again and hears of it then.
    job = device.request({"op": "next"})
    # From here on the user's fuel and time are counted.
    reply = _guarded(job)
    _leave()
    device.send(reply)
    posix._exit(0)


def _guarded(job):
    try:
        _enter(job)
        if job["job"] == "collect":
            return _collect(job)
        return _run(job)
    except BaseException as error:
        return _failed(error)


def _enter(job):
    """Applies what differs from task to task to an interpreter that may have been resumed."""
    global granted_files
    environment = job["env"]
    posix.environ.clear()
    for name, value in environment.items():
        posix.environ[name.encode()] = value.encode()
    os = sys.modules.get("os")
    if os is not None:
        for name in list(os.environ):
            del os.environ[name]
        os.environ.update(environment)
    random = sys.modules.get("random")
    if random is not None:
        random.seed()
    granted_files = tuple(job["files"])
    sys.argv = [job["entry"]["path"], *job["argv"]]
    sources.top_level = frozenset(job["modules"])
    sources.namespaces = frozenset(job["namespaces"])


def _load(job):
    """Loads the user's file as a module named like the file."""
    global entry
    name = job["entry"]["module"]
    module = type(sys)(name)
    module.__file__ = job["entry"]["path"]
    module.__loader__ = sources
    sys.modules[name] = entry = module
    sources.texts[name] = source = job["entry"]["source"]
    code = compile(source, module.__file__, "exec", dont_inherit=True)
    device.loading = True
    try:
        exec(code, module.__dict__)
    finally:
        device.loading = False
    return module


def _registry():
    tasks = sys.modules.get("capsule._tasks")
    return tasks.registry if tasks is not None else {}


def _collect(job):
    before = set(sys.modules)
    module = _load(job)
    modules = _standard(set(sys.modules) - before)
    tasks = [_declared(name, task.function, task.config) for name, task in _registry().items()]
    main = getattr(module, "main", None)
    if "main" not in _registry() and callable(main) and not hasattr(main, "config"):
        tasks.append({**_declared("main", main, {}), "implicit": True})
    return _done({"tasks": tasks, "modules": modules})


def _standard(names):
    """The names of standard modules, in the order of their import. None if the program has modules of
    its own by standard names: which one an import finds must not depend on what came before."""
    if not sources.top_level.isdisjoint(sys.stdlib_module_names):
        return []
    return [
        name
        for name in sys.modules
        if name in names and name.partition(".")[0] in {"capsule", *sys.stdlib_module_names}
    ]


def _declared(name, function, config):
    import inspect

    code = getattr(function, "__code__", None)
    try:
        parameters = str(inspect.signature(function))
    except (TypeError, ValueError):
        parameters = "(...)"
    return {
        "name": name,
        "config": config,
        "function": getattr(function, "__qualname__", type(function).__qualname__) + parameters,
        "file": code.co_filename if code else "",
        "line": code.co_firstlineno if code else 0,
        "implicit": False,
    }


def _choose(name, module):
    """The function to run: the task of that name; for main also an undecorated main() or the first
    task."""
    registry = _registry()
    task = registry.get(name)
    if task is not None:
        return task.function
    if name == "main":
        function = getattr(module, "main", None)
        if callable(function):
            return getattr(function, "function", function)
        for task in registry.values():
            return task.function
        raise LookupError(
            "%s has no tasks: decorate a function with @task, or define main()" % module.__file__
        )
    raise LookupError("no task named %r; tasks: %s" % (name, ", ".join(registry) or "none"))


def _run(job):
    module = _load(job)
    function = _choose(job["task"], module)
    result = function(*job["args"], **job["kwargs"])
    if hasattr(result, "__await__") and not isinstance(result, dict):
        result = _complete(result)
    if isinstance(result, dict) and hasattr(result, "resolve"):
        result = result.resolve()
    tasks = sys.modules.get("capsule._tasks")
    if tasks is not None:
        tasks.finish_pending()
    return _done(result)


def _complete(awaitable):
    """Runs a coroutine to its end, by asyncio only if the program uses it (its import is slow)."""
    if "asyncio" in sys.modules or any("asyncio" in text for text in sources.texts.values()):
        import asyncio

        async def whole():
            return await awaitable

        return asyncio.run(awaitable if asyncio.iscoroutine(awaitable) else whole())
    steps = awaitable.__await__()
    send, value = steps.send, None
    while True:
        try:
            operation = send(value)
        except StopIteration as stop:
            return stop.value
        if not hasattr(operation, "capsule_operation"):
            error = RuntimeError("an event loop is needed here: import asyncio in the task's file")
            send, value = steps.throw, error
            continue
        device.poll((operation.capsule_operation,), None)
        send, value = steps.send, None


def _done(result):
    try:
        text = _device.encode(result)
    except (TypeError, ValueError, RecursionError):
        from capsule import _values

        return _error_reply("invalid_result", _values.problem(result, "result"))
    # The result's text was checked as a whole: no second pass over a large value.
    return b'{"op":"done","result":' + text.encode() + b"}"


def _error_reply(kind, message, exception="", traceback=""):
    error = {"type": kind, "message": message, "exception": exception, "traceback": traceback}
    return _device.encode({"op": "done", "error": error}).encode()


def _failed(error):
    try:
        from capsule import _failures

        failure = _failures.describe(error, granted_files)
        if failure is None:
            return _done(None)
        return _error_reply(*failure)
    except MemoryError:
        return _error_reply("out_of_memory", "the task ran out of memory", "MemoryError")


def _leave():
    """Runs exit handlers and writes what is still buffered."""
    for step in (_exit_handlers, sys.stdout.flush, sys.stderr.flush):
        try:
            step()
        except BaseException:
            pass


def _exit_handlers():
    import atexit

    atexit._run_exitfuncs()
