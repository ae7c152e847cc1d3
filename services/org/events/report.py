"""What is said of intake reports; what was told stays here."""

import msgspec

from chassis.messages import Message, Published
from contracts.org import v1 as contract
from services.org import domain
from services.org.events import wire

PUBLISHED = (
    Published(
        aggregate="report",
        event="received",
        body=contract.ReportReceived,
        meaning="Somebody told that something happens.",
    ),
    Published(
        aggregate="report",
        event="verified",
        body=contract.ReportVerified,
        meaning="The report is true, and of that incident if one is named.",
    ),
    Published(
        aggregate="report",
        event="rejected",
        body=contract.ReportRejected,
        meaning="The report is untrue or tells the same as another.",
    ),
)


def received(said: domain.ReportReceived) -> Message:
    """The report without its text and its exact place, which may be the home of who told."""
    return _message("received", said.report, contract.ReportReceived(report=_body(said.report)))


def verified(said: domain.ReportVerified) -> Message:
    """The report as verified."""
    return _message("verified", said.report, contract.ReportVerified(report=_body(said.report)))


def rejected(said: domain.ReportRejected) -> Message:
    """The report as set aside; the officer's own words stay here, as what was told does."""
    body = contract.ReportRejected(report=_body(said.report), reason=said.report.status.value)
    return _message("rejected", said.report, body)


def _message(event: str, report: domain.Report, body: msgspec.Struct) -> Message:
    return wire.message(
        body,
        aggregate="report",
        event=event,
        id=report.id,
        area=report.jurisdiction,
        mode=report.mode,
    )


def _body(one: domain.Report) -> contract.IntakeReport:
    return contract.IntakeReport(
        id=one.id,
        status=one.status.value,
        emergency_type=one.emergency_type,
        jurisdiction=one.jurisdiction,
        source=one.source,
        observed_at=one.observed_at,
        received_at=one.received_at,
        incident_id=one.incident_id,
        mode=one.mode,
        exercise_id=one.exercise_id,
    )


MESSAGES = {
    domain.ReportReceived: received,
    domain.ReportVerified: verified,
    domain.ReportRejected: rejected,
}
