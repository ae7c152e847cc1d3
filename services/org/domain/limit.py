"""Limits and ladders as versioned data: how long an obligation may stand and whom to tell in which order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from typing import Any

from services.org.domain.jurisdiction import NATION, lineage
from vocabulary import WarningColour

CIVIL_TIME = timezone(timedelta(hours=8))  # the whole country keeps Beijing time


class ObligationKind(StrEnum):
    """What can be owed."""

    ANSWER_SIGNAL = "ANSWER_SIGNAL"
    SIGN_PROPOSAL = "SIGN_PROPOSAL"
    ISSUE_ORDER = "ISSUE_ORDER"
    ACKNOWLEDGE_ORDER = "ACKNOWLEDGE_ORDER"
    ACKNOWLEDGE_TASK = "ACKNOWLEDGE_TASK"
    FORM_COMMAND = "FORM_COMMAND"
    ROSTER_GAP = "ROSTER_GAP"
    DECIDE_OVERRIDE = "DECIDE_OVERRIDE"
    REPORT_OVERRIDE = "REPORT_OVERRIDE"
    PHONE_REPORT = "PHONE_REPORT"
    REPORT_UPWARD = "REPORT_UPWARD"
    ACKNOWLEDGE_REPORT = "ACKNOWLEDGE_REPORT"
    ACKNOWLEDGE_REQUEST = "ACKNOWLEDGE_REQUEST"
    ANSWER_REQUEST = "ANSWER_REQUEST"
    COMPLETE_REQUEST = "COMPLETE_REQUEST"
    DIRECT_REQUEST = "DIRECT_REQUEST"
    DISCLOSE = "DISCLOSE"
    HOLD_PRESS_CONFERENCE = "HOLD_PRESS_CONFERENCE"


class Reach(StrEnum):
    """Whose post a rung addresses: one of the owing organization's house, or the superior's."""

    OWN = "OWN"
    SUPERIOR = "SUPERIOR"


class LimitMissing(LookupError):
    """No rule in force limits this kind of obligation: the rule data is incomplete."""


class RuleDataInvalid(ValueError):
    """A rule file does not say what a rule file must."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """A step of a ladder: told when nobody confirmed `after_minutes` from the first telling."""

    rung: int
    after_minutes: int
    reach: Reach = Reach.OWN
    post_rung: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The limit that applies: minutes from the owing event, the ladder, the rule that says so."""

    minutes: int
    ladder: tuple[Rung, ...]
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitEntry:
    """One row of a rule: `colour` absent applies to any."""

    kind: ObligationKind
    minutes: int
    ladder: str
    colour: WarningColour | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRule:
    """A version of the limits for a jurisdiction and all below it, in force between two instants."""

    id: str
    version: str
    jurisdiction: str
    effective_from: datetime
    effective_to: datetime | None
    source: str
    limits: tuple[LimitEntry, ...]
    ladders: Mapping[str, tuple[Rung, ...]]


def limit_for(
    rules: Iterable[LimitRule],
    kind: ObligationKind,
    *,
    jurisdiction: str,
    at: datetime,
    colour: WarningColour | None = None,
) -> Limit:
    """The limit of the nearest jurisdiction whose rule in force at `at` names the kind.

    Within a rule an entry of that colour goes before one for any. Raises LimitMissing.
    """
    live = [rule for rule in rules if is_in_force(rule.effective_from, rule.effective_to, at)]
    for code in lineage(jurisdiction):
        here = [rule for rule in live if rule.jurisdiction == code]
        for rule in sorted(here, key=lambda one: one.effective_from, reverse=True):
            entry = _entry(rule.limits, kind, colour)
            if entry is not None:
                return Limit(
                    minutes=entry.minutes,
                    ladder=rule.ladders[entry.ladder],
                    rule=f"{rule.id}@{rule.version}",
                )
    raise LimitMissing(f"no limit for {kind} in {jurisdiction} at {at.isoformat()}")


def is_in_force(start: datetime, end: datetime | None, at: datetime) -> bool:
    """Whether a rule of these dates is in force; the end is exclusive."""
    return start <= at and (end is None or at < end)


def civil_midnight(day: date) -> datetime:
    """The instant at which `day` begins in the country's civil time."""
    return datetime.combine(day, time(), CIVIL_TIME).astimezone(UTC)


def parse_limit_rule(raw: Mapping[str, Any]) -> LimitRule:
    """Read one rule file. Raises RuleDataInvalid naming what is wrong."""
    try:
        rule = LimitRule(
            id=raw["id"],
            version=str(raw["version"]),
            jurisdiction=str(raw.get("jurisdiction", NATION)),
            effective_from=civil_midnight(raw["effective_from"]),
            effective_to=civil_midnight(raw["effective_to"]) if raw.get("effective_to") else None,
            source=raw["source"],
            limits=tuple(_parse_entry(one) for one in raw["limits"]),
            ladders={name: _parse_ladder(steps) for name, steps in raw["ladders"].items()},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RuleDataInvalid(f"limit rule {raw.get('id')!r}: {error!r}") from error
    unknown = {one.ladder for one in rule.limits} - set(rule.ladders)
    if unknown:
        raise RuleDataInvalid(f"limit rule {rule.id}: no ladder {sorted(unknown)}")
    return rule


def _parse_entry(raw: Mapping[str, Any]) -> LimitEntry:
    return LimitEntry(
        kind=ObligationKind(raw["kind"]),
        minutes=int(raw["minutes"]),
        ladder=raw["ladder"],
        colour=WarningColour(raw["colour"]) if "colour" in raw else None,
    )


def _parse_ladder(steps: Sequence[Mapping[str, Any]]) -> tuple[Rung, ...]:
    ladder = tuple(
        Rung(
            rung=position,
            after_minutes=int(step["after_minutes"]),
            reach=Reach(step.get("reach", Reach.OWN)),
            post_rung=int(step.get("post_rung", 0)),
        )
        for position, step in enumerate(steps)
    )
    minutes = [step.after_minutes for step in ladder]
    if not ladder or minutes[0] != 0 or sorted(set(minutes)) != minutes:
        raise RuleDataInvalid("a ladder starts at minute 0 and climbs")
    return ladder


def _entry(
    entries: Iterable[LimitEntry], kind: ObligationKind, colour: WarningColour | None
) -> LimitEntry | None:
    named = [one for one in entries if one.kind is kind]
    exact = [one for one in named if one.colour is not None and one.colour is colour]
    general = [one for one in named if one.colour is None]
    return next(iter((*exact, *general)), None)
