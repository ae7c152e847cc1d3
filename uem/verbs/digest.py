"""Print the canonical business state of all services as hashes, for comparing two runs."""

import argparse
from pathlib import Path

import msgspec

from uem import digest, running
from uem.console import console
from uem.home import home
from uem.problem import Problem
from uem.services import Services


def arguments(parser: argparse.ArgumentParser) -> None:
    """`--json` for a file to compare with later, `--compare FILE` to compare."""
    parser.add_argument("--json", action="store_true", help="print JSON, for --compare")
    parser.add_argument("--compare", type=Path, metavar="FILE", help="say where it differs")


def run(arguments: argparse.Namespace) -> int:
    """The digest is printed; with --compare the exit code is 1 when the states differ."""
    folder = home()
    with Services.of(folder, running.expect_running(folder)) as services:
        found = digest.take(services)
    if arguments.compare:
        return _compare(found, arguments.compare)
    if arguments.json:
        print(msgspec.json.format(msgspec.json.encode(found)).decode())
        return 0
    _show(found)
    return 0


def _compare(found: digest.Digest, file: Path) -> int:
    try:
        other = msgspec.json.decode(file.read_bytes(), type=digest.Digest)
    except (OSError, msgspec.MsgspecError) as error:
        raise Problem(
            f"{file} is no digest: {error}", remedy=f"make one: uem digest --json > {file.name}"
        ) from error
    different = digest.differences(found, other)
    console.print("\n".join(different) if different else "the same state", markup=False)
    return 1 if different else 0


def _show(found: digest.Digest) -> None:
    for name, service in found.services.items():
        for one in service.tables:
            print(f"{name + '.' + one.name:<32} {one.count:>6}  {one.sha256}")
        print(f"{name:<32} {'':>6}  {service.sha256}")
    print(f"{'total':<32} {'':>6}  {found.sha256}")
