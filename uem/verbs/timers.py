"""List what waits to fall due, or have a timer that was given up be tried again."""

import argparse
from urllib.parse import quote

from rich.table import Table

from uem import running
from uem.console import console
from uem.home import home
from uem.services import Services
from uem.stack import programs

NAMES = [one.name for one in programs.SERVICES]
PATH = "/v1/operator/timers"


def arguments(parser: argparse.ArgumentParser) -> None:
    """List or retry."""
    actions = parser.add_subparsers(dest="action", required=True)
    listing = actions.add_parser("list", help="those in trouble first")
    listing.add_argument("service", choices=NAMES)
    retry = actions.add_parser("retry", help="try it again at once")
    retry.add_argument("service", choices=NAMES)
    retry.add_argument("key", help="without it: every timer that was given up", nargs="?")


def run(arguments: argparse.Namespace) -> int:
    """What was asked is done, or listed."""
    folder = home()
    with Services.of(folder, running.expect_running(folder)) as services:
        nodes = services.get(arguments.service, PATH)["nodes"]
        if arguments.action == "list":
            table = Table("due", "command", "key", "attempts", "last error", box=None)
            for node in nodes:
                error = node["lastError"] or ""
                tries = str(node["attempts"])
                table.add_row(node["dueAt"], node["command"], node["key"], tries, error)
            console.print(table)
            return 0
        stopped = [node["key"] for node in nodes if node["stoppedAt"]]
        for key in [arguments.key] if arguments.key else stopped:
            services.post(arguments.service, f"{PATH}/{quote(key, safe='')}/retry", {})
            console.print(f"tried again: {key}", markup=False)
    return 0
