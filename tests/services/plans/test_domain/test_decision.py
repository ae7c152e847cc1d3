"""What follows from findings: up at once, down after the hold-down, never on what is unknown."""

from dataclasses import replace

from services.plans import domain
from tests.services.plans.player import (
    INDICATOR,
    LEVEL_II,
    LEVEL_III,
    LEVEL_IV,
    SIGNAL,
    Player,
    flood,
)


def test_an_automatic_level_starts_at_once():
    player = Player()

    player.weigh(rain_3h_mm=60.0)

    assert player.stands == ("IN_FORCE", LEVEL_III, None)
    assert player.told == ["STARTED"]


def test_a_signature_level_is_proposed_beside_the_automatic_one_and_both_events_say_so():
    player = Player()

    decision = player.weigh(SIGNAL, signal_red_population_share=0.4)

    assert player.told == ["STARTED", "PROPOSED"]
    assert [(one.activation.level, one.activation.proposed_level) for one in decision.events] == [
        (LEVEL_III, LEVEL_II),
        (LEVEL_III, LEVEL_II),
    ]


def test_the_same_facts_again_say_nothing_new():
    player = Player()
    player.weigh(SIGNAL, signal_red_population_share=0.4)

    decision = player.weigh(INDICATOR)

    assert decision.events == ()


def test_another_signal_while_a_level_is_proposed_is_answered_as_maintained():
    player = Player()
    player.weigh(SIGNAL, signal_red_population_share=0.4)

    player.weigh(SIGNAL)

    assert player.told == ["STARTED", "PROPOSED", "MAINTAINED"]
    assert player.stands == ("IN_FORCE", LEVEL_III, LEVEL_II)


def test_an_indicator_is_not_answered_when_the_level_stands():
    player = Player()
    player.weigh(rain_3h_mm=60.0)

    player.weigh(rain_3h_mm=70.0)

    assert player.told == ["STARTED"]


def test_a_level_is_raised_at_once_and_outbids_a_lesser_proposal():
    player = Player()
    player.weigh(rain_6h_mm=60.0)
    player.wait(10)
    assert player.stands == ("IN_FORCE", LEVEL_IV, None)

    player.weigh(rain_3h_mm=60.0)

    assert player.stands == ("IN_FORCE", LEVEL_III, None)
    assert player.told == ["STARTED", "RAISED"]


def test_a_condition_counts_only_after_it_was_sustained():
    player = Player()

    player.weigh(rain_6h_mm=60.0)
    player.wait(9)
    before = player.stands
    player.wait(1)

    assert before == ("NONE", None, None)
    assert player.stands == ("IN_FORCE", LEVEL_IV, None)


def test_a_condition_that_stops_holding_must_be_sustained_anew():
    player = Player()
    player.weigh(rain_6h_mm=60.0)
    player.wait(9)
    player.weigh(rain_6h_mm=40.0)
    player.weigh(rain_6h_mm=60.0)

    player.wait(9)

    assert player.stands == ("NONE", None, None)


def test_a_level_ends_only_after_its_hold_down():
    player = Player()
    player.weigh(rain_3h_mm=60.0)
    player.weigh(rain_3h_mm=10.0)

    player.wait(59)
    before = player.stands
    player.wait(1)

    assert before == ("IN_FORCE", LEVEL_III, None)
    assert player.stands == ("ENDED", None, None)
    assert player.told == ["STARTED", "ENDED"]


def test_a_level_falls_to_what_conditions_still_give():
    player = Player()
    player.weigh(rain_3h_mm=60.0, signal_yellow_population_share=0.2)
    player.weigh(rain_3h_mm=10.0)

    player.wait(60)

    assert player.stands == ("IN_FORCE", LEVEL_IV, None)
    assert player.told == ["STARTED", "LOWERED"]


def test_conditions_met_again_within_the_hold_down_start_it_anew():
    player = Player()
    player.weigh(rain_3h_mm=60.0)
    player.weigh(rain_3h_mm=10.0)
    player.wait(50)
    player.weigh(rain_3h_mm=60.0)
    player.weigh(rain_3h_mm=10.0)

    player.wait(59)

    assert player.stands == ("IN_FORCE", LEVEL_III, None)


def test_an_unknown_value_never_lowers():
    player = Player()
    player.weigh(rain_3h_mm=60.0)
    player.weigh(rain_3h_mm=None)

    player.wait(24 * 60)

    assert player.stands == ("IN_FORCE", LEVEL_III, None)


def test_an_unknown_value_never_starts():
    player = Player()

    player.weigh(SIGNAL, rain_3h_mm=None, deaths=None, rain_6h_mm=None)

    assert player.stands == ("NONE", None, None)


def test_a_proposal_that_nobody_decided_is_withdrawn_when_its_conditions_have_ceased():
    player = Player()
    player.weigh(SIGNAL, signal_red_population_share=0.4)
    player.weigh(signal_red_population_share=0.1)

    player.wait(119)
    before = player.stands
    player.wait(1)

    assert before == ("IN_FORCE", LEVEL_III, LEVEL_II)
    assert player.stands == ("IN_FORCE", LEVEL_III, None)
    assert player.told == ["STARTED", "PROPOSED", "MAINTAINED"]


def test_what_was_only_proposed_ends_when_it_is_withdrawn():
    player = Player(plan=only_level_two())
    player.weigh(SIGNAL, signal_red_population_share=0.4)
    before = player.stands

    player.weigh(signal_red_population_share=0.0)
    player.wait(120)

    assert before == ("PROPOSED", None, LEVEL_II)
    assert player.stands == ("ENDED", None, None)
    assert player.told == ["PROPOSED", "ENDED"]


def test_a_response_does_not_end_before_its_termination_holds():
    player = Player(plan=with_termination("water_level_m < 86"))
    player.weigh(rain_3h_mm=60.0, water_level_m=87.0)
    player.weigh(rain_3h_mm=0.0)

    player.wait(600)
    before = player.stands
    player.weigh(water_level_m=85.0)
    player.wait(30)

    assert before == ("IN_FORCE", LEVEL_IV, None)
    assert player.stands == ("ENDED", None, None)


def only_level_two() -> domain.Plan:
    plan = flood()
    return replace(plan, levels=tuple(one for one in plan.levels if one.level is LEVEL_II))


def with_termination(text: str) -> domain.Plan:
    return replace(flood(), termination=domain.When(text))
