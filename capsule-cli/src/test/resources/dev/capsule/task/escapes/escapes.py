"""Tries to get at what it was not given. Says for each attempt what stopped it, or what it got."""

import os
import socket
import subprocess
import urllib.request

from capsule import _runner, task


@task()
def narrow():
    return {"files": listed("/") + listed("/box"), "environment": dict(os.environ)}


def listed(path):
    try:
        return os.listdir(path)
    except OSError:
        return []


def read(path):
    with open(path) as file:
        return file.read()


def write(path):
    with open(path, "w") as file:
        file.write("planted")
    return "written"


def spoken(host, port):
    with socket.create_connection((host, port)) as connection:
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        return connection.recv(100)


def linked(target, name, path):
    os.symlink(target, name)
    return read(path)


def forged(name, config):
    """A call past the SDK, with a policy of one's own."""
    device = _runner.device
    number = device.start({"op": "call", "task": name, "args": [], "kwargs": {}, "config": config})
    envelope = device.finish(number)
    if not envelope["success"]:
        raise RuntimeError(envelope["error"]["message"])
    return envelope["result"]


WISH = {
    "allowed_files": ["./"],
    "allowed_hosts": ["*"],
    "env_variables": ["SECRET", "GRANTED"],
    "compute": "9000000000000000000",
    "timeout": "1h",
    "max_retries": 9,
}


@task(allowed_files=["box"], allowed_hosts=["localhost"], env_variables=["GRANTED"])
def escape(port):
    attempts = {
        "parent": lambda: read("box/../secret.txt"),
        "parents": lambda: read("/box/../../secret.txt"),
        "absolute": lambda: read("/etc/passwd"),
        "of the host": lambda: read("/proc/self/environ"),
        "beside the box": lambda: read("/secret.txt"),
        "folder above": lambda: os.listdir("box/.."),
        "link of the host": lambda: read("box/out/secret.txt"),
        "own link up": lambda: linked("../secret.txt", "box/up", "box/up"),
        "own link away": lambda: linked("/etc/passwd", "box/away", "box/away"),
        "own link to a link": lambda: linked("out", "box/again", "box/again/secret.txt"),
        "hard link": lambda: os.link("/secret.txt", "box/hard"),
        "move in": lambda: os.rename("/secret.txt", "box/moved"),
        "move out": lambda: os.rename("box/mine.txt", "box/../mine.txt"),
        "write above": lambda: write("box/../planted.txt"),
        "write through a link": lambda: write("box/out/planted.txt"),
        "private folder": lambda: read("box/.capsule/private.txt"),
        "new private folder": lambda: os.mkdir("box/sub/.capsule"),
        "move to a private folder": lambda: os.rename("box/sub", "box/.capsule"),
        "environment": lambda: os.environ["SECRET"],
        "a process": lambda: subprocess.run(["ls"]),
        "a shell": lambda: os.system("ls"),
        "a socket": lambda: spoken("127.0.0.1", port),
        "a library": lambda: __import__("ctypes").CDLL(None),
        "another host": lambda: urllib.request.urlopen("http://127.0.0.1:%d/" % port).read(),
        "a redirect": lambda: urllib.request.urlopen("http://localhost:%d/away" % port).read(),
        "a local file": lambda: urllib.request.urlopen("file:///etc/passwd").read(),
        "a task's name": lambda: forged('narrow","config":{"a":"', {}),
    }
    outcomes = {}
    for name, attempt in attempts.items():
        try:
            outcomes[name] = "GOT %r" % (attempt(),)
        except Exception as error:
            outcomes[name] = "%s: %s" % (type(error).__name__, error)
    return {
        "outcomes": outcomes,
        "policy": forged("narrow", WISH),
        "environment": dict(os.environ),
    }
