"""Times of coordination as files that people review: services/org/data/coordination/*.yaml."""

from functools import cache
from importlib.resources import files

import yaml

from services.org.domain import CoordinationRule, parse_coordination_rule


@cache
def coordination_rules() -> tuple[CoordinationRule, ...]:
    """Return every version of every rule. Raises RuleDataInvalid naming the file's fault."""
    folder = files("services.org") / "data" / "coordination"
    texts = sorted((one.name, one.read_text("utf-8")) for one in folder.iterdir())
    return tuple(parse_coordination_rule(yaml.safe_load(text)) for _, text in texts)
