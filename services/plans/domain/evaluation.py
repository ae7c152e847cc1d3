"""Weighing a plan against facts: what every condition says, what levels are due, and the kept record."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from services.plans.domain import condition
from services.plans.domain.condition import Answer, Leaf
from services.plans.domain.facts import Facts, Note, reads_incidents
from services.plans.domain.plan import Level, Plan, conditions, names
from vocabulary import Figure, Mode, ResponseLevel

EvaluationId = NewType("EvaluationId", str)
Read = Callable[[Leaf, Mapping[str, object]], Answer]


class CauseKind(StrEnum):
    """What an evaluation was made upon."""

    SIGNAL = "SIGNAL"
    WARNING = "WARNING"
    INCIDENT = "INCIDENT"
    INDICATOR = "INDICATOR"
    ACTIVATION = "ACTIVATION"
    PERSON = "PERSON"
    TIMER = "TIMER"


class News(StrEnum):
    """How much a cause asks of the plan.

    ANNOUNCED: a new signal, warning, incident or grade, which is due an answer and weighs anew
    what a person declined before. REPORTED: further facts, due an answer. CHANGED: neither.
    """

    ANNOUNCED = "ANNOUNCED"
    REPORTED = "REPORTED"
    CHANGED = "CHANGED"


@dataclass(frozen=True, slots=True)
class Cause:
    """The object whose change led to an evaluation."""

    kind: CauseKind
    id: str
    news: News = News.CHANGED


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """One expression with what it saw. `met` None is undetermined, naming what is `missing`.

    `holds_since` is set while the expression holds, which is not yet `met` while it is not
    sustained. `level` None belongs to the plan's termination.
    """

    level: ResponseLevel | None
    text: str
    met: bool | None
    values: tuple[Figure, ...] = ()
    missing: tuple[str, ...] = ()
    holds_since: datetime | None = None
    note_zh: str | None = None
    note_en: str | None = None


@dataclass(frozen=True, slots=True)
class LevelResult:
    """Whether the conditions of a level are met; None is undetermined."""

    level: ResponseLevel
    met: bool | None


@dataclass(frozen=True, slots=True)
class Findings:
    """What a plan says to facts, before anything is decided. Levels from most to least severe."""

    conditions: tuple[ConditionResult, ...]
    levels: tuple[LevelResult, ...]
    termination: bool | None
    as_of: datetime
    look_again_at: datetime | None = None

    @property
    def given(self) -> ResponseLevel | None:
        """The most severe level whose conditions are met."""
        return next((one.level for one in self.levels if one.met is True), None)

    @property
    def possible(self) -> ResponseLevel | None:
        """The most severe level whose conditions are met or may be: nothing lower is certain."""
        return next((one.level for one in self.levels if one.met is not False), None)


class Outcome(StrEnum):
    """What an evaluation led to."""

    STARTED = "STARTED"
    RAISED = "RAISED"
    PROPOSED = "PROPOSED"
    LOWERED = "LOWERED"
    ENDED = "ENDED"
    MAINTAINED = "MAINTAINED"
    DECLINED = "DECLINED"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The kept record: inputs, rule version, every condition, and what was decided. Never changed.

    `decided_by` is the organization and post whose decision it records; None: the plan's rules.
    `incidents` are those that it rests on: it is sealed while one of them is.
    """

    id: EvaluationId
    plan_id: str
    plan_version: str
    jurisdiction: str
    emergency_type: str
    mode: Mode
    at: datetime
    cause: Cause
    inputs: tuple[Figure, ...]
    findings: Findings
    outcomes: tuple[Outcome, ...] = ()
    activation_id: str | None = None
    decided_by: str | None = None
    incidents: tuple[str, ...] = ()
    exercise_id: str | None = None
    version: int = 0


def evaluate(
    plan: Plan,
    facts: Facts,
    *,
    previous: Findings | None,
    now: datetime,
    read: Read = condition.read,
) -> Findings:
    """What the plan says to the facts at `now`; `previous` tells what has held since when.

    `read` asks one expression: through CEL, or as a compiled plan does.
    """
    since = _since(previous)
    answers_of = {one: read(one, facts.values) for one in conditions(plan)}
    results = {
        one: _weigh(one, answer, facts, since=since, now=now) for one, answer in answers_of.items()
    }
    answers = {one: result.met for one, result in results.items()}
    ended = condition.join(plan.termination, answers) if plan.termination is not None else True
    return Findings(
        conditions=tuple(_by_level(plan, results)),
        levels=tuple(
            LevelResult(level.level, condition.join(level.conditions, answers))
            for level in plan.levels
        ),
        termination=ended,
        as_of=now,
        look_again_at=_sustained_next(results, now),
    )


