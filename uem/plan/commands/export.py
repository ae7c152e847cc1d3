"""Write a version's files as they were imported, byte for byte."""

import argparse
import sys
from pathlib import Path, PurePosixPath

from services.plans import domain
from uem.console import console
from uem.plan import system
from uem.problem import Problem


def arguments(parser: argparse.ArgumentParser) -> None:
    """The version, where to, and the system."""
    parser.add_argument("version", help="plan@version, like flood-410100@2021.1")
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="default: print the text")
    parser.add_argument("--force", action="store_true", help="write over files that differ")
    system.arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """The files lie in the folder, or their text is printed. Raises Problem, then none is written."""
    plan, sign, number = arguments.version.partition("@")
    if not sign:
        raise Problem(f"{plan} names no version", remedy=f"write {plan}@VERSION")
    with system.System.of(arguments) as there:
        text = str(there.get(f"/v1/plans/{plan}/versions/{number}")["text"])
    if arguments.to is None:
        sys.stdout.write(text)
        return 0
    files = {arguments.to / name: said for name, said in _files(text, alone=plan).items()}
    _expect_free(files, force=arguments.force)
    for path, said in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(said.encode())
        console.print(str(path), markup=False, soft_wrap=True)
    return 0


def _files(text: str, *, alone: str) -> dict[str, str]:
    """The files by name; one that came without a name is named after its plan."""
    files = domain.files_of(text)
    if list(files) == [domain.ALONE]:
        return {f"{alone}.yaml": text}
    for name in files:
        parts = PurePosixPath(name)
        if parts.is_absolute() or ".." in parts.parts:
            raise Problem(f"the version names a file {name}", remedy="print it: leave --to out")
    return files


def _expect_free(files: dict[Path, str], *, force: bool) -> None:
    for path, said in files.items():
        if not force and path.exists() and path.read_bytes() != said.encode():
            raise Problem(f"{path} is there and differs", remedy="--force writes over it")
