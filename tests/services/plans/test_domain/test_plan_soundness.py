"""Levels that can do what they say: mistake 20 answered with facts that show the fault."""

from services.plans import domain
from services.plans.domain.plan_file.source import Fault, Severity
from tests.services.plans.city import FLOOD

LEVELS = """
  - level: LEVEL_III
    start: automatic
    hold_down_minutes: 60
    conditions:
      any: [{three}]
  - level: LEVEL_II
    start: automatic
    hold_down_minutes: 60
    conditions:
      any: [{two}]
"""
HEAD = FLOOD.split("levels:\n")[0]


def found(*, three: str, two: str, more: str = "") -> list[Fault]:
    return domain.lint(HEAD + more + "levels:" + LEVELS.format(three=three, two=two))


def test_a_level_that_is_stricter_than_a_severer_one_is_refused_with_an_example():
    (fault,) = found(three="rain_3h_mm >= 150", two="rain_3h_mm >= 100")

    assert (fault.slug, fault.severity) == ("plan-levels-not-monotone", Severity.ERROR)
    assert fault.message == (
        "LEVEL_III is never given: facts that meet it meet a severer level,"
        " for example rain_3h_mm = 150 meets LEVEL_II."
    )


def test_a_level_that_holds_longer_than_a_severer_one_asks_is_never_given():
    (fault,) = found(
        three="{when: rain_3h_mm >= 100, sustained_for_minutes: 30}", two="rain_3h_mm >= 100"
    )

    assert "rain_3h_mm = 100, held for 30 min meets LEVEL_II" in fault.message


def test_a_condition_that_nothing_meets_is_refused():
    (level,) = found(three="rain_3h_mm >= 50", two="rain_3h_mm >= 100 && rain_3h_mm < 90")
    (share,) = found(three="rain_3h_mm >= 50", two="signal_red_area_share > 1")
    (hour,) = found(three="deaths > 3", two="rain_1h_mm >= 80 && rain_3h_mm < 60")

    assert {level.slug, share.slug, hour.slug} == {"condition-unreachable"}
    assert level.message == "LEVEL_II is never met: no facts meet its conditions."


def test_one_expression_that_nothing_meets_is_refused_where_it_stands():
    (fault,) = found(three="rain_3h_mm >= 50, warning_red_area_share >= 1.2", two="deaths > 3")

    assert fault.slug == "condition-unreachable"
    assert fault.message == "`warning_red_area_share >= 1.2` is never true."
    assert fault.at.column == len("      any: [rain_3h_mm >= 50, ") + 1


def test_a_level_that_falls_when_an_indicator_rises_is_refused_where_the_plan_says_it_does_not():
    both = {"three": "rain_3h_mm >= 50", "two": "water_level_m > 88 && water_level_m < 95"}
    (fault,) = found(**both, more="monotone: true\n")

    assert fault.slug == "plan-levels-not-monotone"
    assert fault.message.startswith("water_level_m from 91.5 to 95 leaves LEVEL_II")
    assert found(**both, more="monotone: [rain_3h_mm]\n") == []
    assert found(**both) == []


def test_levels_that_rise_with_every_indicator_may_be_declared_so():
    assert domain.lint(FLOOD.replace("levels:\n", "monotone: true\nlevels:\n", 1)) == []
    assert (
        "rain_1h_mm"
        in domain.parse(FLOOD.replace("levels:\n", "monotone: true\nlevels:\n", 1)).monotone
    )


def test_what_cannot_be_decided_is_told_and_does_not_keep_a_plan_from_being_one():
    (fault,) = found(three="rain_3h_mm >= 50", two="rain_3h_mm + rain_24h_mm >= 300.0")

    assert (fault.slug, fault.severity) == ("condition-not-decidable", Severity.NOTE)


def test_a_response_to_another_emergency_is_a_condition():
    assert found(three="rain_3h_mm >= 50", two="{response: 11B, at_least: LEVEL_II}") == []
    (fault,) = found(
        three="{response: 11B, at_least: LEVEL_I}", two="{response: 11B, at_least: LEVEL_II}"
    )
    assert fault.slug == "plan-levels-not-monotone"


def test_ids_that_name_nothing_are_refused_with_those_that_are_there():
    step = "  - {id: call, title: {zh: 通知, en: Notify}, function: a.b, time_limit_minutes: 5, %s}"
    base = FLOOD.replace("    steps:\n", "    steps:\n    " + step + "\n", 1)
    slugs = {
        key: [fault.slug for fault in domain.lint(base % said)]
        for key, said in {
            "measures": "measures: [close_roads]",
            "uses": "uses: [boats]",
            "needs": "needs: [map]",
            "after": "after: [nothing]",
            "right": "measures: [inspect_tunnels], uses: []",
        }.items()
    }

    assert slugs == {
        "measures": ["measure-unknown"],
        "uses": ["requirement-unknown"],
        "needs": ["information-unknown"],
        "after": ["step-unknown"],
        "right": [],
    }
