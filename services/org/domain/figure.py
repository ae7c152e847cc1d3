"""Figures of several sources side by side: which is preferred, which contradict, which need a second look."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from chassis.errors import Conflict, Invalid
from services.org.domain.limit import CIVIL_TIME, RuleDataInvalid

FUTURE_TOLERANCE = timedelta(minutes=2)  # clocks of people and phones differ, users.md §7 no. 7


class FigureDecreased(Conflict):
    """A figure that only grows became smaller, without a reason."""

    slug = "figure-decreased"


class ObservedInFuture(Invalid):
    """Nothing can be observed later than now."""

    slug = "observed-in-future"


class FigureUnitWrong(Invalid):
    """The metric is not counted in this unit."""

    slug = "figure-unit-wrong"


class FactState(StrEnum):
    """UNCONFIRMED waits for a second person and starts nothing; WITHDRAWN was replaced before that."""

    CONFIRMED = "CONFIRMED"
    UNCONFIRMED = "UNCONFIRMED"
    WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One value from one source; `value` None is unknown, 0 is a reported zero."""

    id: str
    metric: str
    value: float | None
    unit: str
    source: str
    observed_at: datetime
    recorded_at: datetime
    recorded_by: str
    state: FactState = FactState.CONFIRMED
    confirmed_by: str | None = None
    correction_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricRule:
    """How a metric behaves: `cumulative` ones only grow unless corrected; `units` are synonyms."""

    units: tuple[str, ...]
    cumulative: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRule:
    """A version of how figures are weighed: metrics, and sources from most to least trusted."""

    id: str
    version: str
    source: str
    metrics: Mapping[str, MetricRule]
    precedence: tuple[str, ...]


def parse_figure_rule(raw: Mapping[str, Any]) -> FigureRule:
    """Read the rule file. Raises RuleDataInvalid."""
    try:
        return FigureRule(
            id=raw["id"],
            version=str(raw["version"]),
            source=raw["source"],
            metrics={
                name: MetricRule(units=tuple(one["units"]), cumulative=one["cumulative"])
                for name, one in raw["metrics"].items()
            },
            precedence=tuple(raw["precedence"]),
        )
    except (KeyError, TypeError) as error:
        raise RuleDataInvalid(f"figure rule {raw.get('id')!r}: {error!r}") from error


def check_observed(observed_at: datetime, now: datetime, *, field: Sequence[str]) -> None:
    """Pass for an instant up to two minutes ahead. Raises ObservedInFuture, offering the day before."""
    if observed_at <= now + FUTURE_TOLERANCE:
        return
    day_before = (observed_at - timedelta(days=1)).astimezone(CIVIL_TIME)
    raise ObservedInFuture(
        f"{observed_at.astimezone(CIVIL_TIME):%Y-%m-%d %H:%M} has not come yet.",
        field=field,
        remedy=f"Did you mean {day_before:%Y-%m-%d %H:%M}?",
        suggestion=day_before.isoformat(),
    )


def normal_unit(rule: FigureRule, metric: str, unit: str) -> str:
    """The metric's unit for one of its synonyms; any unit for a metric without a rule.

    Raises FigureUnitWrong.
    """
    known = rule.metrics.get(metric)
    if known is None:
        return unit
    if unit not in known.units:
        raise FigureUnitWrong(
            f"{metric} is counted in {known.units[0]!r}, not in {unit!r}.", field=("facts", metric)
        )
    return known.units[0]


def check_decrease(rule: FigureRule, facts: Iterable[Fact], new: Fact) -> None:
    """Pass unless `new` makes its source's growing series fall without a reason.

    Compared with what the source said before that instant and after it. Raises FigureDecreased.
    """
    known = rule.metrics.get(new.metric)
    if known is None or not known.cumulative or new.value is None or new.correction_reason:
        return
    own = [
        one
        for one in facts
        if (one.metric, one.source) == (new.metric, new.source)
        and one.state is FactState.CONFIRMED
        and one.value is not None
    ]
    before = [one for one in own if one.observed_at <= new.observed_at]
    after = [one for one in own if one.observed_at > new.observed_at]
    # the series restarts at its last correction, so only its neighbours in time are compared
    previous = max(before, key=_moment, default=None)
    following = min(after, key=_moment, default=None)
    if previous is not None and previous.value is not None and new.value < previous.value:
        _refuse_decrease(new, previous)
    if following is not None and _exceeds(new, following):
        _refuse_decrease(new, following)


def current(facts: Iterable[Fact]) -> list[Fact]:
    """What each source says now of each metric: its latest confirmed word, an unknown included."""
    latest: dict[tuple[str, str], Fact] = {}
    for one in sorted(facts, key=_moment):
        if one.state is FactState.CONFIRMED:
            latest[one.metric, one.source] = one
    return list(latest.values())


def preferred(rule: FigureRule, facts: Iterable[Fact]) -> dict[str, Fact]:
    """The one figure of each metric to go by: known before unknown, trusted source, then latest.

    Figures of different sources are never added up.
    """
    chosen: dict[str, Fact] = {}
    for one in sorted(current(facts), key=lambda fact: _weight(rule, fact)):
        chosen[one.metric] = one
    return chosen


def contradictions(facts: Iterable[Fact], fact: Fact) -> list[Fact]:
    """What other sources say of the same metric now and differs."""
    return [
        one
        for one in current(facts)
        if one.metric == fact.metric
        and one.source != fact.source
        and one.value is not None
        and one.value != fact.value
    ]


def withdraw_unconfirmed(facts: Iterable[Fact], new: Fact) -> tuple[Fact, ...]:
    """The facts, with what the same source had unconfirmed of that metric withdrawn."""
    return tuple(
        dataclasses.replace(one, state=FactState.WITHDRAWN)
        if one.state is FactState.UNCONFIRMED
        and (one.metric, one.source) == (new.metric, new.source)
        else one
        for one in facts
    )


def _moment(fact: Fact) -> tuple[datetime, datetime, str]:
    return fact.observed_at, fact.recorded_at, fact.id


def _exceeds(new: Fact, following: Fact) -> bool:
    return (
        following.correction_reason is None
        and new.value is not None
        and following.value is not None
        and new.value > following.value
    )


def figure_text(value: float) -> str:
    """The figure as people write it: every digit, no exponent, up to 15 of them."""
    return f"{value:.15g}"  # what a float holds for certain


def _weight(rule: FigureRule, fact: Fact) -> tuple[bool, int, tuple[datetime, datetime, str]]:
    kind = fact.source.split(":", 1)[0]
    known = kind in rule.precedence
    rank = len(rule.precedence) - rule.precedence.index(kind) if known else 0
    return fact.value is not None, rank, _moment(fact)


def _refuse_decrease(new: Fact, other: Fact) -> None:
    at = other.observed_at.astimezone(CIVIL_TIME)
    raise FigureDecreased(
        f"{other.value:.15g} at {at:%H:%M} from the same source. Correction or increment?",
        field=("facts", new.metric),
        remedy="Send the total; if the earlier figure was wrong, say why in correctionReason.",
        metric=new.metric,
        source=new.source,
        previous=other.value,
        previousObservedAt=at.isoformat(),
    )
