"""What a plan of the library gives to stated facts: two versions of one rule can be held side by side."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from services.plans import domain


def given(name: str, facts: Mapping[str, float]) -> str | None:
    """The level that the plan in that file gives, None when it gives none; all else is unknown."""
    level = domain.answer(_plan(name), facts, held=None).given
    return None if level is None else str(level)


@cache
def _plan(name: str) -> domain.Plan:
    text = files("services.plans").joinpath("library", f"{name}.yaml").read_text(encoding="utf-8")
    return domain.parse(text)
