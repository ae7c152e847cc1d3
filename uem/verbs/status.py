"""Show what runs: addresses, pids and readiness."""

import argparse
import json
from dataclasses import asdict, dataclass

from rich.table import Table

from uem import running
from uem.console import console
from uem.home import Home, home
from uem.problem import Problem
from uem.services import Answer, Services
from uem.stack import ports, programs, record
from uem.stack.process import Child
from uem.verbs import reconcile


@dataclass(frozen=True, slots=True)
class Line:
    """One program or server, as it is now."""

    name: str
    pid: int | None
    address: str
    ready: bool
    because: str


def arguments(parser: argparse.ArgumentParser) -> None:
    """`--json` for programs."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """The state is printed; the exit code is 0 when everything is ready."""
    folder = home()
    found = running.expect_running(folder)
    lines = [_line(folder, found, name) for name in reversed(ports.FIXED) if _is_part(found, name)]
    if arguments.json:
        print(json.dumps([asdict(line) for line in lines], indent=2))
    else:
        _show(folder, found, lines)
        console.print(_losses(folder, found), markup=False)
    return 0 if all(line.ready for line in lines) else 1


def _is_part(found: record.Record, name: str) -> bool:
    return name in found.addresses or name in found.servers


def _line(folder: Home, found: record.Record, name: str) -> Line:
    pid = Child(name, [], folder=running.folder_of(folder, name)).pid
    if name in found.servers:
        return Line(name, pid, found.servers[name], pid is not None, "" if pid else "not running")
    address = found.addresses[name]
    status, body = programs.readiness(int(address.rpartition(":")[2]))
    if status != 200:
        return Line(name, pid, address, False, f"{status} {body}")
    refuses = json.loads(body).get("refuses")
    return Line(name, pid, address, True, f"refuses writes: {refuses}" if refuses else "")


def _losses(folder: Home, found: record.Record) -> str:
    """Return the one number that matters, and how old it is, from what the services last found."""
    answers: list[Answer] = []
    with Services.of(folder, found) as services:
        for name in services.addresses:
            try:
                answers.append(services.get(name, reconcile.PATH))
            except Problem:
                return f"lost events: not known, {name} does not say"
    return reconcile.summary(answers)


def _show(folder: Home, found: record.Record, lines: list[Line]) -> None:
    watching = running.supervisor(folder).pid
    watched = f"watched by pid {watching}" if watching else "not watched: uem down stops it"
    console.print(f"{found.deployment.value}, {found.phase.value}, {watched}", markup=False)
    table = Table("", "pid", "address", "", box=None, pad_edge=False)
    for line in lines:
        state = "[green]ready[/]" if line.ready else "[red]not ready[/]"
        table.add_row(line.name, str(line.pid or ""), line.address, f"{state} {line.because}")
    console.print(table)
