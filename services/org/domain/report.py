"""Intake reports: someone tells that something happens; verified, rejected, or the same as another (ORG-2)."""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.errors import Conflict
from services.org.domain.figure import check_observed
from services.org.domain.incident import NEAR_M, NEAR_TIME, GivenPlace
from vocabulary import Mode, Place, distance_m


class ReportStatusWrong(Conflict):
    """The report was verified or rejected before."""

    slug = "report-status-wrong"


class ReportStatus(StrEnum):
    """DUPLICATE is told by a person, from the hints."""

    RECEIVED = "RECEIVED"
    VERIFIED = "VERIFIED"
    REJECTED = "REJECTED"
    DUPLICATE = "DUPLICATE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was told, by which source; `source_key` is the source's own number, the same one once."""

    id: str
    version: int = 0
    status: ReportStatus = ReportStatus.RECEIVED
    source: str
    source_key: str | None = None
    emergency_type: str | None = None
    place: Place | None = None
    given_place: GivenPlace | None = None
    address: str | None = None
    jurisdiction: str
    text: str
    observed_at: datetime
    received_at: datetime
    mode: Mode
    exercise_id: str | None = None
    incident_id: str | None = None
    possible_duplicates: tuple[str, ...] = ()
    decided_by: str | None = None
    decided_because: str | None = None


@dataclass(frozen=True, slots=True)
class ReportReceived:
    """Somebody told something."""

    report: Report


@dataclass(frozen=True, slots=True)
class ReportVerified:
    """It is true."""

    report: Report


@dataclass(frozen=True, slots=True)
class ReportRejected:
    """It is not, or another report tells the same."""

    report: Report
    reason: str


def receive_report(draft: Report, *, others: Iterable[Report]) -> tuple[Report, ReportReceived]:
    """Take the report in, with hints at others that may tell the same.

    Hints are near, at about the same time, and not of another type. Raises ObservedInFuture.
    """
    check_observed(draft.observed_at, draft.received_at, field=("observedAt",))
    hints = tuple(one.id for one in others if _may_be_same(draft, one))
    received = dataclasses.replace(draft, possible_duplicates=hints)
    return received, ReportReceived(received)


def verify_report(
    report: Report, *, incident_id: str | None, by: str
) -> tuple[Report, ReportVerified]:
    """Confirm that it is true, and of which incident it tells. Raises ReportStatusWrong."""
    _expect_received(report)
    verified = dataclasses.replace(
        report, status=ReportStatus.VERIFIED, incident_id=incident_id, decided_by=by
    )
    return verified, ReportVerified(verified)


def reject_report(
    report: Report, reason: str, *, duplicate_of: str | None, by: str
) -> tuple[Report, ReportRejected]:
    """Set the report aside, as untrue or as telling the same as another. Raises ReportStatusWrong."""
    _expect_received(report)
    status = ReportStatus.REJECTED if duplicate_of is None else ReportStatus.DUPLICATE
    rejected = dataclasses.replace(report, status=status, decided_by=by, decided_because=reason)
    return rejected, ReportRejected(rejected, reason)


def _may_be_same(one: Report, other: Report) -> bool:
    if one.id == other.id or one.mode is not other.mode or None in (one.place, other.place):
        return False
    if None not in (one.emergency_type, other.emergency_type) and (
        one.emergency_type != other.emergency_type
    ):
        return False
    if abs(one.observed_at - other.observed_at) > NEAR_TIME:
        return False
    return (
        one.place is not None
        and other.place is not None
        and (distance_m(one.place, other.place) <= NEAR_M)
    )


def _expect_received(report: Report) -> None:
    if report.status is not ReportStatus.RECEIVED:
        raise ReportStatusWrong(f"The report is {report.status}.", currentStatus=report.status)
