"""What an emergency override asks of organizations: a decision, an order, a report to supervision."""

from datetime import datetime

from chassis.unit_of_work import UnitOfWork
from services.org import domain, store
from services.org.commands import log_entry, order
from services.org.commands import obligation as obligations


async def ask_override(uow: UnitOfWork, said: domain.Override, at: datetime) -> None:
    """The nearest authority owes a decision."""
    wanted = _draft(
        uow,
        said,
        domain.ObligationKind.DECIDE_OVERRIDE,
        owed_by=said.authorities[0],
        owed_to=said.organization_id,
        title=("决定是否应急授权", "decide on an emergency override"),
        at=at,
    )
    await obligations.owe(uow, wanted)
    await _log(uow, said, at, ("请求应急授权", "emergency override asked for"))


async def grant_override(uow: UnitOfWork, said: domain.Override, at: datetime) -> None:
    """The measure can be ordered while the override lasts; a report to supervision is owed."""
    await _decided(uow, said, at)
    await order.draft_overridden(uow, said, at=at)
    await _refresh(uow, said, at)
    known = await store.organizations_over(uow.db, said.jurisdiction)
    supervision = domain.supervising(known, said.jurisdiction)
    wanted = _draft(
        uow,
        said,
        domain.ObligationKind.REPORT_OVERRIDE,
        owed_by=said.authority or said.organization_id,
        owed_to=supervision.id if supervision else None,
        title=("向监督评估机构报告应急授权", "report the emergency override to supervision"),
        at=at,
    )
    await obligations.owe(uow, wanted)
    await _log(uow, said, at, ("应急授权", "emergency override granted"))


async def decline_override(uow: UnitOfWork, said: domain.Override, at: datetime) -> None:
    """The decision is no longer owed; the measure stays refused."""
    await _decided(uow, said, at)
    await _log(uow, said, at, ("不予应急授权", "emergency override declined"))


async def end_override(uow: UnitOfWork, said: domain.Override, at: datetime) -> None:
    """The measure is refused again: nothing that rests on the override stands."""
    reason = said.ended_because or domain.EXPIRED
    kind = domain.ObligationKind.DECIDE_OVERRIDE
    owed = await store.open_obligations(uow.db, kind, subject_id=said.id)
    await obligations.waive(uow, owed, reason)
    await order.end_overridden(uow, said.id, f"override ended: {reason}")
    await _refresh(uow, said, at, also=(said.measure.code,) if said.until else ())
    await _log(uow, said, at, ("应急授权终止", "emergency override over"))


async def _decided(uow: UnitOfWork, said: domain.Override, at: datetime) -> None:
    kind = domain.ObligationKind.DECIDE_OVERRIDE
    owed = await store.open_obligations(uow.db, kind, subject_id=said.id)
    await obligations.answer_all(uow, owed, at=at, by=said.decided_by or said.authority or "")


async def _refresh(
    uow: UnitOfWork, said: domain.Override, at: datetime, *, also: tuple[str, ...] = ()
) -> None:
    """The measure goes from the ordinary draft into the override's order, or back."""
    activation = await store.find_activation(uow.db, said.activation_id, lock=True)
    if activation is not None and activation.state in domain.OPEN_ACTIVATIONS:
        await order.refresh_draft(uow, activation, owner=said.organization_id, at=at, also=also)


def _draft(
    uow: UnitOfWork,
    said: domain.Override,
    kind: domain.ObligationKind,
    *,
    owed_by: str,
    owed_to: str | None,
    title: tuple[str, str],
    at: datetime,
) -> domain.Obligation:
    zh, en = said.names
    return obligations.draft(
        uow,
        kind,
        key=f"{kind}/{said.id}",
        owed_by=owed_by,
        owed_to=owed_to,
        subject=domain.Subject(domain.SubjectKind.OVERRIDE, said.id),
        title=(f"{title[0]}:{zh}", f"{title[1]}: {en}"),
        at=at,
        mode=said.mode,
        exercise_id=said.exercise_id,
        jurisdiction=said.jurisdiction,
        emergency_type=said.emergency_type,
        incident_id=said.incident_id,
        activation_id=said.activation_id,
    )


async def _log(uow: UnitOfWork, said: domain.Override, at: datetime, what: tuple[str, str]) -> None:
    zh, en = said.names
    by = said.decided_by or said.organization_id
    await log_entry.note(
        uow,
        (f"{what[0]}:{zh}({by})", f"{what[1]}: {en} ({by})"),
        at=at,
        jurisdiction=said.jurisdiction,
        mode=said.mode,
        exercise_id=said.exercise_id,
        incident_id=said.incident_id,
        organization_id=said.organization_id,
    )
