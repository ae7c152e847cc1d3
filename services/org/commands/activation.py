"""What an activation asks of organizations: answers to signals, signatures, tasks, orders."""

from collections.abc import Mapping
from datetime import datetime

from chassis.unit_of_work import UnitOfWork
from services.org import domain, store
from services.org.commands import incident, log_entry, order, signal, task
from services.org.commands import obligation as obligations


async def propose_activation(uow: UnitOfWork, said: domain.Activation, at: datetime) -> None:
    """A person owes a signature; the order waits as a draft; the signal's answer waits too."""
    activation = await _hear(uow, said)
    activation = await _await_signature(uow, activation)
    owner = await _owner(uow, activation)
    if owner is not None:
        await _owe_signature(uow, activation, owner=owner, at=at)
        await order.draft_proposed(uow, activation, owner=owner)
    await _log(uow, activation, at, ("拟启动", "proposed"))


async def start_activation(
    uow: UnitOfWork, said: domain.Activation, at: datetime, kind: domain.AnswerKind
) -> None:
    """The level is in force: its tasks are owed, its measures ordered, signals and proposals answered."""
    activation = await _hear(uow, said)
    activation = await _settle(uow, activation, at, kind)
    owner = await _owner(uow, activation)
    await task.create_tasks(uow, activation, at=at)
    if owner is not None:
        await order.order_measures(uow, activation, owner=owner, at=at)
    if activation.incident_id is not None:
        await incident.start_response(uow, activation.incident_id)
    await _log(uow, activation, at, ("启动", "in force"))


async def maintain_activation(uow: UnitOfWork, said: domain.Activation, at: datetime) -> None:
    """What is in force stands, which answers the signal; a proposal that fell is not owed."""
    activation = await _hear(uow, said)
    await _settle(uow, activation, at, domain.AnswerKind.MAINTAIN)


async def decline_activation(uow: UnitOfWork, said: domain.Activation, at: datetime) -> None:
    """A person said no: that answers signals and the proposal, and its draft falls."""
    activation = await _hear(uow, said)
    activation = await _settle(uow, activation, at, domain.AnswerKind.DECLINE)
    await order.withdraw_drafts(uow, activation, "the proposal was declined")
    await _log(uow, activation, at, ("不予启动", "declined"))


async def lower_activation(uow: UnitOfWork, said: domain.Activation, at: datetime) -> None:
    """Steps that the lower level does not have are taken back; orders stand until they are lifted."""
    activation = await _hear(uow, said)
    await _drop_proposal(uow, activation, "the proposal fell")
    await task.cancel_tasks(uow, activation, keep=[one.id for one in activation.steps])
    await _log(uow, activation, at, ("调低", "lowered"))


async def end_activation(uow: UnitOfWork, said: domain.Activation, at: datetime) -> None:
    """Nothing of it is owed any more; issued orders stand until they are lifted."""
    activation = await _hear(uow, said)
    await _drop_proposal(uow, activation, "the activation ended")
    await task.cancel_tasks(uow, activation, keep=())
    await order.withdraw_drafts(uow, activation, "the activation ended")
    await _log(uow, activation, at, ("终止", "ended"))


async def reanswer_activation(
    uow: UnitOfWork, said: domain.Activation, answers: Mapping[str, domain.Legal], at: datetime
) -> None:
    """What the law says now stands in the draft; an order whose basis lapsed says so."""
    activation = await _hear(uow, said)
    owner = await _owner(uow, activation)
    if owner is not None:
        await order.refresh_draft(uow, activation, owner=owner, at=at)
    await order.note_lapses(uow, activation.id, answers, at=at)


async def _hear(uow: UnitOfWork, said: domain.Activation) -> domain.Activation:
    present = await store.find_activation(uow.db, said.id, lock=True)
    return await store.put_activation(uow.db, domain.hear_activation(present, said))


