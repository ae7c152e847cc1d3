"""Commands on signals: heard, answered, taken back; either of the first two may come first."""

import dataclasses
from datetime import datetime

from chassis.unit_of_work import UnitOfWork
from services.org import domain, store
from services.org.commands import log_entry, target
from services.org.commands import obligation as obligations


async def hear_signal(
    uow: UnitOfWork, signal_id: str, *, facts: domain.SignalFacts, at: datetime
) -> domain.Signal:
    """Owe an answer to the signal from `at`, and give the one that came before it.

    Where nobody commands the emergency type the signal is kept without an owner: a violation.
    """
    known = await store.organizations_over(uow.db, facts.jurisdiction)
    owner = domain.commanding(known, facts.jurisdiction, facts.emergency_type)
    owed_by = owner.id if owner else None
    over = tuple(one.id for one in known if owed_by and domain.is_under(known, owed_by, one.id))
    signal = await store.lock_signal(uow.db, signal_id)
    signal = domain.hear(signal, facts, owed_by=owed_by, answerable_by=over)
    signal = await store.put_signal(uow.db, signal)
    zh, en = domain.signal_label(facts)
    await log_entry.note(
        uow,
        (f"收到{zh}", f"Received: {en}"),
        at=at,
        jurisdiction=facts.jurisdiction,
        mode=facts.mode,
        exercise_id=facts.exercise_id,
        organization_id=owed_by,
    )
    if owner is not None:
        await _owe_answer(uow, signal, facts, owner=owner, at=at)
    return signal


async def retire_signal(uow: UnitOfWork, signal_id: str, status: str) -> None:
    """Note that the signal stands no more; an answer that was not due yet is owed no more.

    Expiry waives nothing: what was due before it stays due.
    """
    signal = await store.lock_signal(uow.db, signal_id)
    if signal.facts is None:
        return
    facts = dataclasses.replace(signal.facts, status=status)
    await store.put_signal(uow.db, dataclasses.replace(signal, facts=facts))
    if status == "EXPIRED":
        return
    owed = await store.open_obligations(
        uow.db, domain.ObligationKind.ANSWER_SIGNAL, subject_id=signal_id
    )
    fresh = [one for one in owed if one.state is domain.ObligationState.OWED]
    await obligations.waive(uow, fresh, f"signal {status.lower()}")


async def answer_signal(
    uow: UnitOfWork, signal_id: str, *, kind: domain.AnswerKind, reason: str
) -> domain.Signal:
    """Record the caller's decision upon the signal.

    Raises NotFound, SignalNotHeard and SignalAlreadyAnswered.
    """
    signal = await store.get_signal(uow.db, signal_id)
    decision = uow.authorize("answer_signal", target.of_signal(signal, domain.heard(signal)))
    organization = decision.grant.organization if decision.grant else None
    by = f"{organization}/{uow.caller.person or uow.caller.subject}"
    answer = domain.Answer(kind=kind, at=uow.now, decided_by=by, reason=reason)
    signal = await store.put_signal(uow.db, domain.answer_by_person(signal, answer))
    await _settle(uow, signal)
    return signal


async def answer_by_plan(uow: UnitOfWork, signal_id: str, answer: domain.Answer) -> None:
    """Record a plan's answer, also before the signal itself is heard; the first answer stands."""
    signal = domain.answer_signal(await store.lock_signal(uow.db, signal_id), answer)
    signal = await store.put_signal(uow.db, signal)
    await _settle(uow, signal)


async def wait_for_signature(uow: UnitOfWork, signal_id: str, activation_id: str) -> None:
    """Record that the answer to the signal comes with the signature of the activation."""
    signal = domain.propose_upon(await store.lock_signal(uow.db, signal_id), activation_id)
    await store.put_signal(uow.db, signal)


async def _owe_answer(
    uow: UnitOfWork,
    signal: domain.Signal,
    facts: domain.SignalFacts,
    *,
    owner: domain.Organization,
    at: datetime,
) -> None:
    zh, en = domain.signal_label(facts)
    wanted = obligations.draft(
        uow,
        domain.ObligationKind.ANSWER_SIGNAL,
        key=f"ANSWER_SIGNAL/{signal.id}",
        owed_by=owner.id,
        subject=domain.Subject(domain.SubjectKind.SIGNAL, signal.id),
        title=(f"{zh}待决定响应", f"decide on the {en}"),
        at=at,
        mode=facts.mode,
        exercise_id=facts.exercise_id,
        jurisdiction=facts.jurisdiction,
        emergency_type=facts.emergency_type,
    )
    await obligations.owe(uow, wanted, colour=facts.colour)
    await _settle(uow, signal)


async def _settle(uow: UnitOfWork, signal: domain.Signal) -> None:
    if signal.answer is None:
        return
    owed = await store.open_obligations(
        uow.db, domain.ObligationKind.ANSWER_SIGNAL, subject_id=signal.id
    )
    answer = signal.answer
    await obligations.answer_all(uow, owed, at=answer.at, by=answer.decided_by)
