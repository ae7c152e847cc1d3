"""What a subject was granted besides the token, and whether the account still stands.

Each service keeps its own copy, so that a delegation works and a disabled account is refused
everywhere while others are away.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import Table, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chassis.errors import Unauthenticated
from chassis.policy.types import Grant
from chassis.tables.policy import POLICY_ACCOUNT, POLICY_GRANT

T = TypeVar("T")

FRESH_FOR = timedelta(seconds=5)  # a disabled account is refused at most so much later
MOST_KNOWN = 10_000  # remembered at once; then all are forgotten, which costs a query each


class AccountDisabled(Unauthenticated):
    """The subject of the token may not sign in any more."""

    slug = "account-disabled"


@dataclass(frozen=True, slots=True)
class Standing:
    """One subject's grants that were not revoked, and since when the account is disabled."""

    grants: tuple[Grant, ...] = ()
    disabled_at: datetime | None = None

    def live(self, now: datetime) -> tuple[Grant, ...]:
        """Return the grants that hold at `now`. Raises AccountDisabled."""
        if self.disabled_at is not None:
            raise AccountDisabled(
                "This account is disabled.", remedy="Ask who manages the accounts of your office."
            )
        return tuple(grant for grant in self.grants if grant.is_live(now))


class _Fresh(Generic[T]):
    """What was read, for as long as it counts as fresh."""

    def __init__(self, monotonic: Callable[[], float], read: Callable[[str], Awaitable[T]]) -> None:
        self._monotonic = monotonic
        self._read = read
        self._known: dict[str, tuple[float, T]] = {}

    async def get(self, key: str) -> T:
        """Return what was read of the key at most FRESH_FOR ago."""
        now, known = self._monotonic(), self._known.get(key)
        if known is not None and now - known[0] < FRESH_FOR.total_seconds():
            return known[1]
        value = await self._read(key)
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[key] = (now, value)
        return value

    def forget(self, key: str) -> None:
        """Read the key anew when it is next asked for."""
        self._known.pop(key, None)


class Standings:
    """The standing of subjects and the kinds of organizations, each read at most every five seconds."""

    def __init__(
        self, engine: AsyncEngine, monotonic: Callable[[], float], organizations: Table | None
    ) -> None:
        self._engine = engine
        self._organizations = organizations
        self._subjects = _Fresh(monotonic, self._read)
        self._kinds = _Fresh(monotonic, self._read_kind)

    async def of(self, subject: str) -> Standing:
        """Return the standing of the subject, as it was at most FRESH_FOR ago."""
        return await self._subjects.get(subject)

    async def kinds(self, organizations: Iterable[str]) -> frozenset[str]:
        """Return of which kinds those of the organizations are that the service knows."""
        if self._organizations is None:
            return frozenset()
        kinds = [await self._kinds.get(one) for one in sorted(set(organizations))]
        return frozenset(kind for kind in kinds if kind is not None)

    def forget(self, subject: str) -> None:
        """Read the subject's standing anew when it is next asked for."""
        self._subjects.forget(subject)

    async def _read_kind(self, organization: str) -> str | None:
        table = self._organizations
        assert table is not None  # `kinds` asks for none without it
        statement = select(table.c.doc["kind"].astext).where(table.c.id == organization)
        engine = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        async with engine.connect() as db:
            return await db.scalar(statement)

    async def _read(self, subject: str) -> Standing:
        disabled = (
            select(POLICY_ACCOUNT.c.disabled_at)
            .where(POLICY_ACCOUNT.c.subject == subject)
            .scalar_subquery()
        )
        once = select(literal(1).label("once")).subquery()  # a row even when nothing was granted
        granted = (POLICY_GRANT.c.subject == subject) & POLICY_GRANT.c.revoked_at.is_(None)
        statement = select(disabled.label("disabled_at"), *POLICY_GRANT.c).select_from(
            once.outerjoin(POLICY_GRANT, granted)
        )
        engine = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        async with engine.connect() as db:
            rows = (await db.execute(statement)).all()
        grants = tuple(_grant(row) for row in rows if row.id is not None)
        return Standing(grants, rows[0].disabled_at)


async def put_grant(
    db: AsyncConnection,
    grant: Grant,
    *,
    subject: str,
    version: int,
    revoked_at: datetime | None = None,
) -> None:
    """Keep the grant of the subject as of `version`; an older version changes nothing."""
    values = {
        "id": grant.id,
        "version": version,
        "subject": subject,
        "role": grant.role,
        "area": grant.area,
        "organization": grant.organization,
        "granted_by": grant.granted_by,
        "valid_from": grant.valid_from,
        "valid_to": grant.valid_to,
        "revoked_at": revoked_at,
    }
    await _put(db, POLICY_GRANT, values, key="id")


async def put_account(
    db: AsyncConnection, subject: str, *, version: int, disabled_at: datetime | None
) -> None:
    """Keep whether the account is disabled as of `version`; an older version changes nothing."""
    values = {"subject": subject, "version": version, "disabled_at": disabled_at}
    await _put(db, POLICY_ACCOUNT, values, key="subject")


async def _put(db: AsyncConnection, table: Table, values: dict[str, Any], *, key: str) -> None:
    statement = insert(table).values(values)
    newer = {name: statement.excluded[name] for name in values if name != key}
    await db.execute(
        statement.on_conflict_do_update(
            index_elements=[key], set_=newer, where=statement.excluded.version > table.c.version
        )
    )
    standings = db.sync_connection.get_execution_options().get("standings")  # type: ignore[union-attr]
    if standings is not None:
        standings.forget(values["subject"])


def _grant(row: Any) -> Grant:  # noqa: ANN401 - a row of POLICY_GRANT
    return Grant(
        role=row.role,
        area=row.area,
        organization=row.organization,
        id=row.id,
        granted_by=row.granted_by,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )
