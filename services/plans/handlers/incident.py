"""What org says of incidents."""

from datetime import datetime

from chassis.messages import Incoming, Subscription
from chassis.unit_of_work import UnitOfWork
from contracts.org import v1 as org
from contracts.vocabulary import v1 as shared
from services.plans import commands, domain
from vocabulary import INDICATORS, Figure, Place


async def on_incident_declared(uow: UnitOfWork, event: Incoming[org.IncidentDeclared]) -> None:
    """The incident is known, and every plan that it bears on has answered it."""
    await commands.record_incident(
        uow, _incident(event.body.incident, event.time), domain.News.ANNOUNCED
    )


async def on_incident_regraded(uow: UnitOfWork, event: Incoming[org.IncidentRegraded]) -> None:
    """The new grade is known and weighed as news."""
    await commands.record_incident(
        uow, _incident(event.body.incident, event.time), domain.News.ANNOUNCED
    )


async def on_incident_facts_recorded(
    uow: UnitOfWork, event: Incoming[org.IncidentFactsRecorded]
) -> None:
    """The new figures are known and weighed."""
    await commands.record_incident(
        uow, _incident(event.body.incident, event.time), domain.News.REPORTED
    )


async def on_incident_moved_on(
    uow: UnitOfWork, event: Incoming[org.IncidentStatusChanged | org.IncidentClosed]
) -> None:
    """The new status is known; a closed incident bears on nothing any more."""
    await commands.record_incident(
        uow, _incident(event.body.incident, event.time), domain.News.CHANGED
    )


async def on_incident_sealed(
    uow: UnitOfWork, event: Incoming[org.IncidentSealed | org.IncidentUnsealed]
) -> None:
    """The copy is sealed, or seen again; what is known of it is the same, so nothing is weighed."""
    await commands.keep_incident(uow, _incident(event.body.incident, event.time))


SUBSCRIPTION = Subscription(
    service="org",
    aggregate="incident",
    on={
        "declared.v1": (org.IncidentDeclared, on_incident_declared),
        "regraded.v1": (org.IncidentRegraded, on_incident_regraded),
        "facts_recorded.v1": (org.IncidentFactsRecorded, on_incident_facts_recorded),
        "status_changed.v1": (org.IncidentStatusChanged, on_incident_moved_on),
        "closed.v1": (org.IncidentClosed, on_incident_moved_on),
        "sealed.v1": (org.IncidentSealed, on_incident_sealed),
        "unsealed.v1": (org.IncidentUnsealed, on_incident_sealed),
    },
)


def _incident(said: org.Incident, as_of: datetime) -> domain.Incident:
    return domain.Incident(
        id=said.id,
        number=said.number,
        title=said.title,
        mode=said.mode,
        exercise_id=said.exercise_id,
        emergency_type=said.emergency_type,
        status=said.status,
        grade=said.grade,
        grade_rule=said.grade_rule,
        jurisdiction=said.jurisdiction,
        place=Place(said.place.longitude, said.place.latitude) if said.place else None,
        figures=tuple(_figure(one, as_of) for one in said.figures),
        declared_at=said.declared_at,
        closed_at=said.closed_at,
        as_of=as_of,
        sealed=bool(said.sealed),
        occurred_at=said.occurred_at,
    )


def _figure(one: shared.Figure, as_of: datetime) -> Figure:
    registered = INDICATORS.get(one.metric)
    return Figure(
        metric=one.metric,
        value=one.value,
        unit=one.unit or (registered.unit if registered else "1"),
        source=one.source or "org",
        observed_at=one.observed_at or as_of,
        recorded_at=one.recorded_at or as_of,
    )
