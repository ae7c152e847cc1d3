"""Show what was said and waits, have events be said again, accept a restored database."""

import argparse

from rich.table import Table

from uem import running
from uem.console import console
from uem.home import home
from uem.services import Services
from uem.stack import programs

NAMES = [one.name for one in programs.SERVICES]


def arguments(parser: argparse.ArgumentParser) -> None:
    """show, rewind or accept."""
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("show", help="how much each service has said, and how much waits")
    rewind = actions.add_parser("rewind", help="have events be said again; harmless at any time")
    rewind.add_argument("service", choices=NAMES)
    which = rewind.add_mutually_exclusive_group(required=True)
    which.add_argument("--since", metavar="INSTANT", help="recorded at or after, RFC 3339")
    which.add_argument("--rows", nargs=2, type=int, metavar=("FIRST", "LAST"))
    which.add_argument("--aggregate", nargs=2, metavar=("NAME", "ID"))
    accept = actions.add_parser("accept", help="accept writes again after a restored database")
    accept.add_argument("service", choices=NAMES)
    accept.add_argument("reason", help="kept with the decision")


def run(arguments: argparse.Namespace) -> int:
    """What was asked is done, or shown."""
    folder = home()
    with Services.of(folder, running.expect_running(folder)) as services:
        match arguments.action:
            case "show":
                _show(services)
            case "rewind":
                path = "/v1/operator/outbox/rewind"
                answer = services.post(arguments.service, path, _selection(arguments))
                console.print(f"{answer['saidAgain']} events are said again")
            case _:
                body = {"reason": arguments.reason}
                answer = services.post(arguments.service, "/v1/operator/restore/finish", body)
                console.print_json(data=answer)
    return 0


def _selection(arguments: argparse.Namespace) -> dict[str, object]:
    if arguments.since:
        return {"since": arguments.since}
    if arguments.rows:
        first, last = arguments.rows
        return {"firstSeq": first, "lastSeq": last}
    name, identity = arguments.aggregate
    return {"aggregate": name, "id": identity}


def _show(services: Services) -> None:
    table = Table("service", "said", "unsent", "oldest unsent", "epoch", "", box=None)
    for name in services.addresses:
        found = services.get(name, "/v1/operator/outbox")
        table.add_row(
            name,
            str(found["said"]),
            str(found["unsent"]),
            found["oldestUnsentAt"] or "",
            str(found["epoch"]),
            "[red]refuses writes[/]" if found["refusing"] else "",
        )
    console.print(table)
