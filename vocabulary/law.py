"""The one answer to "may this organization take this measure here, now, at this level?" (PLAN-6, GUAR-10)."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from vocabulary.area import NATION, chain, is_within
from vocabulary.levels import OrganizationKind, ResponseLevel

Unit = tuple[str, OrganizationKind, str]  # an organization: id, kind, jurisdiction
_NEVER = datetime.max.replace(tzinfo=UTC)


class LegalVerdict(StrEnum):
    """UNKNOWN: nobody can say, which is neither leave nor refusal."""

    ALLOWED = "ALLOWED"
    REFUSED = "REFUSED"
    UNKNOWN = "UNKNOWN"


class LegalGap(StrEnum):
    """What is missing, in the order in which it is looked for; the first two are unknown."""

    NOTHING_LOADED = "NOTHING_LOADED"
    HOLDER_UNKNOWN = "HOLDER_UNKNOWN"
    NO_PROVISION = "NO_PROVISION"
    NOT_IN_FORCE = "NOT_IN_FORCE"
    OUTSIDE_TERRITORY = "OUTSIDE_TERRITORY"
    NOT_HELD = "NOT_HELD"
    LEVEL_TOO_LOW = "LEVEL_TOO_LOW"
    TOO_LONG = "TOO_LONG"


class DutyKind(StrEnum):
    """What the use of a provision obliges to: to tell somebody, or to make good."""

    NOTICE = "NOTICE"
    COMPENSATION = "COMPENSATION"


@dataclass(frozen=True, slots=True)
class Duty:
    """`within_minutes` is None where the article sets no time."""

    kind: DutyKind
    text_zh: str
    text_en: str
    within_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Provision:
    """An article that authorises measures; `minimum_level` is the least severe level it asks for."""

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
    duties: tuple[Duty, ...] = ()


@dataclass(frozen=True, slots=True)
class LegalAnswer:
    """The verdict with what it rests on and obliges to, or what is missing and which kinds hold it."""

    verdict: LegalVerdict
    provisions: tuple[str, ...] = ()
    missing: str | None = None
    who_may_grant: tuple[OrganizationKind, ...] = ()
    gap: LegalGap | None = None
    duties: tuple[Duty, ...] = ()
    longest_minutes: int | None = None  # None: nothing bounds how long it may last
    holders: tuple[str, ...] = ()  # the units of the kinds who may grant, the nearest first


def may(
    measure: str,
    *,
    kind: OrganizationKind,
    level: ResponseLevel | None,
    area: str,
    at: datetime,
    provisions: Sequence[Provision],
    minutes: int | None = None,
    units: Iterable[Unit] = (),
) -> LegalAnswer:
    """Answer for an organization of `kind` in jurisdiction `area` at instant `at`.

    `minutes` None asks for no longer than the law allows. A refusal names which kinds may, if any.
    """
    if not provisions:
        lacking = "no provisions are loaded"
        return LegalAnswer(LegalVerdict.UNKNOWN, missing=lacking, gap=LegalGap.NOTHING_LOADED)
    levels = (None, *(one for one in ResponseLevel if level and level.at_least(one)))
    tests: dict[LegalGap, Callable[[Provision], bool]] = {
        LegalGap.NO_PROVISION: lambda one: measure in one.measures,
        LegalGap.NOT_IN_FORCE: lambda one: one.valid_from <= at < (one.valid_to or _NEVER),
        LegalGap.OUTSIDE_TERRITORY: lambda one: is_within(area, one.territory or NATION),
        LegalGap.NOT_HELD: lambda one: kind in one.held_by,
        LegalGap.LEVEL_TOO_LOW: lambda one: one.minimum_level in levels,
        LegalGap.TOO_LONG: lambda one: (minutes or 0) <= (one.maximum_duration_minutes or math.inf),
    }
    left = list(provisions)
    for gap, passes in tests.items():
        before, left = left, [one for one in left if passes(one)]
        if not left:
            tests.pop(LegalGap.NOT_HELD)
            able = [one for one in provisions if all(test(one) for test in tests.values())]
            refused = _refused(gap, measure, before, able=able)
            return replace(refused, holders=holders(refused.who_may_grant, units, area))
    cited = tuple(f"{one.instrument} {one.article}" for one in left)
    duties = tuple(dict.fromkeys(duty for one in left for duty in one.duties))
    longest = _longest(left)
    return LegalAnswer(LegalVerdict.ALLOWED, cited, duties=duties, longest_minutes=longest)


def holders(kinds: Sequence[OrganizationKind], units: Iterable[Unit], area: str) -> tuple[str, ...]:
    """The ids of the units of these kinds that are in `area` or around it, the nearest first."""
    around = {code: far for far, code in enumerate(chain(area))}
    near = [(around.get(chain(where)[0], -1), id) for id, kind, where in units if kind in kinds]
    return tuple(id for far, id in sorted(near) if far >= 0)


def _refused(
    gap: LegalGap, measure: str, named: Sequence[Provision], *, able: Sequence[Provision]
) -> LegalAnswer:
    """Refused for want of `gap` by all of `named`; `able` are those of which another kind may use."""
    longest = _longest(named)
    least = max((one.minimum_level for one in named), key=[None, *ResponseLevel].index)
    missing = {
        LegalGap.NO_PROVISION: f"no provision authorises {measure}",
        LegalGap.NOT_IN_FORCE: f"no provision on {measure} is in force at that time",
        LegalGap.OUTSIDE_TERRITORY: f"no provision on {measure} is in force there",
        LegalGap.NOT_HELD: f"the authority for {measure} is held by others",
        LegalGap.LEVEL_TOO_LOW: f"{measure} asks for {least} or more severe",
        LegalGap.TOO_LONG: f"{measure} may last {longest} min at most",
    }[gap]
    named = () if gap is LegalGap.NO_PROVISION else able or named
    kinds = tuple(dict.fromkeys(kind for one in named for kind in one.held_by))
    longest = longest if gap is LegalGap.TOO_LONG else None
    return LegalAnswer(LegalVerdict.REFUSED, (), missing, kinds, gap, longest_minutes=longest)


def _longest(provisions: Iterable[Provision]) -> int | None:
    longest = max(one.maximum_duration_minutes or math.inf for one in provisions)
    return None if math.isinf(longest) else int(longest)
