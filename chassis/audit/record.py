"""One row of the audit, its canonical form, and the hash that ties it to the row before.

Form 1: the JSON array `[1, …]` of the members of `Record` in the order in which they stand below;
UTF-8 without white space, characters beyond ASCII as they are, absent values null, instants in UTC
with six digits of a second and `Z`, hashes as hex. A row's hash is SHA-256 over the 32 bytes of
the hash before it, then the canonical row; before the first row stands SHA-256 over the ASCII text
`uem.audit/1 <service>`.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Protocol

import msgspec

FORM = 1
_ENCODER = msgspec.json.Encoder()


class Outcome(StrEnum):
    """What was decided."""

    PERMITTED = "PERMITTED"
    REFUSED = "REFUSED"


class Record(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Who did, or was refused, what to which object, by which right.

    A command's decision is one row, which also tells what became of its object; every further
    aggregate that the command changed is a row of its own with the decision's `decision_id`.
    """

    seq: int
    id: str
    decision_id: str
    recorded_at: datetime
    decided_at: datetime
    subject: str
    person: str | None
    organization: str | None
    role: str | None
    grant_id: str | None
    granted_by: str | None
    action: str
    decision: Outcome
    policies: tuple[str, ...]
    reason: str | None
    object_kind: str
    object_id: str
    object_version: int | None
    mode: str
    before_hash: str | None
    after_hash: str | None
    correlation_id: str
    cause_id: str | None
    trace_id: str | None
    remote: str | None


FIELDS = Record.__struct_fields__


class UnknownForm(ValueError):
    """The row was hashed in a form that this release does not know."""


class Row(Protocol):
    """A row by the names of its columns, whichever driver read it."""

    def __getitem__(self, name: str, /) -> Any:  # noqa: ANN401 - a column of any type
        """Return the column."""


def of_row(row: Row) -> Record:
    """Return the record that a row of `audit_record` holds."""
    return Record(**{name: _plain(row[name]) for name in FIELDS})


def canonical(record: Record, *, form: int = FORM) -> bytes:
    """Return the bytes that are hashed. Raises UnknownForm."""
    if form != FORM:
        raise UnknownForm(f"there is no form {form}")
    return _ENCODER.encode([form, *(_told(getattr(record, name)) for name in FIELDS)])


def genesis(service: str) -> bytes:
    """Return what stands before the first row of a service."""
    return hashlib.sha256(f"uem.audit/1 {service}".encode()).digest()


def link(previous: bytes, record: Record, *, form: int = FORM) -> bytes:
    """Return the hash of the record when it follows `previous`. Raises UnknownForm."""
    return hashlib.sha256(previous + canonical(record, form=form)).digest()


def _plain(value: Any) -> Any:  # noqa: ANN401 - a column of any type
    match value:
        case bytes() | memoryview():
            return bytes(value).hex()
        case list():
            return tuple(value)
        case datetime():
            return value.astimezone(UTC)
        case _:
            return value


def _told(value: Any) -> Any:  # noqa: ANN401 - a member of any type
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return value
