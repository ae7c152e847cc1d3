"""Limits and ladders as files that people review: services/org/data/limits/*.yaml."""

from functools import cache
from importlib.resources import files

import yaml

from services.org.domain import LimitRule, parse_limit_rule


@cache
def limit_rules() -> tuple[LimitRule, ...]:
    """Return every version of every limit rule. Raises RuleDataInvalid naming the file's fault."""
    folder = files("services.org") / "data" / "limits"
    texts = sorted((one.name, one.read_text("utf-8")) for one in folder.iterdir())
    return tuple(parse_limit_rule(yaml.safe_load(text)) for _, text in texts)
