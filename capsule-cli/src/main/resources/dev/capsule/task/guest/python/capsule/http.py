"""HTTP through the host, to the hosts that the task was granted.

Synchronous: get, post, put, patch, delete, head. The same names in `aio` are awaitable, so that
several requests run at once: `await asyncio.gather(http.aio.get(a), http.aio.get(b))`.
"""

import binascii

from capsule import _device, _runner


class HttpError(OSError):
    """The request could not be carried out (name not found, refused, broken off, budget used up)."""


class HostDenied(PermissionError):
    """The task's policy does not allow the request; the message names the host and the rule."""

    capsule_kind = "host_denied"


class HttpTimeout(HttpError, TimeoutError):
    """No answer in time."""


class Headers(dict):
    """Header names in any case; a repeated header is joined by commas, all values in `pairs`."""

    def __init__(self, pairs):
        super().__init__()
        self.pairs = [(name, value) for name, value in pairs]
        self._lower = {}
        for name, value in self.pairs:
            known = self._lower.setdefault(name.lower(), name)
            before = dict.get(self, known)
            dict.__setitem__(self, known, value if before is None else before + ", " + value)

    def __getitem__(self, name):
        return dict.__getitem__(self, self._lower.get(name.lower(), name))

    def __contains__(self, name):
        return isinstance(name, str) and name.lower() in self._lower

    def get(self, name, default=None):
        return self[name] if name in self else default


class Response:
    """`status_code`, `headers`, `content` (bytes), `text`, `url`, `json()`, `ok()`."""

    def __init__(self, value):
        self.status_code = value["status"]
        self.headers = Headers(value["headers"])
        self.content = binascii.a2b_base64(value["body"])
        self.url = value["url"]

    @property
    def text(self):
        charset = "utf-8"
        for part in self.headers.get("content-type", "").split(";")[1:]:
            name, _, value = part.strip().partition("=")
            if name.lower() == "charset":
                charset = value.strip("\"' ")
        try:
            return self.content.decode(charset, "replace")
        except LookupError:
            return self.content.decode("utf-8", "replace")

    def json(self):
        import json

        return json.loads(self.content)

    def ok(self):
        return 200 <= self.status_code <= 299

    def __repr__(self):
        return "<Response %d>" % self.status_code


def start(method, url, headers, body, timeout=None, redirect="follow"):
    """Starts a request and returns the operation's number (for the SDK's own modules)."""
    if _runner.device.loading:
        raise RuntimeError("HTTP is not available while the task's file is being loaded")
    message = {
        "op": "http",
        "method": method,
        "url": str(url),
        "headers": [[str(name), str(value)] for name, value in headers],
        "body": binascii.b2a_base64(body, newline=False).decode() if body is not None else None,
        "redirect": redirect,
    }
    if timeout is not None:
        message["timeout_ms"] = timeout * 1000
    try:
        return _runner.device.start(message)
    except _device.HostError as error:
        raise _exception(error) from None


def finish(number):
    """Blocks until a started request has its answer."""
    try:
        return _runner.device.finish(number)
    except _device.HostError as error:
        raise _exception(error) from None


def _exception(error):
    if error.kind == "host_denied":
        return HostDenied(str(error))
    if error.kind == "timeout":
        return HttpTimeout(str(error))
    return HttpError(str(error))


def _prepare(body, json_data, headers):
    headers = dict(headers or {})
    if json_data is not None:
        import json

        body = json.dumps(json_data)
        if not any(name.lower() == "content-type" for name in headers):
            headers["Content-Type"] = "application/json"
    if isinstance(body, str):
        body = body.encode()
    elif body is not None:
        body = bytes(body)
    return headers.items(), body


def request(method, url, body=None, json_data=None, headers=None, timeout=None):
    """Any method; `timeout` in seconds."""
    pairs, data = _prepare(body, json_data, headers)
    return Response(finish(start(method, url, pairs, data, timeout)))


def get(url, headers=None, timeout=None):
    return request("GET", url, headers=headers, timeout=timeout)


def delete(url, headers=None, timeout=None):
    return request("DELETE", url, headers=headers, timeout=timeout)


def head(url, headers=None, timeout=None):
    return request("HEAD", url, headers=headers, timeout=timeout)


def post(url, body=None, json_data=None, headers=None, timeout=None):
    return request("POST", url, body, json_data, headers, timeout)


def put(url, body=None, json_data=None, headers=None, timeout=None):
    return request("PUT", url, body, json_data, headers, timeout)


def patch(url, body=None, json_data=None, headers=None, timeout=None):
    return request("PATCH", url, body, json_data, headers, timeout)


class aio:
    """The same functions, awaitable."""

    @staticmethod
    async def request(method, url, body=None, json_data=None, headers=None, timeout=None):
        from capsule import _tasks

        pairs, data = _prepare(body, json_data, headers)
        number = start(method, url, pairs, data, timeout)
        try:
            return Response(await _tasks.Operation(number))
        except _device.HostError as error:
            raise _exception(error) from None

    @staticmethod
    async def get(url, headers=None, timeout=None):
        return await aio.request("GET", url, headers=headers, timeout=timeout)

    @staticmethod
    async def delete(url, headers=None, timeout=None):
        return await aio.request("DELETE", url, headers=headers, timeout=timeout)

    @staticmethod
    async def head(url, headers=None, timeout=None):
        return await aio.request("HEAD", url, headers=headers, timeout=timeout)

    @staticmethod
    async def post(url, body=None, json_data=None, headers=None, timeout=None):
        return await aio.request("POST", url, body, json_data, headers, timeout)

    @staticmethod
    async def put(url, body=None, json_data=None, headers=None, timeout=None):
        return await aio.request("PUT", url, body, json_data, headers, timeout)

    @staticmethod
    async def patch(url, body=None, json_data=None, headers=None, timeout=None):
        return await aio.request("PATCH", url, body, json_data, headers, timeout)
