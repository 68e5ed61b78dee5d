"""The guest's only way to the host: requests and answers over the device file.

Needs nothing but built-in modules, because it is loaded before any task and every import costs
start-up time. The protocol is described in docs/guest-protocol.md.
"""

import _json
import posix


def _refuse(value):
    raise TypeError(type(value).__name__)


def _refuse_constant(name):
    raise ValueError(name)


class _Decoding:
    strict = True
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = staticmethod(_refuse_constant)
    memo = {}


_scan = _json.make_scanner(_Decoding)


def decode(text):
    """Parses JSON text that the host wrote (no blanks around the value)."""
    return _scan(text, 0)[0]


def encode(value):
    """JSON text of a value; TypeError, ValueError or RecursionError if it has none."""
    encoder = _json.make_encoder(
        {}, _refuse, _json.encode_basestring_ascii, None, ":", ",", False, False, False
    )
    return "".join(encoder(value, 0))


class HostError(Exception):
    """The host refused a request or could not carry it out.

    `kind` is the host's name of the reason (for instance host_denied, network, timeout, cancelled).
    """

    def __init__(self, error):
        super().__init__(error.get("message") or error.get("type") or "host error")
        self.kind = error.get("type", "host_error")
        self.details = error


class Device:
    """Frames over the open device file, and the operations that are under way."""

    def __init__(self, path, fd):
        self._path = path
        self._fd = fd
        self._arrived = {}
        self.loading = False
        self.loop_sleep = None

    def reopen(self):
        """Opens the device anew: nothing but the standard streams is open in between."""
        posix.close(self._fd)
        self._fd = posix.open(self._path, posix.O_RDWR)

    def request(self, message):
        """Sends a request and returns the host's answer; HostError if it refused."""
        self.send(message)
        answer = decode(str(self._receive(), "utf-8"))
        if type(answer) is dict and "error" in answer:
            raise HostError(answer["error"])
        return answer

    def send(self, message):
        data = message if type(message) is bytes else encode(message).encode()
        data = memoryview(len(data).to_bytes(4, "little") + data)
        while data:
            data = data[posix.write(self._fd, data) :]

    def _receive(self):
        count = int.from_bytes(self._take(4), "little")
        return self._take(count)

    def _take(self, count):
        data = posix.read(self._fd, count)
        if len(data) == count:
            return data
        parts = [data]
        missing = count - len(data)
        while missing:
            if not data:
                posix._exit(70)
            data = posix.read(self._fd, missing)
            parts.append(data)
            missing -= len(data)
        return b"".join(parts)

    def start(self, message):
        """Starts an operation that takes time and returns its number."""
        return self.request(message)["id"]

    def poll(self, numbers, seconds):
        """Waits until one of the operations has ended or the time is over (None: no limit).

        What ended is kept until `take` asks for it; returns the numbers of what is ready.
        """
        ready = [number for number in numbers if number in self._arrived]
        if ready:
            return ready
        message = {"op": "wait", "ids": list(numbers)}
        if seconds is not None:
            message["timeout_ms"] = seconds * 1000
        for done in self.request(message)["done"]:
            self._arrived[done["id"]] = done
            ready.append(done["id"])
        return ready

    def take(self, number):
        """The value of an ended operation; HostError if it failed."""
        done = self._arrived.pop(number)
        if "error" in done:
            raise HostError(done["error"])
        return done.get("value")

    def finish(self, number):
        """Blocks until the operation has ended and returns its value."""
        while number not in self._arrived:
            self.poll((number,), None)
        return self.take(number)

    def cancel(self, number):
        """Gives an operation up: its answer will never be asked for."""
        if self._arrived.pop(number, None) is None:
            self.request({"op": "cancel", "ids": [number]})
