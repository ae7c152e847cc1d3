"""The CAP 1.2 message that says a warning, or a signal that came by form, to others: strict, in both languages."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from services.guarantee.domain import cap
from services.guarantee.domain.jurisdiction import geometry
from services.guarantee.domain.rule import ColourRule, EmergencyTypeRule
from services.guarantee.domain.signal import Signal
from services.guarantee.domain.warning import Warning, WarningStatus
from vocabulary import EMERGENCY_TYPES, Mode, WarningColour

COLOUR_NAME = "warningLevel"
TYPE_NAME = "GB/T 35561"
AREA_NAME = "GB/T 2260"
_LANGUAGES = {"zh": "zh-CN", "en": "en-US"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What is to be said; `references` are the messages that it is about."""

    identifier: str
    sender: str
    sent: datetime
    mode: Mode
    message_type: cap.MessageType
    emergency_type: str
    colour: WarningColour
    areas: tuple[str, ...]
    area_geojson: str | None
    headlines: dict[str, str | None]
    descriptions: dict[str, str | None]
    onset: datetime | None = None
    expires: datetime | None = None
    references: tuple[cap.Reference, ...] = ()
    note: str | None = None


def of_warning(warning: Warning, earlier: Iterable[Warning]) -> Announcement:
    """Return the latest message about a warning: its announcement, or its cancellation.

    `earlier` are the warnings that it superseded.
    """
    sent = warning.issued_at or warning.drafted_at
    is_cancelled = warning.status is WarningStatus.CANCELLED
    references = tuple(
        reference(one.sender, one.id, one.issued_at or one.drafted_at) for one in earlier
    )
    message_type = cap.MessageType.UPDATE if references else cap.MessageType.ALERT
    said = Announcement(
        identifier=warning.id,
        sender=warning.sender,
        sent=sent,
        mode=warning.mode,
        message_type=message_type,
        emergency_type=warning.emergency_type,
        colour=warning.colour,
        areas=warning.areas,
        area_geojson=warning.area_geojson,
        headlines={"zh": warning.headline_zh, "en": warning.headline_en},
        descriptions={"zh": warning.description_zh, "en": warning.description_en},
        onset=warning.onset,
        expires=warning.expires_at,
        references=references,
    )
    if not is_cancelled:
        return said
    return replace(
        said,
        identifier=f"{warning.id}.cancel",
        sent=warning.ended_at or sent,
        message_type=cap.MessageType.CANCEL,
        references=(reference(warning.sender, warning.id, sent),),
        note=warning.reason,
    )


def of_signal(signal: Signal, earlier: Iterable[Signal]) -> Announcement:
    """Return what a signal that came by form would be as a message; `earlier` are those it superseded."""
    references = tuple(reference(one.sender, one.id, one.sent_at) for one in earlier)
    return Announcement(
        identifier=signal.id,
        sender=signal.sender,
        sent=signal.sent_at,
        mode=signal.mode,
        message_type=cap.MessageType.UPDATE if references else cap.MessageType.ALERT,
        emergency_type=signal.emergency_type,
        colour=signal.colour,
        areas=signal.areas,
        area_geojson=signal.area_geojson,
        headlines={"zh": signal.headline_zh, "en": signal.headline_en},
        descriptions={"zh": signal.description_zh, "en": signal.description_en},
        onset=signal.onset,
        expires=signal.expires_at,
        references=references,
    )


def as_alert(
    announcement: Announcement, *, colours: ColourRule, types: EmergencyTypeRule
) -> cap.Alert:
    """Return the announcement as a CAP message that the schema and the rules accept."""
    status = cap.Status.ACTUAL if announcement.mode is Mode.REAL else cap.Status.EXERCISE
    languages = [name for name in _LANGUAGES if announcement.headlines.get(name)] or ["zh"]
    return cap.Alert(
        identifier=announcement.identifier,
        sender=_name(announcement.sender),
        sent=announcement.sent,
        status=status,
        message_type=announcement.message_type,
        scope=cap.Scope.PUBLIC,
        note=announcement.note,
        references=announcement.references,
        infos=tuple(_info(announcement, name, colours=colours, types=types) for name in languages),
    )


def reference(sender: str, identifier: str, sent: datetime) -> cap.Reference:
    """Return the reference to a message of ours."""
    return cap.Reference(_name(sender), identifier, sent)


def _info(
    announcement: Announcement, language: str, *, colours: ColourRule, types: EmergencyTypeRule
) -> cap.Info:
    urgency, severity, certainty = colours.written[announcement.colour]
    headline = announcement.headlines.get(language) or _event(announcement.emergency_type, language)
    return cap.Info(
        language=_LANGUAGES[language],
        categories=(_category(announcement.emergency_type, types),),
        event=_event(announcement.emergency_type, language),
        urgency=cap.Urgency(urgency),
        severity=cap.Severity(severity),
        certainty=cap.Certainty(certainty),
        event_codes=(cap.Named(TYPE_NAME, announcement.emergency_type),),
        onset=announcement.onset,
        expires=announcement.expires,
        sender_name=announcement.sender,
        headline=headline[:140],
        description=announcement.descriptions.get(language) or headline,
        parameters=(cap.Named(COLOUR_NAME, announcement.colour.lower()),),
        areas=(_area(announcement),),
    )


def _area(announcement: Announcement) -> cap.Area:
    return cap.Area(
        description=", ".join(announcement.areas) or "see polygon",
        polygons=tuple(_rings(announcement.area_geojson)),
        geocodes=tuple(cap.Named(AREA_NAME, code) for code in announcement.areas),
    )


def _rings(geojson: str | None) -> Iterator[cap.Ring]:
    """Yield the outer rings, latitude first; CAP cannot say holes."""
    if geojson is None:
        return
    ground = geometry(geojson)
    parts: Iterable[object] = getattr(ground, "geoms", [ground])
    for part in parts:
        exterior = getattr(part, "exterior", None)
        if exterior is not None and not exterior.is_empty:  # points and lines cover nothing
            yield tuple((lat, lon) for lon, lat, *_ in exterior.coords)


def _event(code: str, language: str) -> str:
    known = EMERGENCY_TYPES.get(code)
    if known is None:
        return code
    return known.name_zh if language == "zh" else known.name_en


def _category(code: str, types: EmergencyTypeRule) -> cap.Category:
    fitting = [prefix for prefix in types.written if code.startswith(prefix)]
    return cap.Category(types.written[max(fitting, key=len)]) if fitting else cap.Category.OTHER


def _name(sender: str) -> str:
    """Return the sender as CAP allows it: no blank, comma, < or &."""
    return "".join("-" if one.isspace() or one in ",<&" else one for one in sender)