def asks(cause: Cause) -> bool:
    """Whether the cause has every plan that it bears on weighed, whatever its conditions say.

    News is due an answer, and a person's decision may have left the plan's rules something to do.
    """
    return cause.kind is CauseKind.PERSON or cause.news is not News.CHANGED


def rising(findings: Findings, previous: Findings | None) -> frozenset[ResponseLevel]:
    """The levels whose conditions are met now and were not when last weighed."""
    before = {one.level for one in previous.levels if one.met is True} if previous else set()
    return frozenset(one.level for one in findings.levels if one.met is True) - before


def says_the_same(findings: Findings, previous: Findings | None) -> bool:
    """Whether nothing that a reader or the next evaluation needs differs from the last time."""
    if previous is None:
        return False
    return [_gist(one) for one in findings.conditions] == [
        _gist(one) for one in previous.conditions
    ]


def inputs(plan: Plan, facts: Facts) -> tuple[Figure, ...]:
    """The figures that the plan reads, by name; what it reads and nobody knows is not among them."""
    return tuple(facts.figures[name] for name in sorted(names(plan)) if name in facts.figures)


def rests_on(plan: Plan, facts: Facts, cause: Cause) -> tuple[str, ...]:
    """The incidents that the plan's evaluation of these facts upon this cause rests on, by id."""
    caused = {cause.id} if cause.kind is CauseKind.INCIDENT else set()
    read = facts.incidents if reads_incidents(plan) else ()
    return tuple(sorted({*read, *caused}))


def held_long_enough(plan: Plan, since: datetime) -> Findings:
    """Findings as if every condition had held since `since`: for questions, never for decisions."""
    return Findings(
        conditions=tuple(
            ConditionResult(None, one.text, None, holds_since=since) for one in conditions(plan)
        ),
        levels=(),
        termination=None,
        as_of=since,
    )


def _gist(result: ConditionResult) -> tuple[object, ...]:
    return result.level, result.text, result.met, result.missing, result.holds_since


def _since(previous: Findings | None) -> Mapping[str, datetime]:
    told = previous.conditions if previous else ()
    return {one.text: one.holds_since for one in told if one.holds_since is not None}


def _weigh(
    one: Leaf, answer: Answer, facts: Facts, *, since: Mapping[str, datetime], now: datetime
) -> ConditionResult:
    read = condition.reads(one)
    values = tuple(facts.figures[name] for name in sorted(read) if name in facts.figures)
    holds_since = None
    if answer.holds:
        holds_since = since.get(one.text) or condition.held_since(values, now)
    return ConditionResult(
        level=None,
        text=one.text,
        met=_is_met(one, answer.holds, since=holds_since, now=now),
        values=values,
        missing=answer.missing,
        holds_since=holds_since,
        **_note(one.text, sorted(read), facts.notes),
    )


def _is_met(one: Leaf, holds: bool | None, *, since: datetime | None, now: datetime) -> bool | None:
    if since is None:
        return holds
    return now >= since + one.sustained_for


def _note(text: str, read: Sequence[str], notes: Mapping[str, Note]) -> dict[str, str]:
    told = [notes[name] for name in read if name in notes]
    if not told:
        return {}
    zh = "；".join(dict.fromkeys(note.zh for note in told))
    en = "; ".join(dict.fromkeys(note.en for note in told))
    return {"note_zh": f"{zh}；条件要求 {text}", "note_en": f"{en}; the condition asks {text}"}


def _by_level(plan: Plan, results: Mapping[Leaf, ConditionResult]) -> Iterator[ConditionResult]:
    for level in plan.levels:
        yield from _of_level(level, results)
    if plan.termination is not None:
        yield from (results[one] for one in condition.leaves(plan.termination))


def _of_level(level: Level, results: Mapping[Leaf, ConditionResult]) -> Iterator[ConditionResult]:
    for one in condition.leaves(level.conditions):
        said = results[one]
        yield ConditionResult(  # some three times as fast as replace, and this is the bulk of it
            level.level,
            said.text,
            said.met,
            said.values,
            said.missing,
            said.holds_since,
            said.note_zh,
            said.note_en,
        )


def _sustained_next(results: Mapping[Leaf, ConditionResult], now: datetime) -> datetime | None:
    """When the next expression that holds already will have held long enough."""
    due = [
        result.holds_since + one.sustained_for
        for one, result in results.items()
        if result.holds_since is not None
    ]
    return min((instant for instant in due if instant > now), default=None)
