"""Plans read from disk for questions, and facts from the command line."""

from collections.abc import Sequence
from pathlib import Path

from services.plans import domain
from services.plans.domain import condition
from uem.plan import findings, folder
from uem.plan.folder import Written
from uem.problem import Problem

UNKNOWN = ("", "unknown", "null")


def plan(written: Written) -> domain.Plan:
    """The plan that the files describe. Raises Problem with the first fault and its place."""
    try:
        return domain.parse(written.text)
    except domain.PlanFileInvalid as error:
        first = next(findings.placed(written, error.faults))
        raise Problem(
            f"{first.file}:{first.at.line}:{first.at.column} {first.fault.message}",
            remedy=f"uem plan lint {written.home}",
        ) from error


def one_plan(path: Path) -> domain.Plan:
    """The one plan at the path. Raises Problem when there are several, or it is none."""
    found = folder.find([path])
    if len(found) != 1:
        raise Problem(f"{len(found)} plans lie in {path}", remedy="name one of them")
    return plan(found[0])


def facts(stated: Sequence[str]) -> dict[str, float]:
    """What `NAME=VALUE` says of each indicator; without a value, or `unknown`, it is not known."""
    known: dict[str, float] = {}
    for text in stated:
        name, sign, value = text.partition("=")
        if not sign:
            raise Problem(f"{text} states no fact", remedy="write NAME=VALUE, like rain_3h_mm=120")
        if condition.registered(name) is None:
            raise Problem(f"no indicator is registered as {name}", remedy="uem plan indicators")
        if value.lower() in UNKNOWN:
            continue
        try:
            known[name] = float(value)
        except ValueError as error:
            raise Problem(f"{value} is not a number", remedy=f"write {name}=120") from error
    return known
