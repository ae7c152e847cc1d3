"""Dump the services' databases into a folder; `uem restore load` brings them back."""

import argparse
from pathlib import Path

from uem import backup
from uem.console import console
from uem.home import home
from uem.stack import cluster, programs


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to."""
    parser.add_argument("folder", type=Path, help="SERVICE.dump of each service is put there")


def run(arguments: argparse.Namespace) -> int:
    """Every service's database is in a file of the folder."""
    names = [one.name for one in programs.SERVICES]
    with cluster.of_stack(home()) as server:
        files = backup.dump(server, names, arguments.folder)
    for file in files:
        console.print(f"{file}  {file.stat().st_size / 1024:.0f} KiB", markup=False)
    return 0
