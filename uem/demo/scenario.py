"""A scenario as read from its folder: the record, other days of the place, and what the screen shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

Speakers = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact that is put into the system at `at`; its data name who says it."""

    at: datetime
    kind: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Remark:
    """One fact on record that is only printed beside what the run produced."""

    at: datetime
    kind: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Harm:
    """The yardstick of "in force before harm"."""

    at: datetime
    what: str


@dataclass(frozen=True, slots=True)
class Decided:
    """A response level that somebody really started; `by` is the latest that it can have been.

    With `facts` the plan is one of the library, asked for these alone: its own city is not in the play.
    """

    who: str
    plan: str
    level: str
    by: datetime
    source: str
    facts: Mapping[str, float] | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """Another day of the same place: what happened, and the level that was started; None: no level.

    `city_at` None: no hour is on record, so nothing is said of who was first.
    """

    id: str
    entries: tuple[Entry, ...]
    city_level: str | None
    city_at: datetime | None
    city_text: str
    source: str
    note: str | None


class Opening(StrEnum):
    """What asked for an answer first: a signal of an agency, or a plan's own proposal."""

    SIGNAL = "signal"
    PROPOSAL = "proposal"


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure that the screen follows, by its codes in the plans; `at` when it was taken, on record."""

    name: str
    codes: tuple[str, ...]
    label: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the comparison: which figure (`show`), its label, and what is on record."""

    show: str
    label: str
    record: str
    plan: str | None = None
    measure: str | None = None
    capability: str | None = None


@dataclass(frozen=True, slots=True)
class Screen:
    """What the mayor's screen shows, as the timeline says.

    `marks` names what the picture ticks, `picture_until` where it ends, None at the scenario's end.
    """

    plan: str
    opened_by: Opening
    record_column: str
    question: str
    subject: str
    rows: tuple[Row, ...]
    measures: tuple[Measure, ...]
    marks: str
    picture_until: datetime | None
    footnotes: tuple[str, ...]
    not_shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """Versions of one rule to hold side by side: plans of the library by file, and what opens them."""

    plans: tuple[str, ...]
    magnitude: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """Everything of one folder under scenarios/."""

    id: str
    folder: Path
    title: str
    jurisdiction: str
    emergency_type: str
    starts: datetime
    ends: datetime
    by: Speakers
    entries: tuple[Entry, ...]
    remarks: tuple[Remark, ...]
    history: Mapping[str, Any]
    levels: tuple[Decided, ...]
    cases: tuple[Case, ...]
    ended_by_hand: str
    screen: Screen
    harm: Harm | None
    rules: Rules | None


def read(folder: Path) -> Scenario:
    """Return the scenario of `folder`; raises FileNotFoundError naming the file that is missing."""
    timeline = _load(folder / "timeline.yaml")
    cases = _load(folder / "cases.yaml")
    by = timeline["by"]
    return Scenario(
        id=timeline["id"],
        folder=folder,
        title=timeline["title"]["en"],
        jurisdiction=timeline["jurisdiction"],
        emergency_type=timeline["emergency_type"],
        starts=_instant(timeline["starts"]),
        ends=_instant(timeline["ends"]),
        by=by,
        entries=_entries(timeline["play"], by),
        remarks=tuple(
            Remark(_instant(one["at"]), one["kind"], one["text"]["en"], one["source"])
            for one in timeline["record"]
        ),
        history={name: _plain(one) for name, one in timeline["history"].items()},
        levels=tuple(Decided(**(one | {"by": _instant(one["by"])})) for one in timeline["levels"]),
        cases=tuple(_case(one, by) for one in cases["cases"]),
        ended_by_hand=cases["ended_by_hand"],
        screen=_screen(timeline["screen"]),
        harm=_harm(timeline.get("harm")),
        rules=_rules(timeline.get("rules")),
    )


def _screen(raw: Mapping[str, Any]) -> Screen:
    return Screen(
        plan=raw["plan"],
        opened_by=Opening(raw["opened_by"]),
        record_column=raw["record_column"],
        question=raw["question"],
        subject=raw["subject"],
        rows=tuple(Row(**one) for one in raw["rows"]),
        measures=tuple(
            Measure(one["name"], tuple(one["codes"]), one["label"], _maybe(one["at"]))
            for one in raw["measures"]
        ),
        marks=raw["marks"],
        picture_until=_maybe(raw.get("picture_until")),
        footnotes=tuple(raw["footnotes"]),
        not_shown=tuple(raw["not_shown"]),
    )


def _harm(raw: Mapping[str, Any] | None) -> Harm | None:
    return None if raw is None else Harm(_instant(raw["at"]), raw["what"]["en"])


def _rules(raw: Mapping[str, Any] | None) -> Rules | None:
    return None if raw is None else Rules(tuple(raw["plans"]), raw["magnitude"])


def _case(raw: Mapping[str, Any], by: Speakers) -> Case:
    return Case(
        id=raw["id"],
        entries=_entries(raw["play"], by),
        city_level=raw["city"]["level"],
        city_at=_maybe(raw["city"]["at"]),
        city_text=raw["city"]["text"],
        source=raw["source"],
        note=raw.get("note"),
    )


def _entries(raw: Sequence[Mapping[str, Any]], by: Speakers) -> tuple[Entry, ...]:
    entries = (
        Entry(
            _instant(one["at"]),
            one["kind"],
            {**by.get(one["kind"], {}), **{name: _plain(value) for name, value in one.items()}},
        )
        for one in raw
    )
    return tuple(sorted(entries, key=lambda entry: entry.at))


def _plain(value: Any) -> Any:  # noqa: ANN401 - YAML of our own repository
    return _instant(value) if isinstance(value, datetime) else value


def _maybe(value: datetime | str | None) -> datetime | None:
    return None if value is None else _instant(value)


def _instant(value: datetime | str) -> datetime:
    """YAML reads an offset instant as naive UTC or aware, by the loader's version: make it aware UTC."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _load(path: Path) -> Any:  # noqa: ANN401 - YAML of our own repository
    if not path.exists():
        message = f"{path} is missing: a scenario folder holds timeline.yaml, cases.yaml, city/"
        raise FileNotFoundError(message)
    return yaml.safe_load(path.read_text("utf-8"))
