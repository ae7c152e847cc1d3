"""Times of disclosure as files that people review: services/org/data/disclosure/*.yaml."""

from functools import cache
from importlib.resources import files

import yaml

from services.org.domain import DisclosureRule, parse_disclosure_rule


@cache
def disclosure_rules() -> tuple[DisclosureRule, ...]:
    """Return every version of every rule. Raises RuleDataInvalid naming the file's fault."""
    folder = files("services.org") / "data" / "disclosure"
    texts = sorted((one.name, one.read_text("utf-8")) for one in folder.iterdir())
    return tuple(parse_disclosure_rule(yaml.safe_load(text)) for _, text in texts)
