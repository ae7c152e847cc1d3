"""The canonical business state of a whole stack, for comparing runs: ids and wall times left out."""

import hashlib
from collections.abc import Mapping

import msgspec

from uem.services import Services


class TableDigest(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One table: how many rows it has, and their hash."""

    name: str
    count: int
    sha256: str


class ServiceDigest(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One service: the hash of everything, and of each table."""

    sha256: str
    tables: list[TableDigest]


class Digest(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The whole: equal for two runs that led to the same state."""

    sha256: str
    services: dict[str, ServiceDigest]


def take(services: Services) -> Digest:
    """Return the digest of every running service. Raises `Problem` when one is away."""
    found = {
        name: msgspec.convert(services.get(name, "/v1/operator/digest"), ServiceDigest)
        for name in services.addresses
    }
    return Digest(sha256=total(found), services=found)


def total(services: Mapping[str, ServiceDigest]) -> str:
    """Return the hash over the services' hashes, in the order of their names."""
    lines = [f"{name} {services[name].sha256}\n" for name in sorted(services)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def differences(one: Digest, other: Digest) -> list[str]:
    """Return, table by table, where the two differ; empty when they are the same state."""
    ours, theirs = _tables(one), _tables(other)
    return [
        f"{name}: {_count(ours.get(name))} here, {_count(theirs.get(name))} there"
        for name in sorted(ours.keys() | theirs.keys())
        if _hash(ours.get(name)) != _hash(theirs.get(name))
    ]


def _tables(digest: Digest) -> dict[str, TableDigest]:
    return {
        f"{service}.{table.name}": table
        for service, found in digest.services.items()
        for table in found.tables
    }


def _count(table: TableDigest | None) -> str:
    return "absent" if table is None else f"{table.count} rows {table.sha256[:12]}"


def _hash(table: TableDigest | None) -> str | None:
    return None if table is None else table.sha256
