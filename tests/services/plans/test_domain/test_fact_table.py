"""A fact table says what a plan has to give, and tells where it does not."""

import pytest

from services.plans import domain
from tests.services.plans.city import FLOOD
from tests.services.plans.player import LEVEL_I, LEVEL_II, LEVEL_IV

PLAN = domain.parse(FLOOD)
TABLE = """
plan: flood-410100
facts: {signal_blue_population_share: 0, rain_6h_mm: 0}
cases:
  - {name: a dry day, facts: {}, level: none, possible: LEVEL_I}
  - {name: at the limit, facts: {rain_3h_mm: 100}, level: LEVEL_II}
  - {name: just below, facts: {rain_3h_mm: 99.9}, level: LEVEL_III}
  - {name: for ten minutes, facts: {rain_6h_mm: 50}, held_minutes: 10, level: LEVEL_IV}
  - {name: for nine minutes, facts: {rain_6h_mm: 50}, held_minutes: 9, level: none}
  - {name: two of three, facts: {trapped: 100, water_level_m: 89}, level: LEVEL_I}
  - {name: not known, facts: {deaths: null}, level: none}
"""


def table(text: str) -> domain.FactTable:
    return domain.read_table(text)


def test_a_plan_that_gives_what_its_table_asks_is_right():
    results = domain.ask(PLAN, table(TABLE))

    assert [one.case.name for one in results if not one.is_right] == []
    assert [one.findings.given for one in results] == [
        *(None, LEVEL_II, domain.parse(FLOOD).levels[2].level, LEVEL_IV, None, LEVEL_I, None)
    ]


def test_a_plan_that_gives_another_level_is_wrong_at_the_line_of_the_case():
    (result,) = [
        one
        for one in domain.ask(PLAN, table(TABLE.replace("level: LEVEL_II}", "level: LEVEL_I}")))
        if not one.is_right
    ]

    assert (result.case.at.line, result.case.level) == (6, LEVEL_I)
    assert result.findings.given is LEVEL_II


def test_the_most_that_is_possible_is_asked_only_where_the_table_says_it():
    (wrong,) = [
        one
        for one in domain.ask(PLAN, table(TABLE.replace("possible: LEVEL_I", "possible: none")))
        if not one.is_right
    ]

    assert wrong.case.name == "a dry day"


def test_facts_that_the_plan_does_not_read_are_named():
    stated = TABLE.replace("facts: {}", "facts: {magnitude: 6.8}")

    assert domain.unread(PLAN, table(stated)) == {"magnitude"}


@pytest.mark.parametrize(
    ("old", "new", "slug", "line"),
    [
        ("rain_3h_mm: 100}", "rain: 100}", "indicator-unknown", 6),
        ("level: LEVEL_II}", "level: II}", "fact-table-schema", 6),
        ("plan: flood-410100", "plans: flood", "fact-table-schema", 2),
        ("held_minutes: 10", "held_minutes: -1", "fact-table-schema", 8),
        ("cases:", "cases: {", "yaml-syntax", 5),
    ],
)
def test_a_table_that_is_none_is_refused_with_its_place(old, new, slug, line):
    with pytest.raises(domain.TableUnreadable) as refused:
        table(TABLE.replace(old, new, 1))

    assert (slug, line) in [(one.slug, one.at.line) for one in refused.value.faults]
