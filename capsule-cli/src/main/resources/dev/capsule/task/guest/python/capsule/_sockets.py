"""Sockets that carry HTTP/1.1 to the host, so that urllib, http.client and what is built on them
work. A socket collects one request, hands it to the host and plays back the answer."""

import io
import sys

from capsule import http as _http


class CapsuleSocket:
    """A client socket for HTTP; everything else fails with an error that says so."""

    def __init__(self, family=-1, type=-1, proto=-1, fileno=None):
        module = sys.modules["socket"]
        self.family = module.AF_INET if family == -1 else family
        self.type = module.SOCK_STREAM if type == -1 else type
        self.proto = 0 if proto == -1 else proto
        if self.type != module.SOCK_STREAM:
            raise OSError("only HTTP over stream sockets is available in a sandbox")
        self.tls = False
        self._timeout = None
        self._address = None
        self._sent = bytearray()
        self._answer = io.BytesIO()
        self._closed = False

    def connect(self, address):
        self._address = address

    def connect_ex(self, address):
        self.connect(address)
        return 0

    def settimeout(self, seconds):
        self._timeout = seconds

    def gettimeout(self):
        return self._timeout

    def setblocking(self, flag):
        self._timeout = None if flag else 0.0

    def getpeername(self):
        if self._address is None:
            raise OSError(53, "Socket is not connected")
        return self._address

    def getsockname(self):
        return ("127.0.0.1", 0)

    def setsockopt(self, *args):
        pass

    def getsockopt(self, *args):
        return 0

    def fileno(self):
        return -1 if self._closed else 1000

    def shutdown(self, how):
        pass

    def close(self):
        self._closed = True

    detach = close

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.close()

    def send(self, data, flags=0):
        self.sendall(data)
        return len(data)

    def sendall(self, data, flags=0):
        if self._address is None:
            raise OSError(53, "Socket is not connected")
        self._sent += data
        request = _complete_request(self._sent)
        if request is not None:
            self._sent.clear()
            self._exchange(*request)

    def _exchange(self, method, target, headers, body):
        host, port = self._address[0], self._address[1]
        names = {name.lower(): value for name, value in headers}
        scheme = "https" if self.tls or port == 443 else "http"
        if target.lower().startswith(("http://", "https://")):
            url = target
        else:
            authority = names.get("host") or _authority(host, port, scheme)
            if _host_of(authority) != _host_of(_authority(host, port, scheme)):
                authority = _authority(host, port, scheme)
            url = "%s://%s%s" % (scheme, authority, target)
        kept = [(n, v) for n, v in headers if n.lower() not in _PER_CONNECTION]
        number = _http.start(method, url, kept, body, self._timeout or None, "manual")
        self._answer = io.BytesIO(_answer_bytes(method, _http.finish(number)))

    def recv(self, size, flags=0):
        peek = flags & 2
        place = self._answer.tell()
        data = self._answer.read(size)
        if peek:
            self._answer.seek(place)
        return data

    def recv_into(self, buffer, nbytes=0, flags=0):
        data = self.recv(nbytes or len(buffer), flags)
        buffer[: len(data)] = data
        return len(data)

    def makefile(self, mode="r", buffering=None, *, encoding=None, errors=None, newline=None):
        raw = _File(self)
        if "b" in mode:
            return io.BufferedReader(raw) if "r" in mode and "w" not in mode else raw
        return io.TextIOWrapper(io.BufferedReader(raw), encoding, errors, newline)

    def unwrap(self):
        return self

    def version(self):
        return "TLSv1.3"

    def cipher(self):
        return ("TLS_AES_256_GCM_SHA384", "TLSv1.3", 256)

    def selected_alpn_protocol(self):
        return None

    def getpeercert(self, binary_form=False):
        # The host checks certificates; there is none to show here.
        return b"" if binary_form else {}

    def do_handshake(self):
        pass

    def bind(self, address):
        raise OSError("servers are not available in a sandbox")

    listen = accept = sendto = recvfrom = bind


class _File(io.RawIOBase):
    def __init__(self, sock):
        self._sock = sock

    def readable(self):
        return True

    def writable(self):
        return True

    def readinto(self, buffer):
        return self._sock.recv_into(buffer)

    def write(self, data):
        self._sock.sendall(data)
        return len(data)


# Headers that belong to the connection, which is the host's.
_PER_CONNECTION = {"host", "connection", "content-length", "transfer-encoding", "proxy-connection"}
_REPLACED = {"connection", "content-length", "transfer-encoding", "content-encoding", "keep-alive"}


def _authority(host, port, scheme):
    if ":" in host and not host.startswith("["):
        host = "[%s]" % host
    if port == (443 if scheme == "https" else 80):
        return host
    return "%s:%d" % (host, port)


