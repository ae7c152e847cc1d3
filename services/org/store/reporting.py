"""Times of reports upward as files that people review: services/org/data/reporting/*.yaml."""

from functools import cache
from importlib.resources import files

import yaml

from services.org.domain import ReportingRule, parse_reporting_rule


@cache
def reporting_rules() -> tuple[ReportingRule, ...]:
    """Return every version of every rule. Raises RuleDataInvalid naming the file's fault."""
    folder = files("services.org") / "data" / "reporting"
    texts = sorted((one.name, one.read_text("utf-8")) for one in folder.iterdir())
    return tuple(parse_reporting_rule(yaml.safe_load(text)) for _, text in texts)
