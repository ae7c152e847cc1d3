"""The one answer to "may this organization take this measure here, now, at this level?" (PLAN-6, GUAR-10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vocabulary.area import is_within
from vocabulary.levels import OrganizationKind, ResponseLevel


class LegalVerdict(StrEnum):
    """UNKNOWN: no provisions are loaded, which is neither leave nor refusal."""

    ALLOWED = "ALLOWED"
    REFUSED = "REFUSED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Provision:
    """A live article that authorises measures; `minimum_level` is the least severe level it asks for."""

    id: str
    instrument: str
    article: str
    measures: tuple[str, ...]
    held_by: tuple[OrganizationKind, ...]
    minimum_level: ResponseLevel | None
    territory: str | None
    maximum_duration_minutes: int | None
    valid_from: datetime
    valid_to: datetime | None
    source: str


@dataclass(frozen=True, slots=True)
class LegalAnswer:
    """The verdict with what it rests on, or what is missing and which kinds of organization hold it."""

    verdict: LegalVerdict
    provisions: tuple[str, ...] = ()
    missing: str | None = None
    who_may_grant: tuple[OrganizationKind, ...] = ()


def may(
    measure: str,
    *,
    kind: OrganizationKind,
    level: ResponseLevel | None,
    area: str,
    at: datetime,
    provisions: Sequence[Provision],
) -> LegalAnswer:
    """Answer for an organization of `kind` in jurisdiction `area` at instant `at`; refusals name what is missing."""
    if not provisions:
        return LegalAnswer(LegalVerdict.UNKNOWN, missing="no provisions are loaded")
    named = [one for one in provisions if measure in one.measures]
    if not named:
        return _refused(f"no provision authorises {measure}")
    live = [one for one in named if _is_live(one, at) and _covers(one, area)]
    if not live:
        return _refused(f"no provision on {measure} is in force in {area} at that time", *named)
    held = [one for one in live if kind in one.held_by]
    if not held:
        return _refused(f"{kind} does not hold the authority for {measure}", *live)
    usable = [one for one in held if _is_open_at(one, level)]
    if not usable:
        least = max((one.minimum_level for one in held if one.minimum_level), key=_ascending)
        return _refused(f"{measure} asks for {least} or more severe", *held)
    cited = tuple(f"{one.instrument} {one.article}" for one in usable)
    return LegalAnswer(LegalVerdict.ALLOWED, provisions=cited)


def _refused(missing: str, *provisions: Provision) -> LegalAnswer:
    holders = dict.fromkeys(kind for one in provisions for kind in one.held_by)
    return LegalAnswer(LegalVerdict.REFUSED, missing=missing, who_may_grant=tuple(holders))


def _is_live(provision: Provision, at: datetime) -> bool:
    ended = provision.valid_to is not None and provision.valid_to <= at
    return provision.valid_from <= at and not ended


def _covers(provision: Provision, area: str) -> bool:
    return provision.territory is None or is_within(area, provision.territory)


def _is_open_at(provision: Provision, level: ResponseLevel | None) -> bool:
    if provision.minimum_level is None:
        return True
    return level is not None and level.at_least(provision.minimum_level)


def _ascending(level: ResponseLevel) -> int:
    return -level.severity
