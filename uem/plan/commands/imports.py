"""Keep plan files as drafts in a system, each as it is written; an unchanged one is kept once."""

import argparse
from pathlib import Path

from uem.console import console
from uem.plan import folder, reading, system


def arguments(parser: argparse.ArgumentParser) -> None:
    """Files or folders, and the system."""
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file or a folder")
    system.arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Every plan is a draft; nothing is sent when one of them is none. Raises Problem."""
    plans = folder.find(arguments.paths)
    for written in plans:
        reading.plan(written)
    with system.System.of(arguments) as there:
        for written in plans:
            kept = there.send("/v1/plans", written.text)
            console.print(
                f"{kept['id']:<40} {kept['status'].lower():<12} {written.home}",
                markup=False,
                soft_wrap=True,
            )
    return 0
