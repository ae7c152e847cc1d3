"""The versions of the rule by which plans learn, as the file beside the code has them."""

from functools import cache
from pathlib import Path

import yaml

from services.plans.domain import LearningRule, learning_rule

FILE = Path(__file__).parents[1] / "data" / "learning.yaml"


@cache
def learning_rules() -> tuple[LearningRule, ...]:
    """Every version of the rule."""
    return tuple(map(learning_rule, yaml.safe_load(FILE.read_text(encoding="utf-8"))))
