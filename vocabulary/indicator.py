"""The registry of indicators that plans may decide on: name, type, unit, source, meaning, range."""

import math
from dataclasses import dataclass
from pathlib import Path

import yaml

REGISTRY = Path(__file__).parent / "indicators.yaml"


@dataclass(frozen=True, slots=True)
class Indicator:
    """A named, unit-carrying figure.

    `kind` is the CEL type (double, int, bool or string), `source` the service that says it.
    Values lie between `minimum` and `maximum`, both included; `whole` ones are counted.
    `at_most` names an indicator of the same place that is never smaller: rain of 1 h, rain of 3 h.
    """

    name: str
    kind: str
    unit: str
    source: str
    meaning_zh: str
    meaning_en: str
    minimum: float = -math.inf
    maximum: float = math.inf
    whole: bool = False
    at_most: str | None = None


def _read() -> dict[str, Indicator]:
    written = yaml.safe_load(REGISTRY.read_text(encoding="utf-8"))
    rows = [
        {"kind": "double", "source": source, "name": name} | row
        for source, group in written["indicators"].items()
        for name, row in group.items()
    ]
    return {row["name"]: Indicator(**row) for row in rows}


INDICATORS = _read()
