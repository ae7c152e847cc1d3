"""Rules on overrides as files that people review: services/plans/data/overrides/*.yaml."""

from functools import cache
from importlib.resources import files

import yaml

from services.plans.domain import OverrideRule, parse_override_rule


@cache
def override_rules() -> tuple[OverrideRule, ...]:
    """Every edition of every rule. Raises RuleDataInvalid naming the file's fault."""
    folder = files("services.plans") / "data" / "overrides"
    texts = sorted((one.name, one.read_text("utf-8")) for one in folder.iterdir())
    return tuple(parse_override_rule(yaml.safe_load(text)) for _, text in texts)
