"""What guarantee hears of org: jurisdictions, organizations and incidents, kept as copies."""

from chassis.messages import Incoming, Subscription
from chassis.unit_of_work import UnitOfWork
from contracts.org import v1 as org
from services.guarantee import commands
from services.guarantee.domain.incident import Incident
from services.guarantee.domain.jurisdiction import Jurisdiction
from services.guarantee.domain.organization import Organization
from vocabulary import Place

IncidentEvent = (
    org.IncidentDeclared
    | org.IncidentFactsRecorded
    | org.IncidentRegraded
    | org.IncidentStatusChanged
    | org.IncidentClosed
    | org.IncidentSealed
    | org.IncidentUnsealed
)


async def on_jurisdiction_state(uow: UnitOfWork, event: Incoming[org.JurisdictionState]) -> None:
    """Keep the division."""
    told = event.body.jurisdiction
    news = Jurisdiction(
        id=told.code,
        name_zh=told.name_zh,
        name_en=told.name_en,
        parent=told.parent,
        population=told.population,
        boundary_geojson=told.boundary_geojson,
    )
    await commands.keep_jurisdiction(uow, news)


async def on_organization_state(uow: UnitOfWork, event: Incoming[org.OrganizationState]) -> None:
    """Keep the organization."""
    told = event.body.organization
    news = Organization(
        id=told.id,
        name_zh=told.name_zh,
        name_en=told.name_en,
        kind=told.kind,
        jurisdiction=told.jurisdiction,
        emergency_types=told.emergency_types,
    )
    await commands.keep_organization(uow, news)


async def on_incident(uow: UnitOfWork, event: Incoming[IncidentEvent]) -> None:
    """Keep the incident: every event of it carries the whole."""
    told = event.body.incident
    place = told.place
    news = Incident(
        id=told.id,
        mode=told.mode,
        status=told.status,
        jurisdiction=told.jurisdiction,
        place=None if place is None else Place(place.longitude, place.latitude),
        sealed=bool(told.sealed),
    )
    await commands.keep_incident(uow, news)


SUBSCRIPTIONS = (
    Subscription(
        service="org",
        aggregate="jurisdiction",
        state=True,
        on={"state.v1": (org.JurisdictionState, on_jurisdiction_state)},
    ),
    Subscription(
        service="org",
        aggregate="organization",
        state=True,
        on={"state.v1": (org.OrganizationState, on_organization_state)},
    ),
    Subscription(
        service="org",
        aggregate="incident",
        on={
            "declared.v1": (org.IncidentDeclared, on_incident),
            "facts_recorded.v1": (org.IncidentFactsRecorded, on_incident),
            "regraded.v1": (org.IncidentRegraded, on_incident),
            "status_changed.v1": (org.IncidentStatusChanged, on_incident),
            "closed.v1": (org.IncidentClosed, on_incident),
            "sealed.v1": (org.IncidentSealed, on_incident),
            "unsealed.v1": (org.IncidentUnsealed, on_incident),
        },
    ),
)
