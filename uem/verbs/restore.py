"""Load a backup, show which services were set back to an earlier point, or finish such a restore."""

import argparse
import asyncio
from pathlib import Path

from uem import backup, running
from uem.console import console
from uem.home import Home, home
from uem.services import Answer, Services
from uem.stack import cluster, databases, programs
from uem.stack.passwords import Passwords

NAMES = [one.name for one in programs.SERVICES]
MOST_NAMED = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    """Load, show or finish."""
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("show", help="who refuses writes because its database was set back")
    finish = actions.add_parser("finish", help="accept writes again, in a new epoch")
    finish.add_argument("service", choices=NAMES)
    finish.add_argument("reason", help="kept with the decision")
    load = actions.add_parser("load", help="bring databases back that `uem backup` dumped")
    load.add_argument("folder", type=Path)
    load.add_argument("services", nargs="*", choices=[*NAMES, []], help="default: all")


def run(arguments: argparse.Namespace) -> int:
    """What was asked is done, or shown; `show` exits with 1 when a service refuses writes."""
    folder = home()
    if arguments.action == "load":
        return _load(folder, arguments)
    with Services.of(folder, running.expect_running(folder)) as services:
        if arguments.action == "finish":
            body = {"reason": arguments.reason}
            path = "/v1/operator/restore/finish"
            _tell(arguments.service, services.post(arguments.service, path, body))
            return 0
        found = {name: services.get(name, "/v1/operator/outbox") for name in services.addresses}
    refusing = [name for name, outbox in found.items() if outbox["refusing"]]
    for name, outbox in found.items():
        state = "STORE_BEHIND_STREAM: writes are refused" if outbox["refusing"] else "agrees"
        console.print(f"{name:<10} epoch {outbox['epoch']}  {state}", markup=False)
    for name in refusing:
        remedy = f'→ uem restore finish {name} "why it was restored"'
        console.print(remedy, style="bold", markup=False)
    return 1 if refusing else 0


def _load(folder: Home, arguments: argparse.Namespace) -> int:
    chosen = arguments.services or NAMES
    passwords = Passwords(folder.secrets)
    given = {name: databases.Credentials.of(passwords, name) for name in chosen}
    with cluster.of_stack(folder) as server:
        asyncio.run(databases.provision(server, given))
        for name in chosen:
            backup.load(server, name, arguments.folder / f"{name}.dump")
            console.print(f"{name} is as it was dumped", markup=False)
    console.print("start the services; `uem restore show` says who has to be finished")
    return 0


def _tell(service: str, finished: Answer) -> None:
    forgotten = finished["forgotten"]
    console.print(
        f"{service} accepts writes in epoch {finished['epoch']}; {finished['renumbered']} waiting "
        f"events moved into it, {finished['saidAgain']} states are said again",
        markup=False,
    )
    console.print(f"others have heard {len(forgotten)} events that it forgot", markup=False)
    for one in forgotten[:MOST_NAMED]:
        what = f"  {one['type']} {one['id']} version {one['version']} ({one['eventId']})"
        console.print(what, markup=False)
    if len(forgotten) > MOST_NAMED:
        console.print(f"  and {len(forgotten) - MOST_NAMED} more", markup=False)
