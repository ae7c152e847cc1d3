"""What two versions do differently is said by their parts and by facts that are answered otherwise."""

from services.plans import domain
from services.plans.domain import logic
from services.plans.domain.condition import When
from tests.services.plans.city import FLOOD

OLD = domain.parse(FLOOD)


def found(*changes: tuple[str, str]) -> list[domain.Difference]:
    text = FLOOD
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return domain.differences(OLD, domain.parse(text))


def test_a_text_written_otherwise_does_nothing_differently():
    turned = (
        "{zh: 停课, en: Suspend classes}",
        "\n          en: Suspend classes\n          zh: 停课",
    )

    assert found(("# Modelled on", "# After"), turned) == []


def test_a_limit_that_falls_is_met_by_facts_that_did_not_meet_it():
    (level_three,) = found(("rain_3h_mm >= 50", "rain_3h_mm >= 40"))

    assert level_three.place == ("LEVEL_III", "conditions")
    assert level_three.gained is not None
    assert level_three.gained["rain_3h_mm"] == 40.0
    assert (level_three.lost, level_three.is_sampled) == (None, False)


def test_a_condition_that_says_the_same_otherwise_gains_and_loses_nothing():
    (said,) = found(("- rain_3h_mm >= 50\n", "- '!(rain_3h_mm < 50)'\n"))

    assert (said.change, said.gained, said.lost) == (domain.Change.CHANGED, None, None)


def test_what_lies_outside_the_frame_is_sampled_and_says_so():
    (said,) = found(("- rain_3h_mm >= 50\n", "- rain_3h_mm + rain_1h_mm >= 50.0\n"))

    assert said.is_sampled
    assert said.gained is not None
    assert logic.holds(logic.formula_of(When("rain_3h_mm < 50")), said.gained)


def test_a_step_keeps_its_place_by_its_id_and_tells_what_of_it_changed():
    changed = found(("time_limit_minutes: 60\n", "time_limit_minutes: 45\n"))

    assert [(one.place, one.before, one.after) for one in changed] == [
        ((level, "steps", "pumps-out", "time_limit_minutes"), "60", "45")
        for level in ("LEVEL_III", "LEVEL_II", "LEVEL_I")
    ]


def test_parts_that_come_and_go_are_told():
    changed = found(
        ("code: suspend_classes", "code: close_schools"),
        ("kind: SPECIAL", "kind: SPECIAL\nlegal_basis: [prv_1]"),
    )

    assert ("legal_basis",) in [one.place for one in changed]
    assert [(one.place[-1], one.change) for one in changed if one.place[0] == "LEVEL_II"] == [
        ("close_schools", domain.Change.ADDED),
        ("suspend_classes", domain.Change.REMOVED),
    ]


def test_a_level_that_is_gone_is_told_with_its_conditions():
    text = FLOOD[: FLOOD.index("  - level: LEVEL_I\n")]
    (gone,) = domain.differences(OLD, domain.parse(text))

    assert (gone.place, gone.change) == (("LEVEL_I",), domain.Change.REMOVED)
    assert gone.before is not None
    assert "at least 2 of: road_water_depth_cm >= 50" in gone.before