async def _await_signature(uow: UnitOfWork, activation: domain.Activation) -> domain.Activation:
    signal_id = domain.caused_by_signal(activation)
    if signal_id is None:
        return activation
    await signal.wait_for_signature(uow, signal_id, activation.id)
    return await store.put_activation(uow.db, domain.owe_answers(activation, signal_id))


async def _settle(
    uow: UnitOfWork, activation: domain.Activation, at: datetime, kind: domain.AnswerKind
) -> domain.Activation:
    """Give every answer that this decision gives, unless a proposal still waits for a person."""
    if domain.waits_for_signature(activation):
        return await _await_signature(uow, activation)
    caused = domain.caused_by_signal(activation)
    answered = {*activation.signals, *([caused] if caused else [])}
    answer = domain.Answer(
        kind=kind,
        at=at,
        decided_by=domain.decider(activation),
        reason=activation.reason,
        activation_id=activation.id,
        organization_id=activation.organization_id,
        level=activation.level,
    )
    for signal_id in sorted(answered):
        await signal.answer_by_plan(uow, signal_id, answer)
    owed = await _signatures(uow, activation)
    if kind is domain.AnswerKind.MAINTAIN:
        await obligations.waive(uow, owed, "the proposal fell")
    else:
        await obligations.answer_all(uow, owed, at=at, by=domain.decider(activation))
    return await store.put_activation(uow.db, domain.settle_answers(activation))


async def _drop_proposal(uow: UnitOfWork, activation: domain.Activation, reason: str) -> None:
    if not domain.waits_for_signature(activation):
        await obligations.waive(uow, await _signatures(uow, activation), reason)


async def _owe_signature(
    uow: UnitOfWork, activation: domain.Activation, *, owner: str, at: datetime
) -> None:
    level = activation.proposed_level
    proposed_at = activation.proposed_at or at
    key = f"SIGN_PROPOSAL/{activation.id}/{level}/{proposed_at.isoformat()}"
    older = [one for one in await _signatures(uow, activation) if one.key != key]
    await obligations.waive(uow, older, f"replaced by a proposal of {level}")
    wanted = obligations.draft(
        uow,
        domain.ObligationKind.SIGN_PROPOSAL,
        key=key,
        owed_by=owner,
        subject=domain.Subject(domain.SubjectKind.ACTIVATION, activation.id),
        title=(
            f"签批:{activation.plan_title_zh} {level}",
            f"sign {level} of {activation.plan_title_en}",
        ),
        at=at,
        due_at=activation.sign_before,
        mode=activation.mode,
        exercise_id=activation.exercise_id,
        jurisdiction=activation.jurisdiction,
        emergency_type=activation.emergency_type,
        incident_id=activation.incident_id,
        activation_id=activation.id,
    )
    await obligations.owe(uow, wanted)


async def _signatures(uow: UnitOfWork, activation: domain.Activation) -> list[domain.Obligation]:
    kind = domain.ObligationKind.SIGN_PROPOSAL
    return await store.open_obligations(uow.db, kind, subject_id=activation.id)


async def _owner(uow: UnitOfWork, activation: domain.Activation) -> str | None:
    """Who issued the plan and must sign; else who commands that emergency type there."""
    if activation.organization_id is not None:
        return activation.organization_id
    known = await store.organizations_over(uow.db, activation.jurisdiction)
    found = domain.commanding(known, activation.jurisdiction, activation.emergency_type)
    return found.id if found else None


async def _log(
    uow: UnitOfWork, activation: domain.Activation, at: datetime, what: tuple[str, str]
) -> None:
    level = activation.proposed_level or activation.level or ""
    await log_entry.note(
        uow,
        (
            f"{activation.plan_title_zh} {what[0]} {level}".rstrip(),
            f"{activation.plan_title_en}: {level} {what[1]}",
        ),
        at=at,
        jurisdiction=activation.jurisdiction,
        mode=activation.mode,
        exercise_id=activation.exercise_id,
        incident_id=activation.incident_id,
        organization_id=activation.organization_id,
    )
