"""Where the organization breaks its own rules: reported, not hidden (ORG-6)."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from services.org.domain.incident_command import IncidentCommand, is_span_kept
from services.org.domain.obligation import Obligation
from services.org.domain.order import Order, OrderStatus, refused
from services.org.domain.signal import Signal
from services.org.domain.task import Task


class ViolationKind(StrEnum):
    """Which rule does not hold."""

    NOBODY_COMMANDS = "NOBODY_COMMANDS"
    TASK_WITHOUT_ORGANIZATION = "TASK_WITHOUT_ORGANIZATION"
    FUNCTION_HELD_TWICE = "FUNCTION_HELD_TWICE"
    LEGAL_BASIS_MISSING = "LEGAL_BASIS_MISSING"
    MEASURE_WITHOUT_ADDRESSEE = "MEASURE_WITHOUT_ADDRESSEE"
    SPAN_OF_CONTROL = "SPAN_OF_CONTROL"
    RUNG_WITHOUT_POST = "RUNG_WITHOUT_POST"
    LEGAL_BASIS_LAPSED = "LEGAL_BASIS_LAPSED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A rule that does not hold on `subject`, and what is wrong."""

    kind: ViolationKind
    subject: str
    jurisdiction: str
    detail: str


def violations_of(one: Signal | Task | Order | IncidentCommand | Obligation) -> Iterator[Violation]:
    """What is wrong with the object; nothing for most."""
    match one:
        case Signal():
            yield from _of_signal(one)
        case Task():
            yield from _of_task(one)
        case Order():
            yield from _of_order(one)
        case IncidentCommand():
            yield from _of_command(one)
        case Obligation():
            yield from _of_obligation(one)


def _of_signal(one: Signal) -> Iterator[Violation]:
    if one.facts is not None and one.owed_by is None:
        yield Violation(
            kind=ViolationKind.NOBODY_COMMANDS,
            subject=one.id,
            jurisdiction=one.facts.jurisdiction,
            detail=f"no organization commands {one.facts.emergency_type} here or above",
        )


def _of_task(one: Task) -> Iterator[Violation]:
    if one.organization_id is None:
        yield Violation(
            kind=ViolationKind.TASK_WITHOUT_ORGANIZATION,
            subject=one.id,
            jurisdiction=one.jurisdiction,
            detail=f"nobody holds {one.function} here or above",
        )
    if one.rivals:
        yield Violation(
            kind=ViolationKind.FUNCTION_HELD_TWICE,
            subject=one.id,
            jurisdiction=one.jurisdiction,
            detail=f"{one.function} is also held by {', '.join(one.rivals)}",
        )


def _of_order(one: Order) -> Iterator[Violation]:
    for measure in refused(one):
        yield Violation(
            kind=ViolationKind.LEGAL_BASIS_MISSING,
            subject=one.id,
            jurisdiction=one.jurisdiction,
            detail=f"{measure.code}: {measure.legal.missing}",
        )
    for measure in one.measures:
        if measure.lapsed_at is not None and one.status is OrderStatus.ISSUED:
            yield Violation(
                kind=ViolationKind.LEGAL_BASIS_LAPSED,
                subject=one.id,
                jurisdiction=one.jurisdiction,
                detail=f"{measure.code}: {measure.lapsed_because}",
            )
        for function in measure.unaddressed_functions:
            yield Violation(
                kind=ViolationKind.MEASURE_WITHOUT_ADDRESSEE,
                subject=one.id,
                jurisdiction=one.jurisdiction,
                detail=f"{measure.code}: nobody holds {function} here or above",
            )


def _of_command(one: IncidentCommand) -> Iterator[Violation]:
    if not is_span_kept(one):
        yield Violation(
            kind=ViolationKind.SPAN_OF_CONTROL,
            subject=one.id,
            jurisdiction=one.jurisdiction,
            detail=f"{one.span_of_control} subordinates, not 3 to 7",
        )


def _of_obligation(one: Obligation) -> Iterator[Violation]:
    if one.missing_rungs:
        rungs = ", ".join(map(str, one.missing_rungs))
        yield Violation(
            kind=ViolationKind.RUNG_WITHOUT_POST,
            subject=one.id,
            jurisdiction=one.jurisdiction,
            detail=f"{one.owed_by}: no post for rungs {rungs}",
        )
