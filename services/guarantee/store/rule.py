"""Versioned rule data, read once from the package's own files."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
import yaml

from services.guarantee.domain.rule import (
    ColourRow,
    ColourRule,
    DispatchRule,
    EmergencyTypeRule,
    TierRule,
)
from vocabulary import WarningColour


@cache
def colour_rules() -> tuple[ColourRule, ...]:
    """Return every version of the colours."""
    return tuple(_colour_rule(raw) for raw in _read("warning_colours.yaml"))


@cache
def emergency_type_rules() -> tuple[EmergencyTypeRule, ...]:
    """Return every version of the reading of emergency types."""
    return tuple(
        msgspec.convert(
            raw
            | {
                "value_names": frozenset(raw["value_names"]),
                "area_names": frozenset(raw["area_names"]),
            },
            EmergencyTypeRule,
        )
        for raw in _read("emergency_types.yaml")
    )


@cache
def tier_rules() -> tuple[TierRule, ...]:
    """Return every version of the mobilisation tiers."""
    return tuple(msgspec.convert(raw, TierRule) for raw in _read("mobilisation_tiers.yaml"))


@cache
def dispatch_rules() -> tuple[DispatchRule, ...]:
    """Return every version of the weights of dispatch."""
    return tuple(msgspec.convert(raw, DispatchRule) for raw in _read("dispatch.yaml"))


def _colour_rule(raw: dict[str, Any]) -> ColourRule:
    rows = tuple(
        ColourRow(
            urgency=row.get("urgency"),
            severity=row["severity"],
            certainty=row.get("certainty"),
            colour=WarningColour(row["colour"]),
        )
        for row in raw["table"]
    )
    words = {
        word: WarningColour(colour) for colour, listed in raw["words"].items() for word in listed
    }
    written = {WarningColour(colour): tuple(triple) for colour, triple in raw["written"].items()}
    return ColourRule(
        id=raw["id"],
        version=raw["version"],
        effective_from=raw["effective_from"],
        source=raw["source"],
        value_names=frozenset(raw["value_names"]),
        words=words,
        table=rows,
        written=written,
    )


def _read(name: str) -> Iterable[dict[str, Any]]:
    text = files("services.guarantee").joinpath("data", name).read_text("utf-8")
    versions: list[dict[str, Any]] = yaml.safe_load(text)
    return versions
