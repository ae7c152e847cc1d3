"""Commands on signals: taken in as CAP or by form, cancelled, expired."""

from dataclasses import dataclass, replace
from datetime import datetime

from chassis.unit_of_work import UnitOfWork
from services.guarantee import events, store
from services.guarantee.commands import target
from services.guarantee.commands import warning as warnings
from services.guarantee.domain import cap, intake, jurisdiction, rule, signal
from services.guarantee.domain.intake import SignalMessage, TakenIn
from services.guarantee.domain.jurisdiction import Footprint
from services.guarantee.domain.signal import Signal
from vocabulary import Mode, WarningColour

FORM_RULE = "stated by the issuer"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalForm:
    """A signal as a person types it; `sender` is the caller's organization."""

    identifier: str
    sender: str
    mode: Mode
    emergency_type: str
    colour: WarningColour
    issuer: str | None
    headline_zh: str | None
    headline_en: str | None
    description_zh: str | None
    description_en: str | None
    divisions: tuple[str, ...]
    area_geojson: str | None
    sent_at: datetime | None
    onset: datetime | None
    expires_at: datetime | None
    replaces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender is told: the message as kept, its signal, and the signals that it ended."""

    message: SignalMessage
    signal: Signal | None
    ended: tuple[Signal, ...]
    repeated: bool


async def receive_cap(uow: UnitOfWork, document: bytes) -> Receipt:
    """Keep the message with its bytes and do what it says; the same message again changes nothing.

    A signal that is in force is told and suggests the draft of an early warning. Raises the
    refusals of `domain.cap`, CapIdentifierReused, and those of placing and classifying.
    """
    uow.authorize("receive_message", target.of_message())
    reading = cap.read(document)
    message = intake.message_of(reading, posted_by=_poster(uow), now=uow.now)
    await store.lock_chain(uow.db, (message.id, *message.references))
    kept = await store.find_message(uow.db, message.id)
    if kept is not None:
        intake.require_same(kept, message)
        found = await store.find_signals(uow.db, [kept.id])
        return Receipt(kept, found.get(kept.id), (), repeated=True)
    taken = intake.take_in(
        reading.alert,
        message,
        earlier=await store.find_signals(uow.db, message.references),
        later=await _later(uow, message),
        jurisdictions=await store.all_jurisdictions(uow.db),
        colours=rule.in_force(store.colour_rules(), uow.now),
        types=rule.in_force(store.emergency_type_rules(), uow.now),
    )
    if taken.signal is not None:
        began = target.of_signal(taken.signal, uow.caller, posted_by=message.posted_by)
        uow.authorize("begin_signal", began)
    await store.put_message(uow.db, taken.message, document)
    await _may_end_all(uow, taken)
    return await _carry_out(uow, taken)


async def issue_signal(uow: UnitOfWork, form: SignalForm) -> Receipt:
    """Put a signal in force that an agency typed; the same form again changes nothing.

    Raises CapIdentifierReused when the number was used for another signal, and the refusals of
    placing its area.
    """
    identity = signal.signal_id(form.sender, form.identifier)
    replaces = tuple(signal.signal_id(form.sender, one) for one in form.replaces)
    await store.lock_chain(uow.db, (identity, *replaces))
    issued = _from_form(form, identity, await _footprint(uow, form), now=uow.now)
    message = _form_message(form, issued, references=replaces, posted_by=_poster(uow))
    uow.authorize("issue_signal", target.of_signal(issued, uow.caller, posted_by=form.sender))
    kept = await store.find_message(uow.db, identity)
    if kept is not None:
        intake.require_same(kept, message)
        found = await store.find_signals(uow.db, [identity])
        return Receipt(kept, found.get(identity), (), repeated=True)
    taken = await _taken(uow, issued, message)
    await _may_end_all(uow, taken)
    return await _carry_out(uow, taken)


async def inject_signal(uow: UnitOfWork, form: SignalForm, exercise_id: str) -> None:
    """Put in force, in the exercise, what its script says; the same inject again changes nothing.

    Raises the refusals of placing its area.
    """
    identity = signal.signal_id(form.sender, form.identifier)
    replaces = tuple(signal.signal_id(form.sender, one) for one in form.replaces)
    await store.lock_chain(uow.db, (identity, *replaces))
    if await store.find_message(uow.db, identity) is not None:
        return
    drawn = _from_form(form, identity, await _footprint(uow, form), now=uow.now)
    issued = replace(drawn, exercise_id=exercise_id)
    message = _form_message(form, issued, references=replaces, posted_by=form.sender)
    await _carry_out(uow, await _taken(uow, issued, message))


async def end_signals(uow: UnitOfWork, exercise_id: str) -> None:
    """Withdraw what stands in the exercise, now that it is over."""
    for one in await store.standing_in(uow.db, exercise_id):
        await _end(uow, signal.cancel(one, reason="the exercise is over"))


async def cancel_signal(uow: UnitOfWork, id: str, *, expected_version: int, reason: str) -> Signal:
    """Withdraw the signal and lay aside the drafts it suggested. Raises SignalNotActive."""
    await store.lock_chain(uow.db, (id,))
    current = await store.get_signal(uow.db, id)
    await _may_end(uow, current)
    await store.require_current(uow.db, current, expected_version)
    return await _end(uow, signal.cancel(current, reason=reason))


async def expire_signal(uow: UnitOfWork, id: str) -> None:
    """End the signal when its time has come; anything else leaves it as it is."""
    current = (await store.find_signals(uow.db, [id])).get(id)
    expired = None if current is None else signal.expire(current, uow.now)
    if expired is not None:
        await _end(uow, expired)


async def _taken(uow: UnitOfWork, issued: Signal, message: SignalMessage) -> TakenIn:
    """Return the form's message, now kept, with its signal and those that it replaces."""
    replaces = message.references
    issued, late = intake.overtaken(issued, await _later(uow, message))
    earlier = await store.find_signals(uow.db, replaces)
    superseded = signal.replaced(earlier.values(), issued)
    issued = replace(issued, supersedes=tuple(one.id for one in superseded))
    unknown = tuple(one for one in replaces if one not in earlier)
    notes = tuple(
        cap.Finding("cap-reference-unknown", f"{one} is not known here", "replaces")
        for one in unknown
    )
    kept = replace(message, notes=(*late, *notes))
    await store.put_message(uow.db, kept, None)
    return TakenIn(kept, issued, superseded, ())


