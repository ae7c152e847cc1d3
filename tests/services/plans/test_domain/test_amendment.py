"""A change at its place: everything else in the file stays byte for byte as it was."""

import pytest

from services.plans import domain
from services.plans.domain import condition
from services.plans.domain.amendment import AmendmentImpossible
from tests.services.plans.city import FLOOD

STEP = domain.PlaceKind.STEP
MEASURE = domain.PlaceKind.MEASURE
CONDITION = domain.PlaceKind.CONDITION


def changed(text: str, kind: domain.PlaceKind, place: str, *amendments: domain.Amendment) -> str:
    at = domain.PlaceInPlan(kind, place)
    return domain.amend(text, at, amendments, plan_version="2021.2")


def lines_of(before: str, after: str) -> list[tuple[str, str]]:
    """The lines that differ, side by side."""
    pairs = zip(before.splitlines(), after.splitlines(), strict=True)
    return [(one.strip(), other.strip()) for one, other in pairs if one != other]


def some_step() -> domain.Step:
    return next(iter(domain.steps_of(domain.parse(FLOOD)).values()))


def test_only_the_time_limit_and_the_version_change() -> None:
    step = some_step()

    after = changed(FLOOD, STEP, step.id, domain.Amendment("time_limit_minutes", "45"))

    assert all("45" in new or "2021.2" in new for _, new in lines_of(FLOOD, after))
    assert domain.steps_of(domain.parse(after))[step.id].time_limit_minutes == 45
    assert domain.parse(after).plan_version == "2021.2"
    assert [line for line in after.splitlines() if line.lstrip().startswith("#")] == [
        line for line in FLOOD.splitlines() if line.lstrip().startswith("#")
    ]


def test_the_difference_is_shown_as_lines() -> None:
    after = changed(FLOOD, STEP, some_step().id, domain.Amendment("time_limit_minutes", "45"))

    shown = domain.changed_lines(FLOOD, after, versions=("a", "b"))

    assert shown.startswith("--- a\n+++ b\n")
    assert {line[0] for line in shown.splitlines()} == {"-", "+", "@", " "}


def test_an_expression_is_found_by_what_it_was() -> None:
    plan = domain.parse(FLOOD)
    level = plan.levels[0]
    old = next(condition.leaves(level.conditions))

    after = changed(
        FLOOD,
        CONDITION,
        level.level.value,
        domain.Amendment("expression", "rain_3h_mm >= 77.0", was=old.text),
    )

    assert "rain_3h_mm >= 77.0" in after
    assert domain.parse(after).levels[0].conditions != level.conditions
    assert domain.parse(after).levels[1:] == plan.levels[1:]


@pytest.mark.parametrize(
    ("kind", "place", "amendment"),
    [
        (STEP, "no-such-step", domain.Amendment("time_limit_minutes", "45")),
        (STEP, "evacuate", domain.Amendment("colour", "red")),
        (CONDITION, "LEVEL_I", domain.Amendment("expression", "deaths >= 1", was="nothing")),
        (MEASURE, "suspend_classes", domain.Amendment("text", "x")),
    ],
)
def test_what_the_file_does_not_spell_out_cannot_be_changed(
    kind: domain.PlaceKind, place: str, amendment: domain.Amendment
) -> None:
    with pytest.raises(AmendmentImpossible) as refused:
        changed(FLOOD, kind, place, amendment)

    assert refused.value.field[0] == "amendments"


def test_minutes_are_whole_numbers() -> None:
    with pytest.raises(AmendmentImpossible):
        changed(FLOOD, STEP, some_step().id, domain.Amendment("time_limit_minutes", "soon"))


@pytest.mark.parametrize(
    ("value", "written"),
    [("'old'", "'it''s new'"), ('"old"', '"it\'s new"'), ("old", '"it\'s new"')],
)
def test_a_value_keeps_the_quotes_that_it_had(value: str, written: str) -> None:
    text = (
        f'version: "1.1" # the first\nlevels:\n'
        f"- level: LEVEL_I\n  conditions:\n    any:\n    - when: {value} # why\n      x: 1\n"
    )
    at = domain.PlaceInPlan(CONDITION, "LEVEL_I")

    after = domain.amend(
        text, at, [domain.Amendment("expression", "it's new", was="old")], plan_version="1.2"
    )

    assert after == text.replace("1.1", "1.2").replace(value, written)
