"""Chooses how a program that refuses root is started here, and prepares its folder for that."""

import enum
import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from uem.problem import Problem
from uem.stack import unprivileged


class Mode(enum.StrEnum):
    """How the program runs: as we are, inside a user namespace, or as the user nobody."""

    PLAIN = "plain"
    NAMESPACE = "namespace"
    NOBODY = "nobody"


@functools.cache
def mode() -> Mode:
    """Return how to run PostgreSQL here: root may not, so a user namespace, else nobody."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return Mode.PLAIN
    for candidate in (Mode.NAMESPACE, Mode.NOBODY):
        if _works(candidate):
            return candidate
    raise Problem(
        "PostgreSQL may not run as root, and neither a user namespace nor the user nobody "
        "can be entered here",
        remedy="run as an ordinary user, or give UEM_POSTGRES_URL of a server you run yourself",
    )


def wrap(argv: Sequence[str], chosen: Mode) -> list[str]:
    """Return the command line that runs `argv` in the chosen way, under the same pid."""
    if chosen is Mode.PLAIN:
        return list(argv)
    return [sys.executable, "-I", "-S", unprivileged.__file__, chosen.value, *argv]


def own(folder: Path, chosen: Mode) -> None:
    """The folder exists and everything in it belongs to the user the program runs as.

    Raises `Problem` when nobody cannot reach it (a folder above is closed to others).
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if chosen is Mode.PLAIN:
        return
    owner = unprivileged.NOBODY if chosen is Mode.NOBODY else 0
    for path in _everything(folder):
        with suppress(FileNotFoundError):  # the children of a killed server outlive it a moment
            if path.lstat().st_uid != owner:
                shutil.chown(path, owner, owner)
    if chosen is Mode.NOBODY and (closed := _closed_above(folder)):
        raise Problem(
            f"PostgreSQL would run as the user nobody, who cannot enter {closed}",
            remedy="set UEM_HOME to a folder that others may enter, or run as an ordinary user",
        )


def _everything(folder: Path) -> Iterator[Path]:
    yield folder
    for parent, folders, files in os.walk(folder):  # passes over what vanishes meanwhile
        yield from (Path(parent, name) for name in (*folders, *files))


def _works(candidate: Mode) -> bool:
    true = shutil.which("true")
    if true is None:
        return False
    tried = subprocess.run(wrap([true], candidate), capture_output=True, check=False)
    return tried.returncode == 0


def _closed_above(folder: Path) -> Path | None:
    closed = (parent for parent in folder.resolve().parents if not parent.stat().st_mode & 0o001)
    return next(closed, None)
