"""Fact tables: what a plan has to say to given facts, kept beside its file and asked of each version."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jsonschema

from services.plans.domain import condition
from services.plans.domain.evaluation import Findings, evaluate, held_long_enough
from services.plans.domain.facts import Facts
from services.plans.domain.plan import Plan, names
from services.plans.domain.plan_file import source
from services.plans.domain.plan_file.source import Fault, Position
from vocabulary import Figure, ResponseLevel

NONE = "none"
LONG = timedelta(days=366)  # longer than any sustained-for may be
_NOW = datetime(2000, 1, 1, tzinfo=UTC)  # a table knows no date: only how long facts have stood

_VALUES = {"type": "object", "additionalProperties": {"type": ["number", "null"]}}
_LEVEL = {"enum": [*ResponseLevel, NONE]}
SCHEMA: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "urn:uem:fact-table:1",
    "type": "object",
    "additionalProperties": False,
    "required": ["plan", "cases"],
    "properties": {
        "plan": {"type": "string", "description": "The plan's id."},
        "facts": _VALUES | {"description": "What holds in every case that says nothing else."},
        "cases": {
            "type": "array",
            "minItems": 1,
            "maxItems": 1000,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["name", "level"],
                "properties": {
                    "name": {"type": "string", "minLength": 1},
                    "facts": _VALUES | {"description": "null and absent are unknown."},
                    "held_minutes": {
                        "type": "integer",
                        "minimum": 0,
                        "description": "For how long; absent: long enough for any sustained-for.",
                    },
                    "level": _LEVEL | {"description": "What the plan gives."},
                    "possible": _LEVEL | {"description": "The most that unknown values allow."},
                    "source": {"type": "string"},
                },
            },
        },
    },
}


@dataclass(frozen=True, slots=True)
class Case:
    """Facts and the level that they have to give; `held` None is as long as any condition asks."""

    name: str
    facts: Mapping[str, float]
    level: ResponseLevel | None
    at: Position
    held: timedelta | None = None
    possible: ResponseLevel | None = None
    is_possible_asked: bool = False


@dataclass(frozen=True, slots=True)
class FactTable:
    """The cases of one plan."""

    plan_id: str
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What the plan said to a case, and why."""

    case: Case
    findings: Findings

    @property
    def is_right(self) -> bool:
        """Whether the plan gave what the table asks."""
        given = self.findings.given is self.case.level
        return given and (
            not self.case.is_possible_asked or self.findings.possible is self.case.possible
        )


class TableUnreadable(Exception):
    """The text is no fact table; carries every fault found."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(faults[0].message)
        self.faults = faults


def read_table(text: str) -> FactTable:
    """The table that the text describes. Raises `TableUnreadable`."""
    try:
        read = source.read(text)
    except source.Unreadable as error:
        raise TableUnreadable([error.fault]) from error
    faults = list(_faults(read))
    if faults:
        raise TableUnreadable(faults)
    base = read.data.get("facts", {})
    cases = enumerate(read.data["cases"])
    return FactTable(
        read.data["plan"],
        tuple(_case(one, base, read.at(("cases", index))) for index, one in cases),
    )


def ask(plan: Plan, table: FactTable) -> list[Result]:
    """What the plan says to each case of the table."""
    return [Result(case, answer(plan, case.facts, held=case.held)) for case in table.cases]


def answer(plan: Plan, values: Mapping[str, float], *, held: timedelta | None) -> Findings:
    """What the plan says to facts that have stood for `held`; None is as long as any condition asks."""
    figures = {
        name: Figure(name, value, _unit(name), "stated", _NOW, _NOW)
        for name, value in values.items()
    }
    since = held_long_enough(plan, _NOW - (LONG if held is None else held))
    return evaluate(plan, Facts(figures), previous=since, now=_NOW)


def unread(plan: Plan, table: FactTable) -> set[str]:
    """Facts of the table that the plan does not read: most likely misspelt."""
    stated = {name for case in table.cases for name in case.facts}
    return stated - names(plan)


def _unit(name: str) -> str:
    registered = condition.registered(name)
    return registered.unit if registered else "1"


def _faults(read: source.Source) -> Iterator[Fault]:
    for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors(read.data):
        path = tuple(error.absolute_path)
        yield Fault("fact-table-schema", read.at(path), f"{_place(path)}: {error.message}.")
    for path, name in _stated(read.data):
        if condition.registered(name) is None:
            message = f"no indicator is registered as `{name}`."
            yield Fault("indicator-unknown", read.at((*path, name)), message)


def _stated(data: Any) -> Iterator[tuple[source.Path, str]]:  # noqa: ANN401 - as read
    if not isinstance(data, dict):
        return
    cases = data.get("cases")
    groups: list[tuple[source.Path, Any]] = [(("facts",), data.get("facts"))]
    for index, case in enumerate(cases if isinstance(cases, list) else ()):
        if isinstance(case, dict):
            groups.append((("cases", index, "facts"), case.get("facts")))
    for path, group in groups:
        for name in group if isinstance(group, dict) else ():
            yield path, name


def _case(data: dict[str, Any], base: Mapping[str, Any], at: Position) -> Case:
    values = {**base, **data.get("facts", {})}
    held = data.get("held_minutes")
    return Case(
        name=data["name"],
        facts={name: float(value) for name, value in values.items() if value is not None},
        level=_level(data["level"]),
        at=at,
        held=None if held is None else timedelta(minutes=held),
        possible=_level(data.get("possible", NONE)),
        is_possible_asked="possible" in data,
    )


def _level(written: str) -> ResponseLevel | None:
    return None if written == NONE else ResponseLevel(written)


def _place(path: tuple[str | int, ...]) -> str:
    return ".".join(str(part) for part in path) or "the table"
