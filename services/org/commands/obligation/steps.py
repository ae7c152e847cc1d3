"""What becomes of an obligation: owed, confirmed, answered, overdue, waived."""

from collections.abc import Iterable
from datetime import datetime

from chassis import documents
from chassis.unit_of_work import UnitOfWork
from services.org import domain, events, store
from services.org.commands import log_entry, notice, outage, target
from services.org.commands.obligation import telling
from vocabulary import Mode, WarningColour


def draft(
    uow: UnitOfWork,
    kind: domain.ObligationKind,
    *,
    key: str,
    owed_by: str,
    subject: domain.Subject,
    title: tuple[str, str],
    at: datetime,
    mode: Mode,
    jurisdiction: str,
    due_at: datetime | None = None,
    owed_to: str | None = None,
    emergency_type: str | None = None,
    incident_id: str | None = None,
    activation_id: str | None = None,
    exercise_id: str | None = None,
) -> domain.Obligation:
    """Return the obligation as its cause describes it; `owe` gives it limit and ladder."""
    return domain.Obligation(
        id=uow.new_id("obl"),
        key=key,
        kind=kind,
        state=domain.ObligationState.OWED,
        owed_by=owed_by,
        owed_to=owed_to,
        subject=subject,
        title_zh=title[0],
        title_en=title[1],
        created_at=at,
        due_at=due_at or at,
        rule="",
        ladder=(),
        mode=mode,
        exercise_id=exercise_id,
        jurisdiction=jurisdiction,
        emergency_type=emergency_type,
        incident_id=incident_id,
        activation_id=activation_id,
    )


async def owe(
    uow: UnitOfWork,
    wanted: domain.Obligation,
    *,
    colour: WarningColour | None = None,
    through: notice.Channel = notice.RECORDING,
) -> domain.Obligation:
    """Leave exactly one obligation of this key, its first rung told; a second time changes nothing.

    Raises LimitMissing when no rule limits its kind.
    """
    present = await store.find_obligation(uow.db, wanted.key)
    if present is not None:
        return present
    limit = domain.limit_for(
        store.limit_rules(),
        wanted.kind,
        jurisdiction=wanted.jurisdiction,
        at=wanted.created_at,
        colour=colour,
    )
    obligation, owed = domain.owe(wanted, limit)
    await uow.publish(events.to_message(owed))
    if await _is_of_the_past(uow, obligation):
        obligation, _ = await _waive(uow, obligation, "the exercise is over")
        return obligation
    await uow.schedule(
        f"due/{obligation.id}",
        due_at=obligation.due_at,
        command="obligation_due",
        payload={"obligation": obligation.id},
    )
    return await telling.tell_next(uow, obligation, through)


async def tell_waiting(
    uow: UnitOfWork, exercise_id: str, *, through: notice.Channel = notice.RECORDING
) -> None:
    """Tell what was owed in the exercise before it was known who takes part."""
    for one in await store.open_obligations_of_exercise(uow.db, exercise_id):
        if one.climbed_to < 0:
            await telling.tell_next(uow, one, through)


async def climb(
    uow: UnitOfWork, obligation_id: str, *, through: notice.Channel = notice.RECORDING
) -> None:
    """Tell the next rung, if silence still sends the notice upward."""
    obligation = await store.get_obligation(uow.db, obligation_id)
    if domain.is_climbing(obligation):
        await telling.tell_next(uow, obligation, through)


async def fall_due(
    uow: UnitOfWork, obligation_id: str, *, through: notice.Channel = notice.RECORDING
) -> None:
    """Raise that the due time passed, once, and climb on; nothing when it was answered."""
    obligation = await store.get_obligation(uow.db, obligation_id)
    was_up = await outage.system_was_up(uow, obligation.created_at, obligation.due_at)
    obligation, overdue = domain.run_overdue(obligation, now=uow.now, system_was_up=was_up)
    if overdue is None:
        return
    await uow.publish(events.to_message(overdue))
    await log_entry.note(
        uow,
        (f"逾期未办:{obligation.title_zh}", f"Overdue: {obligation.title_en}"),
        at=obligation.due_at,
        jurisdiction=obligation.jurisdiction,
        mode=obligation.mode,
        exercise_id=obligation.exercise_id,
        incident_id=obligation.incident_id,
        organization_id=obligation.owed_by,
    )
    await telling.tell_next(uow, obligation, through)


