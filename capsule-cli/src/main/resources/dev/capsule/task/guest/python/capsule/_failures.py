"""What an exception means for the task's outcome: its kind, message and the guest's traceback."""

_DENIED = (2, 63, 69, 76)  # EACCES, EPERM, EROFS, ENOTCAPABLE of WASI
_NOT_FOUND = 44
_LIMIT = 64 * 1024
_LIBRARY = "/checkout/Lib/"  # in the names of the standard library's code


def describe(error, granted_files):
    """(kind, message, exception name, traceback) of an exception; None for a plain exit."""
    if isinstance(error, SystemExit):
        if error.code is None or error.code == 0:
            return None
        return "task_error", "exit: %s" % (error.code,), "SystemExit", ""
    if isinstance(error, MemoryError):
        return "out_of_memory", str(error) or "the task ran out of memory", "MemoryError", ""
    name = type(error).__qualname__
    module = type(error).__module__
    if module not in ("builtins", "__main__"):
        name = module + "." + name
    return _kind(error, granted_files), _message(error), name, _traceback(error)


def _message(error):
    try:
        return str(error)[:_LIMIT]
    except Exception as second:
        return "<%s while making the message>" % type(second).__name__


def _kind(error, granted_files):
    """host_denied and file_denied also when a library wrapped the refusal."""
    seen = []
    while isinstance(error, BaseException) and error not in seen and len(seen) < 20:
        seen.append(error)
        kind = getattr(error, "capsule_kind", None)
        if isinstance(kind, str):
            return kind
        if isinstance(error, OSError) and _is_refused_file(error, granted_files):
            return "file_denied"
        reason = getattr(error, "reason", None)
        if not isinstance(reason, BaseException):
            reason = error.__cause__
        if reason is None and not error.__suppress_context__:
            reason = error.__context__
        error = reason
    return "task_error"


def _is_refused_file(error, granted_files):
    path = error.filename
    if not isinstance(path, (str, bytes)):
        return False
    if error.errno in _DENIED:
        return True
    if error.errno != _NOT_FOUND:
        return False
    import os

    path = os.path.normpath(os.path.join("/", os.fsdecode(path)))
    for folder in granted_files:
        if folder == "/" or path == folder or path.startswith(folder.rstrip("/") + "/"):
            return False
    return True


def _traceback(error):
    """The traceback without the SDK's own frames."""
    try:
        import traceback

        whole = traceback.TracebackException.from_exception(error, limit=-100)
        _without_own_frames(whole, 0)
        return "".join(whole.format())[:_LIMIT]
    except Exception:
        return ""


def _without_own_frames(trace, depth):
    """Drops the SDK's frames, and the library's that lead from it to the first of the guest's."""
    if trace is None or depth > 20:
        return
    kept = [f for f in trace.stack if not f.filename.startswith(("<capsule", "<frozen"))]
    guest = [place for place, f in enumerate(kept) if _LIBRARY not in f.filename]
    kept = kept[guest[0] :] if guest else kept
    for frame in kept:
        frame.filename = frame.filename.rpartition(_LIBRARY)[2]
    trace.stack[:] = kept
    _without_own_frames(trace.__cause__, depth + 1)
    _without_own_frames(trace.__context__, depth + 1)
    for inner in trace.exceptions or ():
        _without_own_frames(inner, depth + 1)
