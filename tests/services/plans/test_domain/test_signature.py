"""What a person decides: the first decision wins, and nothing goes below conditions unanswered for."""

from dataclasses import replace

import pytest

from services.plans import domain
from services.plans.domain import refusal
from tests.services.plans.player import CHEN, LEVEL_I, LEVEL_II, LEVEL_III, LEVEL_IV, SIGNAL, Player

LI = domain.Signature(by="org_410100_flood_command/deputy", reason="wait for the gauge")


@pytest.fixture
def proposed() -> Player:
    """Level LEVEL_III in force, level LEVEL_II waiting for a signature."""
    player = Player()
    player.weigh(SIGNAL, signal_red_population_share=0.4)
    return player


def test_signing_puts_the_level_proposed_in_force_with_who_and_why(proposed: Player):
    one = proposed.decided(
        domain.sign(proposed.plan, proposed.present, level=None, by=CHEN, on=proposed.situation())
    )

    assert proposed.stands == ("IN_FORCE", LEVEL_II, None)
    assert (one.decided_by, one.reason, one.decided_at) == (CHEN.by, CHEN.reason, proposed.now)
    assert one.history[-1].because is domain.Because.SIGNED


def test_signing_takes_over_the_content_that_was_shown(proposed: Player):
    shown = proposed.present.proposed_content
    proposed.values["population"] = 20_000_000.0

    one = proposed.decided(
        domain.sign(proposed.plan, proposed.present, level=None, by=CHEN, on=proposed.situation())
    )

    assert one.content == shown


def test_a_second_decision_is_told_who_was_first_and_when(proposed: Player):
    proposed.decided(
        domain.sign(proposed.plan, proposed.present, level=None, by=CHEN, on=proposed.situation())
    )

    with pytest.raises(refusal.ProposalAlreadyDecided) as refused:
        domain.decline(proposed.present, LI, proposed.situation())

    assert refused.value.extra == {"decidedBy": CHEN.by, "decidedAt": proposed.now}
    assert CHEN.by in refused.value.message


def test_a_signal_that_asks_for_what_was_signed_is_answered_as_maintained(proposed: Player):
    proposed.decided(
        domain.sign(proposed.plan, proposed.present, level=None, by=CHEN, on=proposed.situation())
    )

    proposed.weigh(SIGNAL)

    assert proposed.told[-1] == "MAINTAINED"
    assert proposed.stands == ("IN_FORCE", LEVEL_II, None)


def test_declining_leaves_what_is_in_force(proposed: Player):
    proposed.decided(domain.decline(proposed.present, LI, proposed.situation()))

    assert proposed.stands == ("IN_FORCE", LEVEL_III, None)
    assert proposed.present.reason == LI.reason


def test_what_was_declined_is_not_proposed_again_without_news(proposed: Player):
    proposed.decided(domain.decline(proposed.present, LI, proposed.situation()))

    proposed.weigh(signal_red_population_share=0.5)
    proposed.wait(120)

    assert proposed.stands == ("IN_FORCE", LEVEL_III, None)


def test_a_new_signal_proposes_again_what_was_declined(proposed: Player):
    proposed.decided(domain.decline(proposed.present, LI, proposed.situation()))

    proposed.weigh(SIGNAL)

    assert proposed.stands == ("IN_FORCE", LEVEL_III, LEVEL_II)


def test_declining_takes_a_reason(proposed: Player):
    with pytest.raises(refusal.ReasonRequired):
        domain.decline(proposed.present, replace(LI, reason="  "), proposed.situation())


def test_signing_less_than_what_is_proposed_takes_a_reason():
    player = Player()
    player.weigh(SIGNAL, rain_3h_mm=160.0)
    silent = replace(CHEN, reason=None)

    with pytest.raises(refusal.ReasonRequired):
        domain.sign(player.plan, player.present, level=LEVEL_II, by=silent, on=player.situation())
    player.decided(
        domain.sign(player.plan, player.present, level=LEVEL_II, by=CHEN, on=player.situation())
    )

    assert player.stands == ("IN_FORCE", LEVEL_II, None)


def test_where_nothing_was_proposed_nothing_can_be_signed():
    player = Player()
    player.weigh(rain_3h_mm=60.0)

    with pytest.raises(refusal.ProposalAlreadyDecided) as refused:
        domain.sign(player.plan, player.present, level=None, by=CHEN, on=player.situation())

    assert refused.value.message == "Nothing is proposed: flood-410100 is IN_FORCE at LEVEL_III."


