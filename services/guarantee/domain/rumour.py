"""Rumours: what is claimed, what was found, and the bulletin that answers it (GUAR-6)."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chassis.errors import Conflict, Invalid
from services.guarantee.domain.bulletin import Bulletin, RumourOfOtherMode
from vocabulary import Mode


class RumourDecided(Conflict):
    """What was found stands; a new claim is a new rumour."""

    slug = "rumour-decided"


class FindingMissing(Invalid):
    """Whoever decides says what was found."""

    slug = "finding-missing"


class RumourStatus(StrEnum):
    """NOTED waits for somebody to look."""

    NOTED = "NOTED"
    REFUTED = "REFUTED"
    CONFIRMED = "CONFIRMED"
    UNDETERMINED = "UNDETERMINED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rumour:
    """One claim that goes round; `answered_by` is the first bulletin that answers it."""

    id: str
    version: int = 0
    claim: str
    seen_where: str
    seen_at: datetime
    jurisdiction: str
    incident_id: str | None = None
    mode: Mode
    status: RumourStatus = RumourStatus.NOTED
    noted_at: datetime
    noted_by: str
    finding: str | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None


def decide_rumour(
    rumour: Rumour, status: RumourStatus, *, finding: str, by: str, now: datetime
) -> Rumour:
    """Record what was found; what was undetermined can be decided later.

    Raises RumourDecided and FindingMissing.
    """
    if status is RumourStatus.NOTED:
        raise FindingMissing(
            "NOTED is no finding.",
            field=("status",),
            remedy="REFUTED, CONFIRMED or UNDETERMINED.",
        )
    if rumour.status in (RumourStatus.REFUTED, RumourStatus.CONFIRMED):
        raise RumourDecided(f"The rumour is {rumour.status}.", currentStatus=rumour.status)
    return replace(rumour, status=status, finding=finding, decided_at=now, decided_by=by)


def expect_same_mode(rumour: Rumour, bulletin: Bulletin) -> None:
    """Pass when exercise answers exercise, and real answers real. Raises RumourOfOtherMode."""
    if rumour.mode is not bulletin.mode:
        raise RumourOfOtherMode(
            f"The rumour is {rumour.mode}, the bulletin {bulletin.mode}.",
            field=("rumour",),
            remedy="Answer it in its own mode.",
        )


def answer_rumour(rumour: Rumour, bulletin: Bulletin) -> Rumour | None:
    """Note the bulletin that answers it; None when one did before."""
    if rumour.answered_by is not None:
        return None
    return replace(rumour, answered_by=bulletin.id, answered_at=bulletin.published_at)