def _host_of(authority):
    if authority.startswith("["):
        return authority[: authority.index("]") + 1].lower()
    return authority.partition(":")[0].lower()


def _complete_request(sent):
    """(method, target, headers, body) once the bytes are a whole request, else None."""
    end = sent.find(b"\r\n\r\n")
    if end < 0:
        return None
    lines = sent[:end].decode("latin-1").split("\r\n")
    parts = lines[0].split(" ")
    if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
        raise OSError("only HTTP/1.1 is available in a sandbox")
    headers = []
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon:
            raise OSError("malformed HTTP header: %r" % line)
        headers.append((name, value.strip()))
    names = {name.lower(): value for name, value in headers}
    rest = sent[end + 4 :]
    if "chunked" in names.get("transfer-encoding", "").lower():
        body = _joined_chunks(rest)
        if body is None:
            return None
    else:
        length = int(names.get("content-length", "0"))
        if len(rest) < length:
            return None
        body = bytes(rest[:length]) if "content-length" in names else None
    return parts[0], parts[1], headers, body


def _joined_chunks(data):
    parts, place = [], 0
    while True:
        end = data.find(b"\r\n", place)
        if end < 0:
            return None
        size = int(bytes(data[place:end]).split(b";")[0], 16)
        if size == 0:
            return b"".join(parts)
        if len(data) < end + 2 + size + 2:
            return None
        parts.append(bytes(data[end + 2 : end + 2 + size]))
        place = end + 2 + size + 2


def _answer_bytes(method, value):
    import binascii

    client = sys.modules.get("http.client")
    status = value["status"]
    reason = client.responses.get(status, "") if client is not None else ""
    body = binascii.a2b_base64(value["body"])
    lines = ["HTTP/1.1 %d %s" % (status, reason)]
    for name, content in value["headers"]:
        # Without a body, its length is information; with one, the bytes here decide.
        if name.lower() not in _REPLACED or (method == "HEAD" and name.lower() == "content-length"):
            lines.append("%s: %s" % (name, content.replace("\r", " ").replace("\n", " ")))
    if method != "HEAD":
        lines.append("Content-Length: %d" % len(body))
    lines.append("Connection: close")
    return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + body


def _create_connection(address, timeout=None, source_address=None, *, all_errors=False):
    sock = CapsuleSocket()
    if isinstance(timeout, (int, float)):
        sock.settimeout(timeout)
    sock.connect(address)
    return sock


def _getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
    module = sys.modules["socket"]
    name = host.decode() if isinstance(host, bytes) else host or "127.0.0.1"
    services = {"http": 80, "https": 443, None: 0}
    number = services[port] if port in services else int(port)
    return [(module.AF_INET, module.SOCK_STREAM, 6, "", (name, number))]


def install(module):
    """Makes the socket module's functions the host's."""
    constants = {
        "AF_INET": 1, "AF_INET6": 2, "AF_UNSPEC": 0, "SOCK_STREAM": 6, "SOCK_DGRAM": 5,
        "SOL_SOCKET": 0x7FFFFFFF, "SO_KEEPALIVE": 9, "SO_REUSEADDR": 2, "SO_ERROR": 4,
        "IPPROTO_TCP": 6, "TCP_NODELAY": 1, "SHUT_RD": 1, "SHUT_WR": 2, "SHUT_RDWR": 3,
        "MSG_PEEK": 2, "AI_PASSIVE": 1, "AI_NUMERICHOST": 4, "NI_NUMERICHOST": 1, "SOMAXCONN": 128,
    }  # fmt: skip
    for name, value in constants.items():
        if not hasattr(module, name):
            setattr(module, name, value)
    for name in ("gaierror", "herror"):
        if not hasattr(module, name):
            setattr(module, name, type(name, (OSError,), {"__module__": "socket"}))
    module.socket = module.SocketType = CapsuleSocket
    module.create_connection = _create_connection
    module.getaddrinfo = _getaddrinfo
    module.gethostname = lambda: "capsule"
    module.getfqdn = lambda name="": name or "capsule"
    module.gethostbyname = lambda name: name
    module.has_ipv6 = False
    if not hasattr(module, "_GLOBAL_DEFAULT_TIMEOUT"):
        module._GLOBAL_DEFAULT_TIMEOUT = object()
    for name in ("setdefaulttimeout", "getdefaulttimeout"):
        if not hasattr(module, name):
            setattr(module, name, lambda seconds=None: None)


def install_select(module):
    """A socket's answer is there as soon as its request was sent."""
    module.select = lambda reads, writes, errors, timeout=None: (list(reads), list(writes), [])


def install_selectors(module):
    class HostSelector(module._BaseSelectorImpl):
        def select(self, timeout=None):
            return [(key, key.events) for key in self.get_map().values()]

    module.DefaultSelector = HostSelector
