"""Findings on the quality of a plan: what, where, shown by which values, and what to do about it.

What a finding is called, how much it weighs and its words are data (`data/quality.yaml`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from services.plans.domain.plan import Text
from services.plans.domain.plan_file import Severity

QUALITY_FILE = Path(__file__).parents[1] / "data" / "quality.yaml"
UNKNOWN = "UNKNOWN"  # in the file: what could not be decided


class Criterion(StrEnum):
    """What a plan is judged by."""

    PROCESS = "PROCESS"
    STEPS = "STEPS"
    RESOURCES = "RESOURCES"
    INFORMATION = "INFORMATION"
    CONDITIONS = "CONDITIONS"
    LAWFUL = "LAWFUL"
    DRILLED = "DRILLED"
    CONFORMING = "CONFORMING"


Evidence = str | float | int


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: `place` leads to it (level, part, id, member), `evidence` shows it.

    `example` are facts that show it: an indicator's value by name, how long they hold in minutes.
    `is_undetermined`: it says that something could not be decided, which weighs nothing.
    """

    slug: str
    place: tuple[str, ...]
    evidence: Mapping[str, Evidence]
    example: Mapping[str, float] | None = None

    @property
    def criterion(self) -> Criterion:
        """Which criterion it belongs to."""
        return Criterion(_entry(self.slug)["criterion"])

    @property
    def is_undetermined(self) -> bool:
        """Whether it only says that something could not be decided."""
        return bool(_entry(self.slug)["severity"] == UNKNOWN)

    @property
    def severity(self) -> Severity:
        """How grave it is; what could not be decided is a note."""
        return Severity.NOTE if self.is_undetermined else Severity(_entry(self.slug)["severity"])

    @property
    def weight(self) -> float:
        """What it takes off its criterion, in checks."""
        return 0.0 if self.is_undetermined else float(_written()["weights"][self.severity])

    @property
    def message(self) -> Text:
        """What was found."""
        return self._said("")

    @property
    def remedy(self) -> Text:
        """What to do about it."""
        return self._said("remedy_")

    def told(self) -> dict[str, str]:
        """The evidence as people read it."""
        return {name: _shown(value) for name, value in self.evidence.items()}

    def _said(self, part: str) -> Text:
        entry, told = _entry(self.slug), self.told()
        zh, en = (entry[f"{part}{language}"].format(**told) for language in ("zh", "en"))
        return Text(zh, en)


# What one check found; None: it was passed.
Check = Finding | None


@dataclass(frozen=True, slots=True)
class Copying:
    """From when on a text is taken over (0-1), a plan copied (0-1), a risk mentioned (characters)."""

    alike: float
    share: float
    mentioned_zh: int
    mentioned_en: int


def copying() -> Copying:
    """The limits of `data/quality.yaml`."""
    written = _written()
    asked = written["mentioned_characters"]
    return Copying(**written["copied"], mentioned_zh=asked["zh"], mentioned_en=asked["en"])


def quality_version() -> str:
    """The version of the weights, limits and words that reports are made by."""
    return str(_written()["version"])


def slugs() -> tuple[str, ...]:
    """Everything that can be found."""
    return tuple(_written()["findings"])


@cache
def _written() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(QUALITY_FILE.read_text(encoding="utf-8"))
    return loaded


def _entry(slug: str) -> dict[str, str]:
    entry: dict[str, str] = _written()["findings"][slug]
    return entry


def _shown(value: Evidence) -> str:
    return value if isinstance(value, str) else f"{value:.12g}"  # 10000000, not 1e+07