async def _may_end_all(uow: UnitOfWork, taken: TakenIn) -> None:
    for one in (*taken.superseded, *taken.cancelled):
        await _may_end(uow, one)


async def _carry_out(uow: UnitOfWork, taken: TakenIn) -> Receipt:
    ended = [await _end(uow, one) for one in (*taken.superseded, *taken.cancelled)]
    if taken.signal is None:
        return Receipt(taken.message, None, tuple(ended), repeated=False)
    stored = await store.put_signal(uow.db, taken.signal)
    if stored.is_active:
        await uow.publish(events.signal_issued(stored))
        await _schedule_expiry(uow, stored)
        await warnings.draft_from_signal(uow, stored)
    return Receipt(taken.message, stored, tuple(ended), repeated=False)


async def _end(uow: UnitOfWork, ended: Signal) -> Signal:
    stored = await store.put_signal(uow.db, ended)
    say = {
        signal.SignalStatus.SUPERSEDED: events.signal_superseded,
        signal.SignalStatus.CANCELLED: events.signal_cancelled,
        signal.SignalStatus.EXPIRED: events.signal_expired,
    }[stored.status]
    await uow.publish(say(stored))
    await uow.unschedule(f"signal.expire:{stored.id}")
    await warnings.lay_aside_drafts(uow, stored)
    return stored


async def _may_end(uow: UnitOfWork, ended: Signal) -> None:
    """Pass when the caller is of the organization that sent it or passed it on."""
    message = await store.find_message(uow.db, ended.id)
    poster = ended.sender if message is None else message.posted_by
    uow.authorize("end_signal", target.of_signal(ended, uow.caller, posted_by=poster))


async def _later(uow: UnitOfWork, message: SignalMessage) -> list[SignalMessage]:
    """Return what came before the message and speaks of it, from the same hands."""
    about = await store.messages_about(uow.db, message.id)
    return [one for one in about if one.posted_by == message.posted_by]


def _poster(uow: UnitOfWork) -> str:
    return uow.caller.organization or uow.caller.subject


async def _schedule_expiry(uow: UnitOfWork, stored: Signal) -> None:
    if stored.expires_at is not None:
        await uow.schedule(
            f"signal.expire:{stored.id}",
            due_at=stored.expires_at,
            command="signal.expire",
            payload={"id": stored.id},
        )


async def _footprint(uow: UnitOfWork, form: SignalForm) -> Footprint:
    return jurisdiction.locate(
        jurisdiction.ground_of_geojson(form.area_geojson),
        codes=form.divisions,
        jurisdictions=await store.all_jurisdictions(uow.db),
    )


def _from_form(form: SignalForm, identity: str, footprint: Footprint, *, now: datetime) -> Signal:
    return Signal(
        id=identity,
        mode=form.mode,
        identifier=form.identifier,
        sender=form.sender,
        issuer=form.issuer,
        emergency_type=form.emergency_type,
        colour=form.colour,
        colour_because=FORM_RULE,
        status=signal.initial_status(form.expires_at, now),
        jurisdiction=footprint.jurisdiction,
        areas=footprint.areas,
        area_geojson=footprint.geojson,
        headline_zh=form.headline_zh,
        headline_en=form.headline_en,
        description_zh=form.description_zh,
        description_en=form.description_en,
        sent_at=form.sent_at or now,
        received_at=now,
        onset=form.onset,
        expires_at=form.expires_at,
    )


def _form_message(
    form: SignalForm, issued: Signal, *, references: tuple[str, ...], posted_by: str
) -> SignalMessage:
    kind = cap.MessageType.UPDATE if references else cap.MessageType.ALERT
    return SignalMessage(
        id=issued.id,
        digest=intake.fingerprint(form),
        origin=intake.Origin.FORM,
        message_type=kind,
        mode=form.mode,
        sender=form.sender,
        identifier=form.identifier,
        sent_at=issued.sent_at,
        received_at=issued.received_at,
        posted_by=posted_by,
        ends=False,
        references=references,
    )
