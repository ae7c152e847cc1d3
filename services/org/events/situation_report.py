"""What is said of situation reports; the drafter's own words stay in the report."""

from collections.abc import Callable
from typing import Any

from chassis.messages import Message, Published
from contracts.org import v1 as contract
from services.org import domain
from services.org.events import wire

_SAID = {
    "drafted": (contract.SituationReportDrafted, "The report says what is known now."),
    "phoned": (contract.SituationReportPhoned, "The superior was told by telephone."),
    "signed": (contract.SituationReportSigned, "A leader answers for what the report says."),
    "sent": (contract.SituationReportSent, "The report is with the superior."),
    "receipted": (contract.SituationReportReceipted, "The superior has the report."),
    "withdrawn": (contract.SituationReportWithdrawn, "The report is not owed any more."),
}
PUBLISHED = tuple(
    Published(aggregate="situation_report", event=event, body=body, meaning=meaning)
    for event, (body, meaning) in _SAID.items()
)


def _teller(event: str) -> Callable[[Any], Message]:
    def tell(said: domain.SituationReportEvent) -> Message:
        report = said.report
        return wire.message(
            _SAID[event][0](situation_report=_body(report)),
            aggregate="situation_report",
            event=event,
            id=report.id,
            area=report.jurisdiction,
            mode=report.mode,
        )

    return tell


def _body(one: domain.SituationReport) -> contract.SituationReport:
    said = one.content
    return contract.SituationReport(
        id=one.id,
        number=one.number,
        stage=one.stage.value,
        ordinal=one.ordinal,
        status=one.status.value,
        incident_id=one.incident_id,
        incident_number=one.incident_number,
        jurisdiction=one.jurisdiction,
        mode=one.mode,
        exercise_id=one.exercise_id,
        organization_id=one.organization_id,
        recipient_id=one.recipient_id,
        skipped_id=one.skipped_id,
        skip_reason=one.skip_reason,
        urgent=one.is_urgent,
        rule=one.rule,
        due_at=one.due_at,
        title=said.title,
        grade=said.grade,
        as_of=said.as_of,
        figures=tuple(_figure(each) for each in said.figures),
        unclear=tuple(
            contract.Unclear(about=each.about, why=each.why.value, detail=each.detail or None)
            for each in said.unclear
        ),
        measures=tuple(
            contract.MeasureTaken(text_zh=each.text_zh, text_en=each.text_en, at=each.at)
            for each in said.measures
        ),
        calls=tuple(contract.ReportCall(at=each.at) for each in one.calls),
        signed_at=one.signed_at,
        signed_by=one.signed_by,
        digest=one.digest,
        sent_at=one.sent_at,
        received_at=one.received_at,
        reference=one.reference,
        withdrawn_because=one.withdrawn_because,
    )


def _figure(one: domain.StatedFigure) -> contract.StatedFigure:
    return contract.StatedFigure(figure=wire.stated(one), was=one.was)


MESSAGES = {
    domain.SituationReportDrafted: _teller("drafted"),
    domain.SituationReportPhoned: _teller("phoned"),
    domain.SituationReportSigned: _teller("signed"),
    domain.SituationReportSent: _teller("sent"),
    domain.SituationReportReceipted: _teller("receipted"),
    domain.SituationReportWithdrawn: _teller("withdrawn"),
}
