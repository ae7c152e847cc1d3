"""What a CAP message says in this country's terms: colour and emergency type, with how it was found."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chassis.errors import Invalid
from services.guarantee.domain import cap
from services.guarantee.domain.rule import ColourRow, ColourRule, EmergencyTypeRule
from vocabulary import WarningColour

_TYPE_CODE = re.compile(r"1[1-4][A-Z][0-9]{2}")


class EmergencyTypeUnknown(Invalid):
    """The message does not say what kind of emergency it is about."""

    slug = "emergency-type-unknown"


class ColourUnknown(Invalid):
    """The message carries neither a colour nor a severity."""

    slug = "colour-unknown"


@dataclass(frozen=True, slots=True)
class Coloured:
    """A block of the message with its colour and where that came from."""

    info: cap.Info
    colour: WarningColour
    because: str


def colour_of(info: cap.Info, rule: ColourRule) -> Coloured | None:
    """Return the colour that the block carries, or that the table gives; None when neither does."""
    for value in cap.named((*info.parameters, *info.event_codes), rule.value_names):
        colour = rule.words.get(value.strip().lower())
        if colour is not None:
            return Coloured(info, colour, f"carried as {value.strip()}")
    row = next((row for row in rule.table if _fits(row, info)), None)
    if row is None:
        return None
    return Coloured(info, row.colour, f"{info.urgency}/{info.severity}/{info.certainty}")


def _fits(row: ColourRow, info: cap.Info) -> bool:
    return (
        row.severity == info.severity
        and row.urgency in {None, info.urgency}
        and row.certainty in {None, info.certainty}
    )


def worst(infos: Sequence[cap.Info], rule: ColourRule) -> tuple[Coloured, ...]:
    """Return the blocks of the most severe colour, in their order. Raises ColourUnknown."""
    coloured = [found for info in infos if (found := colour_of(info, rule)) is not None]
    if not coloured:
        raise ColourUnknown(
            "No colour is carried and severity is Unknown.",
            field=("info", "severity"),
            remedy=f"Give parameter {min(rule.value_names)} or judge the severity.",
        )
    severest = max(one.colour.severity for one in coloured)
    return tuple(one for one in coloured if one.colour.severity == severest)


def emergency_type_of(info: cap.Info, rule: EmergencyTypeRule) -> tuple[str, str]:
    """Return the GB/T 35561 code and how it was found: code, event or category.

    A category alone gives a class or a branch, which is less than a leaf. Raises
    EmergencyTypeUnknown when nothing says anything.
    """
    named = (*info.event_codes, *info.parameters)
    for value in cap.named(named, rule.value_names):
        if _TYPE_CODE.fullmatch(value.strip()):
            return value.strip(), "code"
    event = info.event.lower()
    matched = [word for word in rule.words if word in event]
    if matched:
        return rule.words[max(matched, key=len)], "event"
    category = next((one for one in info.categories if one in rule.categories), None)
    if category is None:
        raise EmergencyTypeUnknown(
            f"The event {info.event[:40]!r} is none that is known here.",
            field=("info", "event"),
            remedy=f"Give the GB/T 35561 code as eventCode {min(rule.value_names)}.",
        )
    return rule.categories[category], "category"
