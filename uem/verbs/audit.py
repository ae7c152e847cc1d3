"""Verify that no service's audit was touched, or list who did what."""

import argparse
from collections.abc import Iterable
from pathlib import Path

from rich.table import Table

from chassis.audit import anchor
from chassis.audit.anchor import Keys
from chassis.audit.record import Record
from uem import audit, running
from uem.audit import Verified
from uem.console import console
from uem.home import Home, home
from uem.problem import Problem
from uem.services import Services
from uem.stack import programs

NAMES = [one.name for one in programs.SERVICES]
LIMIT = 100


def arguments(parser: argparse.ArgumentParser) -> None:
    """Verify or list."""
    actions = parser.add_subparsers(dest="action", required=True)
    verify = actions.add_parser("verify", help="exit code 1 when anything was touched or is late")
    verify.add_argument("--service", choices=NAMES, help="without it: every service")
    verify.add_argument(
        "--key", type=Path, action="append", default=[], metavar="FILE", dest="keys",
        help="a public key in PEM that signs the anchors, repeatable; without it: the stack's own",
    )  # fmt: skip
    listing = actions.add_parser("list", help="decisions and what they changed, newest first")
    listing.add_argument("--service", choices=NAMES, help="without it: every service")
    listing.add_argument("--object", metavar="KIND/ID", help="like incident/inc_…")
    listing.add_argument("--subject", help="the token's subject, or service:NAME")
    listing.add_argument("--since", metavar="INSTANT", help="recorded at or after, RFC 3339")
    listing.add_argument("--limit", type=int, default=LIMIT, help=f"of each (default: {LIMIT})")


def run(arguments: argparse.Namespace) -> int:
    """What was asked is shown; of `verify` the exit code is 1 when there is a finding."""
    folder = home()
    with Services.of(folder, running.expect_running(folder)) as services:
        names = [arguments.service] if arguments.service else list(services.addresses)
        if arguments.action == "verify":
            given = _given(arguments.keys)
            verified = [audit.verify(services, name, given or _own(folder, name)) for name in names]
            _show(verified)
            return 1 if any(one.findings for one in verified) else 0
        _list(services, names, arguments)
        return 0


def _given(files: Iterable[Path]) -> Keys:
    try:
        keys = [anchor.read_public_key(file) for file in files]
    except (OSError, ValueError) as error:
        raise Problem(str(error), remedy="give the public half of UEM_AUDIT_KEY_FILE") from error
    return {anchor.name_of(key): key for key in keys}


def _own(folder: Home, service: str) -> Keys:
    """Return the key that the embedded stack made for the service."""
    file = folder.secrets / f"audit-{service}.pem"
    return _given([file]) if file.exists() else {}


def _show(verified: Iterable[Verified]) -> None:
    table = Table("service", "links", "anchored at", "unlinked", "unanchored", "findings", box=None)
    for one in verified:
        head = one.anchored
        table.add_row(
            one.service,
            str(one.links),
            f"{head.position}, {head.at:%Y-%m-%d %H:%M:%S}" if head else "never",
            str(one.unlinked),
            str(one.unanchored),
            f"[red]{len(one.findings)}[/]" if one.findings else "0",
        )
    console.print(table)
    for one in verified:
        for found in one.findings:
            place = " ".join(
                part
                for part in (f"link {found.position}" if found.position else "", found.record_id)
                if part
            )
            console.print(
                f"{one.service} {found.fault} {place}: {found.detail}", markup=False, soft_wrap=True
            )


def _list(services: Services, names: Iterable[str], arguments: argparse.Namespace) -> None:
    asked = ("object", "subject", "since")
    query = {name: value for name in asked if (value := getattr(arguments, name))}
    found = [
        (name, record)
        for name in names
        for record in audit.records(services, name, limit=arguments.limit, **query)
    ]
    found.sort(key=lambda one: one[1].recorded_at, reverse=True)
    table = Table("recorded", "service", "who", "as", "what", "object", "", box=None)
    for name, record in found[: arguments.limit]:
        table.add_row(
            f"{record.recorded_at:%Y-%m-%d %H:%M:%S}",
            name,
            _who(record),
            record.role or "",
            f"{record.action} {record.decision.lower()}",
            f"{record.object_kind}/{record.object_id}",
            _effect(record),
        )
    console.print(table if found else "nothing is recorded")


def _who(record: Record) -> str:
    behalf = f" (by {record.granted_by})" if record.granted_by else ""
    return f"{record.subject}{behalf}"


def _effect(record: Record) -> str:
    if record.decision == "REFUSED":
        return record.reason or ""
    return "" if record.object_version is None else f"version {record.object_version}"
