"""Forget the embedded stack's data: databases, streams, warehouse, keys and logs."""

import argparse
import asyncio
import os
import shutil

from uem import running
from uem.console import console
from uem.home import home
from uem.stack import databases, programs

KEPT_BY_US = ("postgres", "nats", "secrets", "run", "data")


def arguments(parser: argparse.ArgumentParser) -> None:
    """`--yes` answers the question beforehand."""
    parser.add_argument("--yes", action="store_true", help="do not ask")


def run(arguments: argparse.Namespace) -> int:
    """Nothing is left of the stack, in its folder or on a given PostgreSQL server."""
    folder = home()
    given = os.environ.get("UEM_POSTGRES_URL")
    if not folder.folder.exists() and not given:
        console.print("nothing to forget")
        return 0
    if not arguments.yes and not _agreed(str(folder.folder)):
        console.print("nothing was changed")
        return 1
    running.stop(folder)
    if given:
        asyncio.run(databases.drop(given, [one.name for one in programs.SERVICES]))
    for name in KEPT_BY_US:
        shutil.rmtree(folder.folder / name, ignore_errors=True)
    if folder.folder.exists() and not any(folder.folder.iterdir()):
        folder.folder.rmdir()
    console.print("forgotten")
    return 0


def _agreed(folder: str) -> bool:
    question = f"Forget everything in {folder}: databases, streams, warehouse, keys? [y/N] "
    try:
        return console.input(question, markup=False).strip().lower() in ("y", "yes")
    except EOFError:
        return False
