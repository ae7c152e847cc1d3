"""Ports on loopback: free ones found, and the holder of a taken one named."""

import contextlib
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from uem.problem import Problem
from uem.stack import process

FIXED = {  # in the order in which the stack is drained
    "gateway": 8400,
    "org": 8401,
    "plans": 8402,
    "guarantee": 8403,
    "analytics": 8404,
    "nats": 8422,
    "postgres": 8432,
}
LISTEN = "0A"  # TCP_LISTEN in /proc/net/tcp


def free(count: int) -> list[int]:
    """Return `count` different ports that nothing listens on at this moment."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]


def automatic(names: Sequence[str]) -> dict[str, int]:
    """Return a free port for each name."""
    return dict(zip(names, free(len(names)), strict=True))


def is_free(port: int) -> bool:
    """Whether a server could listen on the port now."""
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def expect_free(port: int, wanted_for: str) -> None:
    """Raise `Problem`, naming the holder, when a server could not listen on the port."""
    if process.wait_until(lambda: is_free(port), 1.0):  # a server just stopped lets go in a moment
        return
    raise Problem(
        f"port {port}, wanted for {wanted_for}, is taken by {holder(port)}",
        remedy="stop that program, or choose other ports: uem up --ports auto",
    )


def holder(port: int) -> str:
    """Return "pid N (command line)" of who listens on the port, as far as we may see it."""
    inodes = _listening_inodes(port)
    for folder in Path("/proc").glob("[0-9]*/fd") if sys.platform == "linux" else ():
        with contextlib.suppress(OSError):
            if any(_socket_inode(descriptor) in inodes for descriptor in folder.iterdir()):
                pid = int(folder.parent.name)
                return f"pid {pid} ({process.title(pid)})"
    return "another program"


def _listening_inodes(port: int) -> set[str]:
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(table).read_text(encoding="ascii").splitlines()[1:]:
                fields = line.split()
                if fields[3] == LISTEN and int(fields[1].rpartition(":")[2], 16) == port:
                    inodes.add(fields[9])
    return inodes


def _socket_inode(descriptor: Path) -> str | None:
    try:
        target = str(descriptor.readlink())
    except OSError:
        return None
    return target[8:-1] if target.startswith("socket:[") else None
