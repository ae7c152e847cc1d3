"""Say whether anything is lost: every outbox against its streams, every stream against every inbox."""

import argparse
import json
from collections.abc import Iterable
from datetime import datetime

from rich.table import Table

from chassis.clock import Clock
from uem import running
from uem.console import console
from uem.home import home
from uem.problem import Problem
from uem.services import Answer, Services

PATH = "/v1/operator/reconciliation"


def arguments(parser: argparse.ArgumentParser) -> None:
    """`--json` for programs; links that carried nothing are only counted without `--all`."""
    parser.add_argument("--json", action="store_true", help="print what each service found")
    parser.add_argument("--all", action="store_true", help="streams and links without events too")


def run(arguments: argparse.Namespace) -> int:
    """Every link is printed; the exit code is 0 when nothing is lost, 1 when something is or may be."""
    folder = home()
    with Services.of(folder, running.expect_running(folder)) as services:
        found, away = _ask(services)
    if arguments.json:
        print(json.dumps(found, indent=2))
    else:
        _show(found, every=arguments.all)
    for problem in away:
        console.print(f"not known: {problem.message}", style="red", markup=False)
    return 1 if away or any(one["lost"] for one in found.values()) else 0


def _ask(services: Services) -> tuple[dict[str, Answer], list[Problem]]:
    found, away = {}, []
    for name in services.addresses:
        try:
            found[name] = services.post(name, PATH, {})
        except Problem as problem:
            away.append(problem)
    return found, away


def _show(found: dict[str, Answer], *, every: bool) -> None:
    said = [(name, one) for name, service in found.items() for one in service["stored"]]
    taken = [one for service in found.values() for one in service["taken"]]
    busy = [one for one in taken if every or _carried(one)]
    console.print(_said([(name, one) for name, one in said if every or one["said"]]))
    console.print()
    console.print(_heard(busy))
    if silent := len(taken) - len(busy):
        console.print(f"and {silent} links that carried nothing: --all shows them")
    console.print()
    lost = [one for service in found.values() for one in service["missing"]]
    for one in lost:
        place = f"inbox of {one['consumer']}" if one["consumer"] else "stream"
        console.print(
            f"lost: {one['eventId']}, not in the {place} ({one['stream']} #{one['streamSeq']})",
            style="red",
            markup=False,
        )
    if lost:
        console.print("→ uem outbox rewind SERVICE --rows|--since|--aggregate", style="bold")
    total = sum(service["lost"] for service in found.values())
    console.print(f"{total} lost, checked {len(found)} services", markup=False)


def _carried(one: Answer) -> bool:
    return any(one[count] for count in ("lookedAt", "waiting", "parked", "quarantined", "lost"))


def _said(rows: Iterable[tuple[str, Answer]]) -> Table:
    table = Table("said by", "stream", "events", "unsent", "lost", box=None, pad_edge=False)
    for name, one in rows:
        counts = (str(one["said"]), str(one["unsent"]), _lost(one))
        table.add_row(name, one["stream"], *counts)
    return table


def _heard(rows: Iterable[Answer]) -> Table:
    columns = ("link", "stream", "taken", "waiting", "parked", "quarantined", "lost")
    table = Table(*columns, box=None, pad_edge=False)
    for one in rows:
        table.add_row(
            one["consumer"],
            one["stream"],
            str(one["lookedAt"] - one["lost"]),
            _since(one["waiting"], one["waitingSince"]),
            _since(one["parked"], one["parkedSince"]),
            str(one["quarantined"]),
            _lost(one),
        )
    return table


def _lost(one: Answer) -> str:
    return f"[red]{one['lost']}[/]" if one["lost"] else "0"


def _since(count: int, since: str | None) -> str:
    return str(count) if since is None else f"{count} for {age(since)}"


def age(since: str) -> str:
    """Return how long ago that was, in whole seconds of wall time."""
    passed = Clock().wall() - datetime.fromisoformat(since)
    return f"{max(0, round(passed.total_seconds()))} s"


def summary(found: Iterable[Answer]) -> str:
    """Return the one line: how many events are lost, and how long ago the last of all was asked."""
    answers = list(found)
    if not answers or any(one["at"] is None for one in answers):
        return "lost events: not yet known"
    oldest = min(one["at"] for one in answers)
    return f"{sum(one['lost'] for one in answers)} lost, checked {age(oldest)} ago"
