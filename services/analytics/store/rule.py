"""The versioned rule files of this service, read and checked once."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec
import yaml

from services.analytics import domain

DATA = Path(__file__).parents[1] / "data"
T = TypeVar("T")


@cache
def indicator_rules() -> tuple[domain.IndicatorRules, ...]:
    """Every version of the indicators; raises RuleInvalid naming the file."""
    found = _read(DATA / "indicators", domain.IndicatorRules)
    return tuple(domain.check_indicators(rules) for rules in found)


@cache
def detection_rules() -> tuple[domain.DetectionRule, ...]:
    """Every version of every detection rule; raises RuleInvalid naming the file."""
    return tuple(
        domain.check_detection(rule) for rule in _read(DATA / "rules", domain.DetectionRule)
    )


def _read(folder: Path, of: type[T]) -> Sequence[T]:
    return [_parse(path, of) for path in sorted(folder.glob("*.yaml"))]


def _parse(path: Path, of: type[T]) -> T:
    try:
        return msgspec.convert(yaml.safe_load(path.read_text("utf-8")), of)
    except (msgspec.ValidationError, yaml.YAMLError) as error:
        message = f"{path.name}: {error}"
        raise domain.RuleInvalid(message) from error
