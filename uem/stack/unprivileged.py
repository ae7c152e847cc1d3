"""Runs a program that refuses to be root: `python unprivileged.py MODE PROGRAM ARGUMENT…`.

Standard library only: it is executed as a file, in an interpreter without site packages, and
replaces itself by the program, so that the pid stays and no thread of the caller is forked.
"""

import ctypes
import os
import sys
from pathlib import Path

NOBODY = 65534
CLONE_NEWUSER = 0x10000000


def enter_user_namespace() -> None:
    """This process sees itself as nobody, while its files stay owned by root outside."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare(CLONE_NEWUSER)")
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{NOBODY} 0 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{NOBODY} 0 1", encoding="ascii")


def become_nobody() -> None:
    """This process runs as nobody; what it needs to read must be readable by nobody."""
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


ENTRANCES = {"namespace": enter_user_namespace, "nobody": become_nobody}


def main() -> None:
    """The program named on the command line runs in place of this one."""
    mode, program, *arguments = sys.argv[1:]
    ENTRANCES[mode]()
    os.execv(program, [program, *arguments])


if __name__ == "__main__":
    main()
