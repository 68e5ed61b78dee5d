"""The Capsule SDK inside the sandbox.

    from capsule import task

    @task(compute="LOW", ram="64MB", timeout="5s")
    def double(x):
        return 2 * x

Calling a task runs it in a sandbox of its own; see docs/python.md.
"""

from capsule._tasks import Envelope, PendingCall, TaskError, TaskFunction, task

__all__ = ["Envelope", "HostDenied", "PendingCall", "TaskError", "TaskFunction", "http", "task"]


def __getattr__(name):
    import sys

    if name == "http":
        __import__("capsule.http")
        return sys.modules["capsule.http"]
    if name == "HostDenied":
        __import__("capsule.http")
        return sys.modules["capsule.http"].HostDenied
    if name in ("run", "run_with_worker", "close_all"):
        raise AttributeError(
            "capsule.%s starts tasks from a program outside the sandbox; inside a task, call the "
            "task's function" % name
        )
    raise AttributeError("module 'capsule' has no attribute %r" % name)
