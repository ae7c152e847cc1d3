"""Cycles of a plan: by when it has to be drilled and reviewed again, raised once each, met by evidence."""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from services.plans.domain.history import PlanAction, PlanStatus
from services.plans.domain.plan import Plan, PlanKind, in_force
from services.plans.domain.plan_file.source import CHINA
from services.plans.domain.rule import Edition, RuleDataInvalid, nearest, next_change, read_edition
from services.plans.domain.surroundings import DrillStanding

LOOK_AGAIN = timedelta(days=30)  # by then rules of a newer release are heeded


class CycleKind(StrEnum):
    """What has to be done again and again."""

    DRILL = "DRILL"
    REVIEW = "REVIEW"


class CycleState(StrEnum):
    """How a cycle stands: DUE once its lead time has begun, OVERDUE past its due time."""

    UPCOMING = "UPCOMING"
    DUE = "DUE"
    OVERDUE = "OVERDUE"


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleEntry:
    """One row of a rule: plans of these kinds, every so many months, told so many days before."""

    kind: CycleKind
    plans: tuple[PlanKind, ...]
    every_months: int
    lead_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleRule:
    """One edition of the cycles."""

    edition: Edition
    cycles: tuple[CycleEntry, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """What a rule asks of a plan: counted from when, told from when, to be done by when.

    `is_evidenced`: it was done at `counted_from`; otherwise the plan has only stood since.
    """

    kind: CycleKind
    counted_from: datetime
    is_evidenced: bool
    warn_at: datetime
    due_at: datetime
    rule: str


@dataclass(frozen=True, slots=True)
class Cycle:
    """One duty of one plan as it stands; `closed_at`: no version is in force, or no rule asks.

    `due_told_at` and `overdue_told_at` are when it was raised, whatever the due time.
    """

    id: str
    plan_id: str
    plan_version: str
    plan_title_zh: str
    plan_title_en: str
    plan_kind: PlanKind
    jurisdiction: str
    organization_id: str
    kind: CycleKind
    counted_from: datetime
    warn_at: datetime
    due_at: datetime
    rule: str
    due_told_at: datetime | None = None
    overdue_told_at: datetime | None = None
    met_at: datetime | None = None
    closed_at: datetime | None = None
    version: int = 0

    def state(self, at: datetime) -> CycleState:
        """How it stands at `at`, whether or not it has been raised yet."""
        if self.due_at <= at:
            return CycleState.OVERDUE
        return CycleState.DUE if self.warn_at <= at else CycleState.UPCOMING


@dataclass(frozen=True, slots=True)
class CycleDue:
    """The lead time of a cycle has begun, at its `warn_at`."""

    cycle: Cycle


@dataclass(frozen=True, slots=True)
class CycleOverdue:
    """A cycle's due time has passed, at its `due_at`."""

    cycle: Cycle


@dataclass(frozen=True, slots=True)
class CycleMet:
    """What a cycle asked was done; the cycle is the next one, `met` the one that is over."""

    cycle: Cycle
    met: Cycle


CycleEvent = CycleDue | CycleOverdue | CycleMet


def parse_cycle_rule(raw: Mapping[str, Any]) -> CycleRule:
    """Read one rule file. Raises RuleDataInvalid naming what is wrong."""
    try:
        return CycleRule(
            edition=read_edition(raw), cycles=tuple(_parse_entry(one) for one in raw["cycles"])
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RuleDataInvalid(f"cycle rule {raw.get('id')!r}: {error!r}") from error


def dues(versions: Sequence[Plan], rules: Iterable[CycleRule], at: datetime) -> tuple[Due, ...]:
    """What one plan, given all its versions, owes by the rules at `at`; nothing when none rules."""
    ruling = next(iter(in_force(versions, at)), None)
    if ruling is None:
        return ()
    live = nearest(rules, ruling.jurisdiction, at)
    return tuple(
        _due(rule, entry, counted=counted_from(versions, ruling, kind=kind))
        for kind in CycleKind
        for rule, entry in _first(live, kind, ruling.kind)
    )


def counted_from(
    versions: Sequence[Plan], ruling: Plan, *, kind: CycleKind
) -> tuple[datetime, bool]:
    """When the cycle's time began to run, and whether by something that was done.

    Drills: the last drill of any version, else the day from which the plan has stood, so that a
    new version postpones nothing. Reviews: the last review, or the version in force, which is the
    outcome of one.
    """
    published = [one for one in versions if one.published_at is not None]
    if kind is CycleKind.DRILL:
        drilled = [drill.at for one in published for drill in one.drills]
        return (max(drilled), True) if drilled else (min(_standing_since(published)), False)
    reviewed = [review.at for one in published for review in one.reviews]
    assert ruling.published_at is not None
    return max([*reviewed, ruling.published_at]), True


def drill_standing(
    versions: Sequence[Plan], rules: Iterable[CycleRule], at: datetime
) -> DrillStanding:
    """When the plan, given all its versions, was drilled last, and by when it has to be next."""
    drilled = [drill.at for one in versions for drill in one.drills if drill.at <= at]
    owed = [one.due_at for one in dues(versions, rules, at) if one.kind is CycleKind.DRILL]
    return DrillStanding(max(drilled, default=None), next(iter(owed), None))


def turn(
    cycle: Cycle | None, due: Due | None, *, plan: Plan, at: datetime
) -> tuple[Cycle | None, list[CycleEvent]]:
    """The cycle as it stands at `at`, and what is to be told of it, each thing once.

    `due` is what the rules ask now, None when they ask nothing; `plan` the version in force, or
    the last there was.
    """
    if due is None:
        closes = cycle is not None and cycle.closed_at is None
        return (replace(cycle, closed_at=at) if cycle and closes else cycle), []
    present = _present(cycle, due, plan=plan)
    events: list[CycleEvent] = []
    if cycle is not None and _is_met(cycle, due):
        present = replace(present, met_at=due.counted_from)
        events.append(CycleMet(present, met=cycle))
    if present.due_told_at is None and present.warn_at <= at:
        present = replace(present, due_told_at=at)
        events.append(CycleDue(present))
    if present.overdue_told_at is None and present.due_at <= at:
        present = replace(present, overdue_told_at=at)
        events.append(CycleOverdue(present))
    return present, events


def look_again_at(
    cycles: Iterable[Cycle],
    versions: Sequence[Plan],
    rules: Sequence[CycleRule],
    at: datetime,
) -> datetime | None:
    """When something of the plan falls due next; None for a plan of which nothing stands."""
    standing = [one for one in versions if one.is_standing]
    if not standing:
        return None
    edges = [edge for one in cycles for edge in (one.warn_at, one.due_at) if one.closed_at is None]
    edges += [one.effective_from for one in standing]
    edges += [one.effective_to for one in standing if one.effective_to is not None]
    change = next_change(rules, standing[0].jurisdiction, at)
    edges += [change] if change else []
    return min((edge for edge in edges if edge > at), default=at + LOOK_AGAIN)


def months_after(start: datetime, months: int) -> datetime:
    """The same day and time of day so many months later, in the country's civil time."""
    local = start.astimezone(CHINA)
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    day = min(local.day, calendar.monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day).astimezone(start.tzinfo)


def cycle_id(plan_id: str, kind: CycleKind) -> str:
    """What one plan's cycle is filed and told under."""
    return f"{plan_id}_{kind.lower()}"


def _first(
    live: Sequence[CycleRule], kind: CycleKind, plan_kind: PlanKind
) -> list[tuple[CycleRule, CycleEntry]]:
    """The entry that holds: of the nearest division that names the kind, none or one."""
    named = [
        (rule, entry)
        for rule in live
        for entry in rule.cycles
        if entry.kind is kind and plan_kind in entry.plans
    ]
    return named[:1]


def _is_met(cycle: Cycle, due: Due) -> bool:
    is_open = cycle.closed_at is None
    return is_open and due.is_evidenced and due.counted_from > cycle.counted_from


def _due(rule: CycleRule, entry: CycleEntry, *, counted: tuple[datetime, bool]) -> Due:
    counted_from, is_evidenced = counted
    due_at = months_after(counted_from, entry.every_months)
    return Due(
        kind=entry.kind,
        counted_from=counted_from,
        is_evidenced=is_evidenced,
        warn_at=due_at - timedelta(days=entry.lead_days),
        due_at=due_at,
        rule=rule.edition.name,
    )


def _standing_since(published: Sequence[Plan]) -> list[datetime]:
    """When versions were published, without those that a person retired: the plan stood no more."""
    kept = [one for one in published if not _is_ended_by_person(one)] or published
    return [one.published_at for one in kept if one.published_at is not None]


def _is_ended_by_person(plan: Plan) -> bool:
    is_over = plan.status is PlanStatus.RETIRED
    return is_over and any(one.action is PlanAction.RETIRE for one in plan.history)


def _present(cycle: Cycle | None, due: Due, *, plan: Plan) -> Cycle:
    fresh = Cycle(
        id=cycle_id(plan.plan_id, due.kind),
        plan_id=plan.plan_id,
        plan_version=plan.plan_version,
        plan_title_zh=plan.title_zh,
        plan_title_en=plan.title_en,
        plan_kind=plan.kind,
        jurisdiction=plan.jurisdiction,
        organization_id=plan.organization_id,
        kind=due.kind,
        counted_from=due.counted_from,
        warn_at=due.warn_at,
        due_at=due.due_at,
        rule=due.rule,
    )
    if cycle is None:
        return fresh
    same = cycle.due_at == due.due_at
    return replace(
        fresh,
        version=cycle.version,
        met_at=cycle.met_at,
        due_told_at=cycle.due_told_at if same else None,
        overdue_told_at=cycle.overdue_told_at if same else None,
    )


def _parse_entry(raw: Mapping[str, Any]) -> CycleEntry:
    months, days = int(raw["every_months"]), int(raw["lead_days"])
    if months < 1 or not 0 <= days < months * 28:
        raise ValueError(f"every {months} months, told {days} days before")
    return CycleEntry(
        kind=CycleKind(raw["kind"]),
        plans=tuple(PlanKind(one) for one in raw["plans"]),
        every_months=months,
        lead_days=days,
    )
