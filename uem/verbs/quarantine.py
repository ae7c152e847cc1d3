"""List the messages that a service set aside, handle one again, or give one up."""

import argparse
from collections.abc import Iterable

from rich.table import Table

from uem import running
from uem.console import console
from uem.home import home
from uem.services import Services
from uem.stack import programs

NAMES = [one.name for one in programs.SERVICES]
PATH = "/v1/operator/quarantine"


def arguments(parser: argparse.ArgumentParser) -> None:
    """list, replay or discard."""
    actions = parser.add_subparsers(dest="action", required=True)
    listing = actions.add_parser("list", help="what is set aside, and why")
    listing.add_argument("service", nargs="?", choices=NAMES)
    replay = actions.add_parser("replay", help="handle a message again")
    discard = actions.add_parser("discard", help="give a message up; its aggregate goes on")
    for action in (replay, discard):
        action.add_argument("service", choices=NAMES)
        action.add_argument("id")
    discard.add_argument("reason", help="kept with the decision")


def run(arguments: argparse.Namespace) -> int:
    """What was asked is done, or listed."""
    folder = home()
    with Services.of(folder, running.expect_running(folder)) as services:
        if arguments.action == "list":
            _list(services, [arguments.service] if arguments.service else services.addresses)
            return 0
        body = {"reason": arguments.reason} if arguments.action == "discard" else {}
        path = f"{PATH}/{arguments.id}/{arguments.action}"
        answer = services.post(arguments.service, path, body)
        console.print(f"{answer['id']}: {answer['resolution'].lower()}")
        return 0


def _list(services: Services, names: Iterable[str]) -> None:
    table = Table("service", "id", "aggregate", "version", "since", "reason", box=None)
    for name in names:
        for node in services.get(name, PATH)["nodes"]:
            what = (
                f"{node['aggregate']} {node['aggregateId']}" if node["aggregate"] else "unreadable"
            )
            version = "" if node["version"] is None else str(node["version"])
            table.add_row(name, node["id"], what, version, node["quarantinedAt"], node["reason"])
    console.print(table if table.row_count else "nothing is in quarantine")
