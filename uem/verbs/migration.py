"""Write a migration: from where a service's migrations lead to what its tables now say."""

import argparse
import asyncio

from chassis import migrations
from chassis.settings import Deployment
from uem import schema
from uem.console import console
from uem.stack import cluster, databases, programs
from uem.stack.programs import Application

PASSWORD = "migration-only"  # noqa: S105 — of a server that is gone with this command


def arguments(parser: argparse.ArgumentParser) -> None:
    """Whose tables, and what changed."""
    parser.add_argument("service", choices=[one.name for one in programs.SERVICES])
    parser.add_argument("message", help='what changes, as in "add orders"')


def run(arguments: argparse.Namespace) -> int:
    """The file stands in the service's migrations; nothing else was touched."""
    service = next(one for one in programs.SERVICES if one.name == arguments.service)
    with cluster.throwaway() as server:
        url = _migrated(server, service)
        file = migrations.revision(f"{service.package}.migrations", arguments.message, url=url)
    console.print(f"written: {file}  (read it before you commit it)", markup=False)
    return 0


def _migrated(server: str, service: Application) -> str:
    """Return the address of a new database at the service's newest migration, if it has one."""
    given = databases.Credentials(owner=PASSWORD, application=PASSWORD)
    asyncio.run(databases.provision(server, {service.name: given}))
    url = databases.owner_url(server, service.name, given)
    if not migrations.History.of(f"{service.package}.migrations").is_empty():
        schema.upgrade({str(service.package): url}, deployment=Deployment.PRODUCTION)
    return url
