"""Reads of situation reports."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents, paging
from services.org.domain import Call, Content, SituationReport, text_en, text_zh
from services.org.queries import views
from services.org.store import tables
from vocabulary import Grade, Mode

_TABLE = tables.situation_report


class StatedFigureView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One source's figure, the one to go by; `was` is what the report before said."""

    metric: str
    value: float | None
    unit: str
    source: str
    observed_at: datetime
    was: float | None


class UnclearView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What is not clear: a metric, `grade` or `occurredAt`, why, and what the sources say."""

    about: str
    why: str
    detail: str | None


class MeasureTakenView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What was done, and when."""

    text_zh: str
    text_en: str
    at: datetime


class CallView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A call ahead of the paper."""

    at: datetime
    to: str
    by: str


class SituationReportView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The report upward with its facts as of `asOf`, and how far it is."""

    id: str
    version: int
    number: str
    stage: str
    ordinal: int
    status: str
    incident_id: str
    incident_number: str
    jurisdiction: str
    mode: str
    exercise_id: str | None
    organization_id: str
    recipient_id: str | None
    skipped_id: str | None
    skip_reason: str | None
    is_urgent: bool
    rule: str
    due_at: datetime
    title: str
    grade: Grade | None
    as_of: datetime
    figures: tuple[StatedFigureView, ...]
    unclear: tuple[UnclearView, ...]
    measures: tuple[MeasureTakenView, ...]
    note: str
    text_zh: str
    text_en: str
    drafted_at: datetime
    drafted_by: str
    calls: tuple[CallView, ...]
    signed_at: datetime | None
    signed_by: str | None
    digest: str | None
    sent_at: datetime | None
    received_at: datetime | None
    received_by: str | None
    reference: str | None
    withdrawn_because: str | None


async def situation_report(db: AsyncConnection, report_id: str) -> SituationReportView:
    """Return the report. Raises NotFound."""
    return situation_report_view(await documents.load(db, _TABLE, report_id, SituationReport))


async def situation_reports(
    db: AsyncConnection,
    request: paging.PageRequest,
    *,
    mode: Mode,
    jurisdiction: str | None,
    incident: str | None,
    status: Sequence[str],
) -> paging.Page[SituationReportView]:
    """Return reports, the newest first; `jurisdiction` includes the divisions in it."""
    where = [_TABLE.c.mode == mode]
    if incident is not None:
        where.append(_TABLE.c.incident_id == incident)
    if status:
        where.append(_TABLE.c.status.in_(list(status)))
    if jurisdiction is not None:
        where.append(views.within(_TABLE.c.jurisdiction, jurisdiction))
    return await paging.page(
        db,
        views.whole(_TABLE, *where),
        request,
        order_by=[_TABLE.c.drafted_at.desc(), _TABLE.c.id.desc()],
        view=views.decode(SituationReport, situation_report_view),
    )


async def situation_reports_by_id(
    db: AsyncConnection, keys: Sequence[str], *, fields: object, args: Mapping[str, Any]
) -> dict[str, SituationReportView]:
    """Return the reports of these ids."""
    shape = views.decode(SituationReport, situation_report_view)
    return await views.by_key(db, views.whole(_TABLE), _TABLE.c.id, keys, shape=shape)


async def situation_reports_by_incident(
    db: AsyncConnection, keys: Sequence[str], *, fields: object, args: Mapping[str, Any]
) -> dict[str, list[SituationReportView]]:
    """Return the reports of each incident in their order."""
    return await views.lists_by_key(
        db,
        views.whole(_TABLE),
        _TABLE.c.incident_id,
        keys,
        shape=views.decode(SituationReport, situation_report_view),
        order_by=[_TABLE.c.ordinal, _TABLE.c.id],
    )


def situation_report_view(one: SituationReport) -> SituationReportView:
    """The report as readers see it."""
    said = one.content
    return SituationReportView(
        id=one.id,
        version=one.version,
        number=one.number,
        stage=one.stage.value,
        ordinal=one.ordinal,
        status=one.status.value,
        incident_id=one.incident_id,
        incident_number=one.incident_number,
        jurisdiction=one.jurisdiction,
        mode=one.mode.value,
        exercise_id=one.exercise_id,
        organization_id=one.organization_id,
        recipient_id=one.recipient_id,
        skipped_id=one.skipped_id,
        skip_reason=one.skip_reason,
        is_urgent=one.is_urgent,
        rule=one.rule,
        due_at=one.due_at,
        title=said.title,
        grade=said.grade,
        as_of=said.as_of,
        figures=_figures(said),
        unclear=tuple(
            UnclearView(about=each.about, why=each.why.value, detail=each.detail or None)
            for each in said.unclear
        ),
        measures=tuple(
            MeasureTakenView(text_zh=each.text_zh, text_en=each.text_en, at=each.at)
            for each in said.measures
        ),
        note=one.note,
        text_zh=text_zh(one),
        text_en=text_en(one),
        drafted_at=one.drafted_at,
        drafted_by=one.drafted_by,
        calls=tuple(_call(each) for each in one.calls),
        signed_at=one.signed_at,
        signed_by=one.signed_by,
        digest=one.digest,
        sent_at=one.sent_at,
        received_at=one.received_at,
        received_by=one.received_by,
        reference=one.reference,
        withdrawn_because=one.withdrawn_because,
    )


def _figures(said: Content) -> tuple[StatedFigureView, ...]:
    return tuple(
        StatedFigureView(
            metric=each.metric,
            value=each.value,
            unit=each.unit,
            source=each.source,
            observed_at=each.observed_at,
            was=each.was,
        )
        for each in said.figures
    )


def _call(one: Call) -> CallView:
    return CallView(at=one.at, to=one.to, by=one.by)
