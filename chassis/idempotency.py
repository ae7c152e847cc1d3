"""Idempotency keys: a command that was answered once is answered the same, and not done twice."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import make_url

from chassis import sealing
from chassis.errors import Invalid
from chassis.runtime import Runtime
from chassis.sealing import Ring
from chassis.settings import Settings, SettingsError
from chassis.tables.state import IDEMPOTENCY
from chassis.unit_of_work import UnitOfWork

KEEP = timedelta(days=7)  # longer than any client retries; a key is forgotten after it
_PURPOSE = "idempotency"
_OF_DATABASE = "(database)"  # what the key is called that comes of the service's own password
_KEY = re.compile(r"[\x21-\x7e]{1,128}\Z")


class IdempotencyKeyReused(Invalid):
    """The key belongs to another request of the same caller."""

    slug = "idempotency-key-reused"


@dataclass(frozen=True, slots=True)
class Hashes:
    """What stands for a request: under the key that is current, and under each that is held.

    Whoever reads the table, or a backup of it, cannot guess a short body by it: the keys are not
    there. A number of a telephone is found among all that there are in minutes without a key.
    """

    current: str
    known: frozenset[str]


@dataclass(frozen=True, slots=True)
class Stored:
    """The answer that the first request of a key was given."""

    status: int
    answer: bytes
    correlation_id: str


def checked(key: str | None) -> str | None:
    """Return the key. Raises Invalid unless it is 1 to 128 visible ASCII characters."""
    if key is not None and not _KEY.match(key):
        raise Invalid(
            "An Idempotency-Key is 1 to 128 visible ASCII characters.", field=("Idempotency-Key",)
        )
    return key


def hashes(settings: Settings, method: str, path: str, body: bytes) -> Hashes:
    """Return what two requests must share to count as the same one.

    The keys are those under which personal data is sealed, where the service has any, and one
    that comes of its password for the database, where it has none or cannot read them now.
    """
    ring = _ring(settings)
    digest = hashlib.sha256(b"\0".join((method.encode(), path.encode(), body))).hexdigest()
    keyed = {
        name: f"{name}:{value.hex()}"
        for name, value in sealing.blind(ring, digest, purpose=_PURPOSE).items()
    }
    # without a key, as rows have it that were written before; none is older than KEEP
    return Hashes(keyed[ring.current], frozenset({*keyed.values(), digest}))


async def claim(uow: UnitOfWork, key: str, request: Hashes) -> Stored | None:
    """Make the key ours until `uow` ends, or return the answer given before.

    A second request waits here until the first has committed or failed, so that both are never
    carried out. Raises IdempotencyKeyReused when the key was used for another request.
    """
    mine = await uow.db.execute(
        insert(IDEMPOTENCY)
        .values(
            key=key,
            caller=uow.caller.subject,
            request_hash=request.current,
            correlation_id=uow.correlation_id,
        )
        .on_conflict_do_nothing()
    )
    if mine.rowcount == 1:
        return None
    row = (await uow.db.execute(select(IDEMPOTENCY).where(*_of(uow, key)))).one()
    if row.request_hash not in request.known:
        raise IdempotencyKeyReused(
            "This Idempotency-Key was used for another request.",
            field=("Idempotency-Key",),
            remedy="Use a new key for a new request; repeat a request unchanged.",
        )
    return Stored(status=row.status, answer=row.answer, correlation_id=row.correlation_id)


async def record(uow: UnitOfWork, key: str, stored: Stored) -> None:
    """Keep the answer with the key, in the transaction of the command that it answers."""
    await uow.db.execute(
        IDEMPOTENCY.update()
        .where(*_of(uow, key))
        .values(status=stored.status, answer=stored.answer)
    )


async def forget_old(runtime: Runtime) -> int:
    """Forget keys older than KEEP and return how many there were."""
    before = runtime.clock.wall() - KEEP
    async with runtime.engine.begin() as db:
        gone = await db.execute(IDEMPOTENCY.delete().where(IDEMPOTENCY.c.recorded_at < before))
    return gone.rowcount


def _ring(settings: Settings) -> Ring:
    secret = make_url(settings.database_url).password or settings.database_url
    own = Ring(current=_OF_DATABASE, keys={_OF_DATABASE: str(secret).encode()})
    if settings.keys_file is None:
        return own
    try:
        held = sealing.read(settings.keys_file)
    except SettingsError:
        return own  # no command waits for a file that is just being changed
    return Ring(current=held.current, keys={**own.keys, **held.keys})


def _of(uow: UnitOfWork, key: str) -> tuple[ColumnElement[bool], ...]:
    return IDEMPOTENCY.c.key == key, IDEMPOTENCY.c.caller == uow.caller.subject
