"""Bring the database of one service, or of all, to its newest migration."""

import argparse
import asyncio
import os

from chassis.settings import Deployment
from uem import schema
from uem.console import console
from uem.home import home
from uem.stack import cluster, databases, programs
from uem.stack.passwords import Passwords


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which service, and what a new database is born as."""
    parser.add_argument("service", choices=["all", *(one.name for one in programs.SERVICES)])
    parser.add_argument("--rehearsal", action="store_true", help="the databases are a rehearsal's")


def run(arguments: argparse.Namespace) -> int:
    """The databases exist and are at their newest migration."""
    folder = home()
    said = os.environ.get("UEM_DEPLOYMENT", Deployment.PRODUCTION)
    deployment = Deployment.REHEARSAL if arguments.rehearsal else Deployment(said)
    chosen = [one for one in programs.SERVICES if arguments.service in ("all", one.name)]
    passwords = Passwords(folder.secrets)
    given = {one.name: databases.Credentials.of(passwords, one.name) for one in chosen}
    with cluster.of_stack(folder) as server:
        asyncio.run(databases.provision(server, given))
        urls = {
            str(one.package): databases.owner_url(server, one.name, given[one.name])
            for one in chosen
        }
        schema.upgrade(urls, deployment=deployment)
    console.print(f"at the newest migration: {', '.join(given)}")
    return 0
