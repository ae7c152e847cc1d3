"""Takes in CAP messages: what each does to itself and to the earlier signals of its chain (GUAR-5)."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chassis.errors import Invalid
from services.guarantee.domain import cap
from services.guarantee.domain.classification import emergency_type_of, worst
from services.guarantee.domain.jurisdiction import (
    Jurisdiction,
    ground_of,
    known_codes,
    locate,
)
from services.guarantee.domain.rule import ColourRule, EmergencyTypeRule
from services.guarantee.domain.signal import (
    Signal,
    SignalStatus,
    cancelled,
    initial_status,
    signal_id,
    superseded,
)
from vocabulary import Mode

FUTURE_TOLERANCE = timedelta(minutes=5)  # clocks of agencies differ


class Origin(StrEnum):
    """How a signal came: as a CAP message, whose bytes are kept, or typed into a form."""

    CAP = "CAP"
    FORM = "FORM"


class CapIdentifierReused(Invalid):
    """Another message of this sender bears the same identifier; the earlier one stands."""

    slug = "cap-identifier-reused"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalMessage:
    """One message as it came, kept for good; Cancel messages have no signal of their own."""

    id: str
    digest: str
    origin: Origin
    message_type: cap.MessageType
    mode: Mode | None  # None: a test, draft or system message
    sender: str
    identifier: str
    sent_at: datetime
    received_at: datetime
    posted_by: str
    ends: bool  # a Cancel, or an Update that says AllClear
    references: tuple[str, ...] = ()
    notes: tuple[cap.Finding, ...] = ()
    version: int = 0


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What a message brought about: its signal if it has one, and the earlier signals it changed."""

    message: SignalMessage
    signal: Signal | None
    superseded: tuple[Signal, ...] = ()
    cancelled: tuple[Signal, ...] = ()


def fingerprint(said: object) -> str:
    """Return a hash of what a message or form says, whatever its spacing or prefix."""
    return hashlib.sha256(repr(said).encode()).hexdigest()


def message_of(reading: cap.Reading, *, posted_by: str, now: datetime) -> SignalMessage:
    """Return the message to keep, with all that its sender should know.

    Raises CapTypeUnsupported, CapReferencesMissing and CapInvalid.
    """
    alert = reading.alert
    cap.require_understandable(alert)
    return SignalMessage(
        id=signal_id(alert.sender, alert.identifier),
        digest=fingerprint(alert),
        origin=Origin.CAP,
        message_type=alert.message_type,
        mode=_mode(alert.status),
        sender=alert.sender,
        identifier=alert.identifier,
        sent_at=alert.sent,
        received_at=now,
        posted_by=posted_by,
        ends=_ends(alert),
        references=_ids(alert.references),
        notes=(*reading.notes, *cap.remarks(alert), *_remarks_on_time(alert, now)),
    )


def require_same(kept: SignalMessage, message: SignalMessage) -> None:
    """Pass when both say the same. Raises CapIdentifierReused."""
    if kept.digest != message.digest:
        raise CapIdentifierReused(
            f"{message.sender} has used the identifier {message.identifier} for another message.",
            field=("identifier",),
            remedy="Give every message, updates too, an identifier of its own.",
            signalId=kept.id,
        )


def take_in(
    alert: cap.Alert,
    message: SignalMessage,
    *,
    earlier: Mapping[str, Signal],
    later: Sequence[SignalMessage],
    jurisdictions: Sequence[Jurisdiction],
    colours: ColourRule,
    types: EmergencyTypeRule,
) -> TakenIn:
    """Decide what a message does: to itself, and to the `earlier` signals that it references.

    `later` are messages received before this one that reference it. A message acts only on
    signals of its own sender and mode. Raises what placing and classifying refuse.
    """
    affected, notes = _affected(message, earlier)
    if message.ends:
        ended = tuple(cancelled(one, message.id) for one in affected)
        return TakenIn(replace(message, notes=(*message.notes, *notes)), None, (), ended)
    signal, found = _signal(
        alert, message, jurisdictions=jurisdictions, colours=colours, types=types
    )
    signal, late = overtaken(signal, later)
    replaced: tuple[Signal, ...] = ()
    if signal.status is not SignalStatus.INACTIVE:
        replaced = tuple(superseded(one, signal.id) for one in affected)
    signal = replace(signal, supersedes=tuple(one.id for one in replaced))
    kept = replace(message, notes=(*message.notes, *notes, *found, *late))
    return TakenIn(kept, signal, replaced, ())


def _mode(status: cap.Status) -> Mode | None:
    return {cap.Status.ACTUAL: Mode.REAL, cap.Status.EXERCISE: Mode.EXERCISE}.get(status)


def _ends(alert: cap.Alert) -> bool:
    all_clear = bool(alert.infos) and all(
        cap.ResponseType.ALL_CLEAR in info.response_types for info in alert.infos
    )
    return alert.message_type is cap.MessageType.CANCEL or (
        alert.message_type is cap.MessageType.UPDATE and all_clear
    )


