"""Make the secrets of a deployment of containers, a folder for each that reads them."""

import argparse
from pathlib import Path

from uem import secrets
from uem.console import console


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, and which partners the broker shall know."""
    parser.add_argument("folder", type=Path, help="a folder is made in it for each reader")
    parser.add_argument("--partners", type=Path, metavar="FILE", help="as UEM_PARTNERS_FILE")


def run(arguments: argparse.Namespace) -> int:
    """Every secret exists; what was there is as it was."""
    files = secrets.lay_out(arguments.folder, partners_file=arguments.partners)
    console.print(f"{len(files)} files for {', '.join(secrets.READERS)}", markup=False)
    return 0
