"""A scenario as read from its folder: the record, the city's later days, and how people are scripted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact that is put into the system at `at`."""

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
class History:
    """What the city did, as the yardstick."""

    first_red_at: datetime
    level_i_at: datetime
    signals_red_before_level_i: int
    measures: Mapping[str, datetime | None]

    @property
    def first_red_to_level_i(self) -> timedelta:
        """From the first red signal to the highest response level."""
        return self.level_i_at - self.first_red_at


@dataclass(frozen=True, slots=True)
class Case:
    """A later day in the same city: what was signalled, and the level that the city started."""

    id: str
    entries: tuple[Entry, ...]
    city_level: str | None
    city_at: datetime
    city_text: str
    source: str
    note: str | None


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
    harm_at: datetime
    harm: str
    entries: tuple[Entry, ...]
    remarks: tuple[Remark, ...]
    history: History
    cases: tuple[Case, ...]


def read(folder: Path) -> Scenario:
    """Return the scenario of `folder`; raises FileNotFoundError naming the file that is missing."""
    timeline = _load(folder / "timeline.yaml")
    cases = _load(folder / "cases.yaml")["cases"]
    history = timeline["history"]
    return Scenario(
        id=timeline["id"],
        folder=folder,
        title=timeline["title"]["en"],
        jurisdiction=timeline["jurisdiction"],
        emergency_type=timeline["emergency_type"],
        starts=_instant(timeline["starts"]),
        ends=_instant(timeline["ends"]),
        harm_at=_instant(timeline["harm"]["at"]),
        harm=timeline["harm"]["what"]["en"],
        entries=_entries(timeline["play"]),
        remarks=tuple(
            Remark(_instant(one["at"]), one["kind"], one["text"]["en"], one["source"])
            for one in timeline["record"]
        ),
        history=History(
            first_red_at=_instant(history["first_red_at"]),
            level_i_at=_instant(history["level_I_at"]),
            signals_red_before_level_i=history["signals_red_before_level_I"],
            measures={
                name: _instant(at) if at else None for name, at in history["measures"].items()
            },
        ),
        cases=tuple(_case(one) for one in cases),
    )


def _case(raw: Mapping[str, Any]) -> Case:
    return Case(
        id=raw["id"],
        entries=_entries(raw["play"]),
        city_level=raw["city"]["level"],
        city_at=_instant(raw["city"]["at"]),
        city_text=raw["city"]["text"],
        source=raw["source"],
        note=raw.get("note"),
    )


def _entries(raw: list[Mapping[str, Any]]) -> tuple[Entry, ...]:
    entries = (Entry(_instant(one["at"]), one["kind"], one) for one in raw)
    return tuple(sorted(entries, key=lambda entry: entry.at))


def _instant(value: datetime | str) -> datetime:
    """YAML reads an offset instant as naive UTC or aware, by the loader's version: make it aware UTC."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _load(path: Path) -> Any:  # noqa: ANN401 - YAML of our own repository
    if not path.exists():
        message = (
            f"{path} is missing: a scenario folder holds timeline.yaml, cases.yaml, city/, plans/"
        )
        raise FileNotFoundError(message)
    return yaml.safe_load(path.read_text("utf-8"))