def _ids(references: Iterable[cap.Reference]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(signal_id(one.sender, one.identifier) for one in references))


def _remarks_on_time(alert: cap.Alert, now: datetime) -> tuple[cap.Finding, ...]:
    found = []
    if alert.sent > now + FUTURE_TOLERANCE:
        found.append(cap.Finding("cap-sent-in-future", "sent lies in the future", "sent"))
    if any(info.onset is not None and info.onset < alert.sent for info in alert.infos):
        found.append(cap.Finding("cap-onset-before-sent", "onset lies before sent", "onset"))
    if _mode(alert.status) is None:
        found.append(
            cap.Finding(
                "cap-not-actual", f"{alert.status} messages are kept, never in force", "status"
            )
        )
    return tuple(found)


def _affected(
    message: SignalMessage, earlier: Mapping[str, Signal]
) -> tuple[list[Signal], list[cap.Finding]]:
    affected, notes = [], []
    for reference in message.references:
        known = earlier.get(reference)
        refusal = _why_not(message, known)
        if refusal is not None:
            notes.append(refusal)
        elif known is not None and known.is_active:
            affected.append(known)
    return affected, notes


def _why_not(message: SignalMessage, known: Signal | None) -> cap.Finding | None:
    if known is None:
        return cap.Finding(
            "cap-reference-unknown",
            "a referenced message has not come; this one is kept and matched when it does",
            "references",
        )
    if known.sender != message.sender:
        return cap.Finding("cap-reference-other-sender", f"{known.sender} issued it", "references")
    if known.mode is not message.mode:
        return cap.Finding("cap-reference-other-mode", f"it is {known.mode}", "references")
    return None


def _signal(
    alert: cap.Alert,
    message: SignalMessage,
    *,
    jurisdictions: Sequence[Jurisdiction],
    colours: ColourRule,
    types: EmergencyTypeRule,
) -> tuple[Signal, list[cap.Finding]]:
    blocks = worst(alert.infos, colours)
    first = blocks[0].info
    emergency_type, by = emergency_type_of(first, types)
    areas = [area for block in blocks for area in block.info.areas]
    geocodes = [code for area in areas for code in area.geocodes]
    footprint = locate(
        ground_of(areas),
        codes=known_codes(geocodes, types.area_names),
        jurisdictions=jurisdictions,
    )
    status = initial_status(first.expires, message.received_at)
    chinese = next((info for info in alert.infos if _is_chinese(info)), None)
    english = next((info for info in alert.infos if not _is_chinese(info)), None)
    signal = Signal(
        id=message.id,
        mode=message.mode or Mode.REAL,
        identifier=alert.identifier,
        sender=alert.sender,
        issuer=first.sender_name,
        emergency_type=emergency_type,
        colour=blocks[0].colour,
        colour_because=f"{blocks[0].because} ({colours.name})",
        status=SignalStatus.INACTIVE if message.mode is None else status,
        jurisdiction=footprint.jurisdiction,
        areas=footprint.areas,
        area_geojson=footprint.geojson,
        sent_at=alert.sent,
        received_at=message.received_at,
        onset=first.onset,
        expires_at=first.expires,
        headline_zh=_headline(chinese),
        headline_en=_headline(english),
        description_zh=_description(chinese),
        description_en=_description(english),
    )
    said = {
        "cap-stale": (status is SignalStatus.EXPIRED, "expired before it came: kept, not active"),
        "several-colours": (
            len(blocks) < len(alert.infos),
            f"blocks differ; the signal is that of {blocks[0].colour}",
        ),
        "emergency-type-from-category": (by == "category", f"read as {emergency_type}"),
        "area-exceeds-jurisdictions": (
            footprint.exceeds,
            "the area reaches beyond the divisions known here",
        ),
    }
    return signal, [cap.Finding(code, text) for code, (is_so, text) in said.items() if is_so]


def _is_chinese(info: cap.Info) -> bool:
    """Whether the block is Chinese: marked so, or written so by a sender that left the default."""
    said = info.headline or info.event
    return info.language.lower().startswith("zh") or any(
        "\u4e00" <= one <= "\u9fff" for one in said
    )


def _headline(info: cap.Info | None) -> str | None:
    return None if info is None else info.headline or info.event


def _description(info: cap.Info | None) -> str | None:
    return None if info is None else info.description


def overtaken(signal: Signal, later: Sequence[SignalMessage]) -> tuple[Signal, list[cap.Finding]]:
    """Return the signal as messages that came before it have already ended it."""
    for message in sorted(later, key=lambda one: one.sent_at):
        if not signal.is_active or _why_not(message, signal) is not None:
            continue
        if message.ends:
            note = cap.Finding("cap-already-cancelled", f"{message.identifier} came before it")
            return cancelled(signal, message.id), [note]
        note = cap.Finding("cap-already-superseded", f"{message.identifier} came before it")
        return superseded(signal, message.id), [note]
    return signal, []
