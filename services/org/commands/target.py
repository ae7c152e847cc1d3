"""Aggregates as the policy sees them: where they lie, whose they are, who has to act on them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from chassis.policy import Target
from services.org import domain, store
from vocabulary import parse_code


def of_incident(incident: domain.Incident, *, is_new: bool = False) -> Target:
    """The incident, seen by whoever holds a grant where it happened."""
    return Target(
        kind="incident",
        id=incident.id,
        area=incident.jurisdiction,
        sealed=incident.sealed,
        mode=incident.mode,
        new=is_new,
    )


def of_figure(incident: domain.Incident, *, authors: frozenset[str]) -> Target:
    """The incident, one of whose figures `authors` entered."""
    return Target(
        kind="incident",
        id=incident.id,
        area=incident.jurisdiction,
        authors=authors,
        sealed=incident.sealed,
        mode=incident.mode,
    )


async def of_report(db: AsyncConnection, report: domain.Report, *, is_new: bool = False) -> Target:
    """The report, seen where it tells of, and sealed with its incident."""
    return Target(
        kind="report",
        id=report.id,
        area=report.jurisdiction,
        sealed=await store.is_sealed(db, report.incident_id),
        mode=report.mode,
        new=is_new,
    )


async def of_reporter(db: AsyncConnection, reporter: domain.Reporter) -> Target:
    """Who told: under the report's id, and as open as the report is."""
    report = await store.find_report(db, reporter.id)
    incident = report.incident_id if report else None
    return Target(
        kind="reporter",
        id=reporter.id,
        area=reporter.jurisdiction,
        sealed=await store.is_sealed(db, incident),
    )


async def of_log_entry(
    db: AsyncConnection, entry: domain.LogEntry, *, is_new: bool = False
) -> Target:
    """The line of the log, seen where it happened and by the organization that signed it."""
    return Target(
        kind="log_entry",
        id=entry.id,
        area=entry.jurisdiction,
        organizations=_known(entry.organization_id),
        sealed=await store.is_sealed(db, entry.incident_id),
        mode=entry.mode,
        new=is_new,
    )


async def of_obligation(db: AsyncConnection, obligation: domain.Obligation) -> Target:
    """The obligation, seen by who owes it, to whom it is owed, and whose posts were told."""
    return Target(
        kind="obligation",
        id=obligation.id,
        area=obligation.jurisdiction,
        organizations=frozenset(domain.concerned(obligation)),
        addressees=_known(obligation.owed_by),
        sealed=await store.is_sealed(db, obligation.incident_id),
        mode=obligation.mode,
    )


async def of_order(db: AsyncConnection, order: domain.Order) -> Target:
    """The order: decided on by who orders and those above, receipted by its addressees."""
    return Target(
        kind="order",
        id=order.id,
        area=order.jurisdiction,
        organizations=frozenset(domain.parties(order)),
        owners=await _deciding(db, order.organization_id),
        addressees=frozenset(one.organization_id for one in order.receipts),
        sealed=await store.is_sealed(db, order.incident_id),
        mode=order.mode,
    )


async def of_situation_report(
    db: AsyncConnection, report: domain.SituationReport, *, authors: frozenset[str] | None = None
) -> Target:
    """The report: kept by who reports and those above, receipted by who it was sent to."""
    received_by = report.recipient_id if report.sent_at is not None else None
    return Target(
        kind="situation_report",
        id=report.id,
        area=report.jurisdiction,
        organizations=frozenset(domain.report_parties(report)),
        owners=await _deciding(db, report.organization_id),
        addressees=_known(received_by),
        authors=frozenset({report.drafted_by}) if authors is None else authors,
        sealed=await store.is_sealed(db, report.incident_id),
        mode=report.mode,
    )


async def of_coordination_request(
    db: AsyncConnection, request: domain.CoordinationRequest, *, is_new: bool = False
) -> Target:
    """The request: kept by who asks and those above, answered by who is asked."""
    return Target(
        kind="coordination_request",
        id=request.id,
        area=request.jurisdiction,
        organizations=frozenset(domain.coordination_parties(request)),
        owners=await _deciding(db, request.escalated_to or request.from_organization)
        | await _deciding(db, request.from_organization),
        addressees=_known(request.to_organization),
        sealed=await store.is_sealed(db, request.incident_id),
        mode=request.mode,
        new=is_new,
    )