def test_what_was_only_proposed_and_declined_is_over():
    player = Player(plan=replace(Player().plan, levels=Player().plan.levels[:2]))
    player.weigh(SIGNAL, signal_red_population_share=0.4)

    player.decided(domain.decline(player.present, LI, player.situation()))

    assert player.stands == ("DECLINED", None, None)


def test_signing_beyond_the_proposal_holds_against_the_rules(proposed: Player):
    proposed.decided(
        domain.sign(
            proposed.plan, proposed.present, level=LEVEL_I, by=CHEN, on=proposed.situation()
        )
    )

    proposed.weigh(signal_red_population_share=0.0)
    proposed.wait(24 * 60)

    assert proposed.stands == ("IN_FORCE", LEVEL_I, None)


def test_a_level_is_not_lowered_while_conditions_hold(proposed: Player):
    proposed.decided(
        domain.sign(proposed.plan, proposed.present, level=None, by=CHEN, on=proposed.situation())
    )

    with pytest.raises(refusal.LevelBelowConditions) as refused:
        domain.lower(
            proposed.plan, proposed.present, level=LEVEL_IV, by=CHEN, on=proposed.situation()
        )

    assert refused.value.extra["conditionsGive"] is LEVEL_II
    assert refused.value.extra["holdDownLeftMinutes"] == 120
    assert "signal_red_population_share 0.4" in refused.value.message


def test_a_level_is_not_lowered_within_its_hold_down(proposed: Player):
    proposed.weigh(signal_red_population_share=0.0)
    proposed.wait(20)

    with pytest.raises(refusal.LevelBelowConditions) as refused:
        domain.end(proposed.plan, proposed.present, CHEN, proposed.situation())

    assert refused.value.extra["conditionsGive"] is None
    assert refused.value.extra["holdDownLeftMinutes"] == 40


def test_a_named_override_lowers_below_conditions_and_stays_on_record(proposed: Player):
    override = replace(CHEN, override="org_410100_committee/mayor")

    one = proposed.decided(
        domain.lower(
            proposed.plan, proposed.present, level=LEVEL_IV, by=override, on=proposed.situation()
        )
    )
    proposed.weigh(rain_1h_mm=1.0)

    assert proposed.stands[1] is LEVEL_IV
    assert one.history[-1].override == "org_410100_committee/mayor"


def test_a_plan_started_by_a_person_is_not_ended_by_its_rules():
    player = Player()
    player.decided(domain.start(player.plan, None, level=LEVEL_II, by=CHEN, on=player.situation()))

    player.weigh()
    player.wait(24 * 60)

    assert player.stands == ("IN_FORCE", LEVEL_II, None)


def test_a_person_may_lower_what_a_person_chose_beyond_conditions():
    player = Player()
    player.decided(domain.start(player.plan, None, level=LEVEL_II, by=CHEN, on=player.situation()))

    player.decided(domain.end(player.plan, player.present, CHEN, player.situation()))

    assert player.stands == ("ENDED", None, None)


def test_a_plan_in_force_cannot_be_started_again(proposed: Player):
    with pytest.raises(refusal.PlanAlreadyActive):
        domain.start(
            proposed.plan, proposed.present, level=LEVEL_I, by=CHEN, on=proposed.situation()
        )


def test_raising_and_lowering_go_up_and_down(proposed: Player):
    with pytest.raises(refusal.LevelNotHigher):
        domain.raise_level(
            proposed.plan, proposed.present, level=LEVEL_IV, by=CHEN, on=proposed.situation()
        )
    with pytest.raises(refusal.LevelNotLower):
        domain.lower(
            proposed.plan, proposed.present, level=LEVEL_I, by=CHEN, on=proposed.situation()
        )


def test_what_is_over_cannot_be_raised():
    player = Player()
    player.decided(domain.start(player.plan, None, level=LEVEL_II, by=CHEN, on=player.situation()))
    player.decided(domain.end(player.plan, player.present, CHEN, player.situation()))

    with pytest.raises(refusal.ActivationOver):
        domain.raise_level(
            player.plan, player.present, level=LEVEL_I, by=CHEN, on=player.situation()
        )


def test_a_level_that_the_plan_does_not_have_is_refused(proposed: Player):
    plan = replace(proposed.plan, levels=proposed.plan.levels[1:])

    with pytest.raises(refusal.LevelNotInPlan) as refused:
        domain.raise_level(plan, proposed.present, level=LEVEL_I, by=CHEN, on=proposed.situation())

    assert refused.value.remedy == "It has LEVEL_II, LEVEL_III, LEVEL_IV."
