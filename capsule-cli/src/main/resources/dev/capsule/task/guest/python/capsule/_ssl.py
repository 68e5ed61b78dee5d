"""Stands in for the ssl module: the host encrypts and checks certificates."""

import enum
import sys

OPENSSL_VERSION = "host TLS"
OPENSSL_VERSION_NUMBER = 0x30000000
OPENSSL_VERSION_INFO = (3, 0, 0, 0, 0)
HAS_SNI = HAS_ALPN = HAS_TLSv1_2 = HAS_TLSv1_3 = True
HAS_NPN = HAS_SSLv2 = HAS_SSLv3 = HAS_TLSv1 = HAS_TLSv1_1 = False
HAS_NEVER_CHECK_COMMON_NAME = True
OP_ALL = OP_NO_SSLv2 = OP_NO_SSLv3 = OP_NO_TLSv1 = OP_NO_TLSv1_1 = OP_NO_COMPRESSION = 0
OP_NO_TICKET = OP_NO_RENEGOTIATION = OP_SINGLE_DH_USE = OP_SINGLE_ECDH_USE = 0
VERIFY_X509_STRICT = VERIFY_X509_PARTIAL_CHAIN = VERIFY_DEFAULT = 0
PROTOCOL_TLS = PROTOCOL_SSLv23 = 2
PROTOCOL_TLS_CLIENT = 16
PROTOCOL_TLS_SERVER = 17


class VerifyMode(enum.IntEnum):
    CERT_NONE = 0
    CERT_OPTIONAL = 1
    CERT_REQUIRED = 2


class TLSVersion(enum.IntEnum):
    MINIMUM_SUPPORTED = -2
    TLSv1_2 = 771
    TLSv1_3 = 772
    MAXIMUM_SUPPORTED = -1


class Purpose(enum.Enum):
    SERVER_AUTH = 1
    CLIENT_AUTH = 2


CERT_NONE, CERT_OPTIONAL, CERT_REQUIRED = VerifyMode


class SSLError(OSError):
    pass


class SSLZeroReturnError(SSLError):
    pass


class SSLWantReadError(SSLError):
    pass


class SSLWantWriteError(SSLError):
    pass


class SSLSyscallError(SSLError):
    pass


class SSLEOFError(SSLError):
    pass


class SSLCertVerificationError(SSLError, ValueError):
    pass


CertificateError = SSLCertVerificationError


class SSLContext:
    """Accepts the usual settings. The host always verifies, whatever is set here."""

    def __init__(self, protocol=PROTOCOL_TLS):
        self.protocol = protocol
        self.verify_mode = CERT_REQUIRED
        self.check_hostname = True
        self.options = 0
        self.verify_flags = 0
        self.minimum_version = TLSVersion.TLSv1_2
        self.maximum_version = TLSVersion.MAXIMUM_SUPPORTED
        self.post_handshake_auth = None
        self.keylog_filename = None

    def _accept(self, *args, **kwargs):
        pass

    load_cert_chain = load_verify_locations = load_default_certs = set_ciphers = _accept
    set_alpn_protocols = set_default_verify_paths = set_ecdh_curve = _accept

    def get_ca_certs(self, binary_form=False):
        return []

    def cert_store_stats(self):
        return {"x509": 0, "crl": 0, "x509_ca": 0}

    def wrap_socket(self, sock, server_side=False, *args, **kwargs):
        if server_side:
            raise SSLError("servers are not available in a sandbox")
        sock.tls = True
        return sock


def create_default_context(purpose=Purpose.SERVER_AUTH, *, cafile=None, capath=None, cadata=None):
    return SSLContext(PROTOCOL_TLS_CLIENT)


_create_default_https_context = create_default_context


def _create_unverified_context(*args, **kwargs):
    return SSLContext(PROTOCOL_TLS_CLIENT)


def wrap_socket(sock, *args, **kwargs):
    return SSLContext().wrap_socket(sock)


def match_hostname(cert, hostname):
    pass


def get_default_verify_paths():
    return None


def RAND_bytes(count):
    import os

    return os.urandom(count)


def __getattr__(name):
    if name == "SSLSocket":
        return sys.modules["capsule._sockets"].CapsuleSocket
    raise AttributeError("module 'ssl' has no attribute %r in a sandbox" % name)
