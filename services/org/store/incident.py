"""Incidents as rows, and the rules that weigh their figures."""

from datetime import datetime
from functools import cache
from importlib.resources import files

import yaml
from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.org.domain import (
    ENDED,
    NEAR_TIME,
    FigureRule,
    GradingRule,
    Incident,
    IncidentStatus,
    parse_figure_rule,
    parse_grading_rule,
)
from services.org.store import tables
from vocabulary import Grade, Mode

_BELONGING = (
    tables.incident_command,
    tables.obligation,
    tables.order,
    tables.task,
    tables.report,
    tables.log_entry,
    tables.situation_report,
    tables.coordination_request,
)


async def get_incident(
    db: AsyncConnection, incident_id: str, *, expected_version: int | None = None
) -> Incident:
    """Return the incident, ours until the unit of work ends.

    Raises NotFound `incident-not-found` and VersionConflict.
    """
    return await documents.load(
        db, tables.incident, incident_id, Incident, lock=True, expected_version=expected_version
    )


async def find_incident(
    db: AsyncConnection, incident_id: str, *, lock: bool = False
) -> Incident | None:
    """Return the incident, or None."""
    table = tables.incident
    found = await documents.find(db, table, Incident, table.c.id == incident_id, lock=lock)
    return found[0] if found else None


async def incidents_about(
    db: AsyncConnection, *, emergency_type: str, mode: Mode, at: datetime
) -> list[Incident]:
    """Return the open incidents of that type declared at about that time."""
    table = tables.incident
    return await documents.find(
        db,
        table,
        Incident,
        table.c.emergency_type == emergency_type,
        table.c.mode == mode,
        table.c.status.not_in(sorted(ENDED)),
        table.c.declared_at.between(at - NEAR_TIME, at + NEAR_TIME),
    )


async def open_incidents_of_exercise(db: AsyncConnection, exercise_id: str) -> list[Incident]:
    """Return the incidents of the exercise that have not ended, locked."""
    table = tables.incident
    where = [table.c.exercise_id == exercise_id, table.c.status.not_in(sorted(ENDED))]
    return await documents.find(db, table, Incident, *where, lock=True)


async def case_of(db: AsyncConnection, incident_id: str) -> Incident | None:
    """Return the incident that this one was merged into in the end, or itself; None if unknown."""
    incident = await find_incident(db, incident_id)
    while incident is not None and incident.merged_into is not None:
        incident = await find_incident(db, incident.merged_into)
    return incident


async def incidents_within(db: AsyncConnection, incident_id: str) -> list[str]:
    """Return the incident and every one merged into it, directly or through another."""
    table = tables.incident
    within, found = [incident_id], [incident_id]
    while found:
        merged = select(table.c.id).where(
            table.c.status == IncidentStatus.MERGED,
            table.c.doc["merged_into"].astext.in_(found),
        )
        found = list(await db.scalars(merged.order_by(table.c.id)))
        within += found
    return within


async def is_sealed(db: AsyncConnection, incident_id: str | None) -> bool:
    """Whether the incident is sealed; what belongs to none, or to one unknown, is not."""
    if incident_id is None:
        return False
    return bool(await db.scalar(sealed_with(incident_id).select()))


def sealed_with(incident_id: str | None) -> ColumnElement[bool]:
    """What the column `incident_sealed` of a row of the incident holds."""
    if incident_id is None:
        return literal(value=False)
    table = tables.incident
    sealed = select(table.c.sealed).where(table.c.id == incident_id).scalar_subquery()
    return func.coalesce(sealed, False)


async def seal_with(db: AsyncConnection, incident: Incident) -> None:
    """Seal all that belongs to the incident with it, or open it with it."""
    for table in _BELONGING:
        belongs = table.c.incident_id == incident.id
        await db.execute(table.update().where(belongs).values(incident_sealed=incident.sealed))
    report, reporter = tables.report, tables.reporter
    told = reporter.c.id.in_(select(report.c.id).where(report.c.incident_id == incident.id))
    await db.execute(reporter.update().where(told).values(incident_sealed=incident.sealed))


async def put_incident(db: AsyncConnection, incident: Incident) -> Incident:
    """Store the incident."""
    severity = incident.grade.severity if isinstance(incident.grade, Grade) else 0
    return await documents.save(db, tables.incident, incident, severity=severity)


@cache
def grading_rules() -> tuple[GradingRule, ...]:
    """Return every version of every grading rule. Raises RuleDataInvalid naming the file's fault."""
    folder = files("services.org") / "data" / "grading"
    texts = sorted((one.name, one.read_text("utf-8")) for one in folder.iterdir())
    return tuple(parse_grading_rule(yaml.safe_load(text)) for _, text in texts)


@cache
def figure_rule() -> FigureRule:
    """Return how figures are weighed. Raises RuleDataInvalid."""
    file = files("services.org") / "data" / "figures" / "casualties.yaml"
    return parse_figure_rule(yaml.safe_load(file.read_text("utf-8")))
