"""The grounds on which plans have to be revised: services/plans/data/revision/*.yaml."""

from functools import cache
from importlib.resources import files

import yaml

from services.plans.domain import GroundRule, parse_ground_rule


@cache
def ground_rules() -> tuple[GroundRule, ...]:
    """Every edition of every rule. Raises RuleDataInvalid naming the file's fault."""
    folder = files("services.plans") / "data" / "revision"
    texts = sorted((one.name, one.read_text("utf-8")) for one in folder.iterdir())
    return tuple(parse_ground_rule(yaml.safe_load(text)) for _, text in texts)