async def confirm_obligation(
    uow: UnitOfWork, obligation_id: str, *, post: str, expected_version: int | None = None
) -> domain.Obligation:
    """Record that the caller, in `post`, knows of it: telling stops, the due time runs on.

    Raises PostNotHeld, PostNotTold, NotFound and VersionConflict.
    """
    obligation = await store.get_obligation(uow.db, obligation_id)
    uow.authorize("confirm_obligation", await target.of_obligation(uow.db, obligation))
    await documents.current(uow.db, store.tables.obligation, obligation, expected_version)
    if post not in uow.caller.posts:
        raise domain.PostNotHeld(f"You do not hold {post}.", field=("post",), missing=post)
    person = uow.caller.person or uow.caller.subject
    obligation, confirmed = domain.confirm(obligation, post=post, person=person, now=uow.now)
    if confirmed is None:
        return obligation
    obligation = await telling.keep(uow, obligation)
    await uow.publish(events.to_message(confirmed))
    return obligation


async def report_obligation(
    uow: UnitOfWork, obligation_id: str, *, text: str, expected_version: int | None = None
) -> domain.Obligation:
    """Answer a duty to report an override: what was done and why goes into the duty log, signed.

    Raises NotFound, VersionConflict, NothingToReport and ObligationNotOpen.
    """
    present = await store.get_obligation(uow.db, obligation_id)
    uow.authorize("report_obligation", await target.of_obligation(uow.db, present))
    await documents.current(uow.db, store.tables.obligation, present, expected_version)
    domain.check_reportable(present)
    by = uow.caller.person or uow.caller.subject
    entry = domain.LogEntry(
        id=uow.new_id("log"),
        at=uow.now,
        recorded_at=uow.now,
        kind=domain.LogKind.DECISION,
        text=f"{present.title_zh}:{text}",
        by=by,
        post=uow.caller.posts[0] if uow.caller.posts else None,
        organization_id=present.owed_by,
        jurisdiction=present.jurisdiction,
        incident_id=present.incident_id,
        mode=present.mode,
    )
    await log_entry.add_log_entry(uow, entry)
    return await answer(uow, present, at=uow.now, by=f"{present.owed_by}/{entry.post or by}")


async def answer(
    uow: UnitOfWork, obligation: domain.Obligation, *, at: datetime, by: str
) -> domain.Obligation:
    """Record what answered it; nothing when it is not open. Answered in our outage, it says so."""
    until = min(at, obligation.due_at)
    was_up = await outage.system_was_up(uow, obligation.created_at, until)
    obligation, answered = domain.answer(obligation, at=at, by=by, system_was_up=was_up)
    if answered is None:
        return obligation
    obligation = await telling.keep(uow, obligation)
    await uow.publish(events.to_message(answered))
    return obligation


async def answer_all(
    uow: UnitOfWork, owed: Iterable[domain.Obligation], *, at: datetime, by: str
) -> None:
    """Record what answered each of them."""
    for one in owed:
        await answer(uow, one, at=at, by=by)


async def waive(uow: UnitOfWork, owed: Iterable[domain.Obligation], reason: str) -> None:
    """Take each of them back, with the reason; nothing for those that are not open."""
    for one in owed:
        await _waive(uow, one, reason)


async def waive_obligation(
    uow: UnitOfWork, obligation_id: str, *, reason: str, expected_version: int
) -> domain.Obligation:
    """Take the obligation back by a person's word. Raises ObligationNotOpen and VersionConflict."""
    present = await store.get_obligation(uow.db, obligation_id)
    uow.authorize("waive_obligation", await target.of_obligation(uow.db, present))
    await documents.current(uow.db, store.tables.obligation, present, expected_version)
    obligation, is_waived = await _waive(uow, present, reason)
    if not is_waived:
        raise domain.ObligationNotOpen(
            f"The obligation is {present.state}.", currentStatus=present.state
        )
    return obligation


async def _waive(
    uow: UnitOfWork, obligation: domain.Obligation, reason: str
) -> tuple[domain.Obligation, bool]:
    waived, said = domain.waive(obligation, reason)
    if said is None:
        return obligation, False
    stored = await telling.keep(uow, waived)
    await uow.publish(events.to_message(said))
    return stored, True


async def _is_of_the_past(uow: UnitOfWork, obligation: domain.Obligation) -> bool:
    """Whether it came late to an exercise that is over."""
    if obligation.exercise_id is None:
        return False
    exercise = await store.find_exercise(uow.db, obligation.exercise_id)
    return exercise is not None and exercise.is_over