async def of_task(db: AsyncConnection, task: domain.Task) -> Target:
    """The task, done by the one accountable organization."""
    return Target(
        kind="task",
        id=task.id,
        area=task.jurisdiction,
        organizations=_known(task.organization_id),
        addressees=_known(task.organization_id),
        sealed=await store.is_sealed(db, task.incident_id),
        mode=task.mode,
    )


def of_signal(signal: domain.Signal, facts: domain.SignalFacts) -> Target:
    """The signal: everybody may see it, who owes the answer and those above decide on it."""
    return Target(
        kind="signal",
        id=signal.id,
        area=facts.jurisdiction,
        owners=frozenset(signal.answerable_by),
        mode=facts.mode,
        new=True,
    )


def of_jurisdiction(code: str) -> Target:
    """The division: everybody may see it; what begins in it begins here."""
    return Target(kind="jurisdiction", id=code, area=code, new=True)


def of_organization(organization: domain.Organization) -> Target:
    """The organization: everybody may see it."""
    return Target(
        kind="organization",
        id=organization.id,
        area=organization.jurisdiction,
        organizations=frozenset({organization.id}),
        new=True,
    )


def of_post(post: domain.Post, organization: domain.Organization) -> Target:
    """The post, which lies where its organization does; everybody may see it."""
    return Target(
        kind="post",
        id=post.id,
        area=organization.jurisdiction,
        organizations=frozenset({organization.id}),
        new=True,
    )


def of_grant(grant: domain.Grant, *, is_new: bool = False) -> Target:
    """The delegation, taken back by who gave it and who holds it."""
    return Target(
        kind="grant",
        id=grant.id,
        area=grant.area,
        organizations=_known(grant.organization),
        authors=frozenset({grant.granted_by, grant.subject}),
        new=is_new,
    )


def of_account(subject: str) -> Target:
    """The account, which lies nowhere: its subject may hold roles in any area."""
    return Target(kind="account", id=domain.account_id(subject), area=domain.NATION, new=True)


async def all_of(db: AsyncConnection, kind: str, ids: Sequence[str]) -> Mapping[str, Target]:
    """The targets of those of the ids that the connection sees, by id."""
    table, of, target = _KINDS[kind]
    found = await documents.find(db, table, of, table.c.id.in_(list(ids)))
    return {one.id: await target(db, one) for one in found}


async def signals(db: AsyncConnection, ids: Sequence[str]) -> Mapping[str, Target]:
    """The targets of those of the signals that were heard, by id."""
    table = store.tables.signal
    found = await documents.find(db, table, domain.Signal, table.c.id.in_(list(ids)))
    return {one.id: of_signal(one, one.facts) for one in found if one.facts is not None}


def jurisdictions(codes: Sequence[str]) -> Mapping[str, Target]:
    """The targets of the divisions, by code; what is no code has none."""
    found = {}
    for code in codes:
        with suppress(ValueError):
            found[code] = of_jurisdiction(parse_code(code))
    return found


async def _of_incident(_: AsyncConnection, incident: domain.Incident) -> Target:
    return of_incident(incident)


async def _of_organization(_: AsyncConnection, organization: domain.Organization) -> Target:
    return of_organization(organization)


async def _deciding(db: AsyncConnection, organization_id: str) -> frozenset[str]:
    """The organization and those above it in the tree."""
    owner = await store.find_organization(db, organization_id)
    known = await store.organizations_over(db, owner.jurisdiction) if owner else []
    above = {one.id for one in known if domain.is_under(known, organization_id, one.id)}
    return frozenset({organization_id, *above})


def _known(organization_id: str | None) -> frozenset[str]:
    return frozenset({organization_id} if organization_id else ())


_KINDS: dict[str, tuple[Table, type[Any], Callable[[AsyncConnection, Any], Awaitable[Target]]]] = {
    "incident": (store.tables.incident, domain.Incident, _of_incident),
    "report": (store.tables.report, domain.Report, of_report),
    "reporter": (store.tables.reporter, domain.Reporter, of_reporter),
    "log_entry": (store.tables.log_entry, domain.LogEntry, of_log_entry),
    "obligation": (store.tables.obligation, domain.Obligation, of_obligation),
    "order": (store.tables.order, domain.Order, of_order),
    "task": (store.tables.task, domain.Task, of_task),
    "coordination_request": (
        store.tables.coordination_request,
        domain.CoordinationRequest,
        of_coordination_request,
    ),
    "situation_report": (
        store.tables.situation_report,
        domain.SituationReport,
        of_situation_report,
    ),
    "organization": (store.tables.organization, domain.Organization, _of_organization),
}
