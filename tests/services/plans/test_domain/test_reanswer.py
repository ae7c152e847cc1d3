"""The law asked again about an activation: what changed is said, what did not is left alone."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.plans import domain
from services.plans.domain import Belonging
from tests.harness import START
from tests.services.plans.player import Player
from tests.services.plans.test_domain.test_content import HOLDER, PLAN, provision
from vocabulary import LegalVerdict

LAW = domain.Law((provision("inspect_tunnels"), provision("suspend_classes")), HOLDER)
STEP = timedelta(minutes=1)


def proposed() -> domain.Activation:
    """Level III in force and Level II proposed, everything allowed."""
    player = Player(law=LAW)
    player.weigh(rain_3h_mm=120.0)
    player.weigh(signal_red_population_share=0.1)
    assert player.activation is not None
    assert (player.activation.level, player.activation.proposed_level) == ("LEVEL_III", "LEVEL_II")
    return player.activation


def test_the_same_law_gives_the_same_activation_and_says_nothing():
    before = proposed()

    assert domain.reanswer(before, PLAN, law=LAW, now=START + STEP) == (before, None)


def test_a_law_that_is_gone_is_said_for_each_level_that_used_it():
    less = replace(LAW, provisions=LAW.provisions[1:])

    after, said = domain.reanswer(proposed(), PLAN, law=less, now=START + STEP)

    assert said is not None
    assert [(one.code, one.of, one.after.verdict.value) for one in said.answers] == [
        ("inspect_tunnels", Belonging.IN_FORCE, "REFUSED"),
        ("inspect_tunnels", Belonging.PROPOSED, "REFUSED"),
    ]
    assert said.activation == after
    assert not after.content.measures[0].automatic
    assert (after.content.steps, after.level) == (proposed().content.steps, "LEVEL_III")


def test_who_holds_an_authority_is_kept_without_a_word():
    neighbour = replace(HOLDER, id="org_new")
    less = replace(LAW, provisions=(provision("suspend_classes"),), holder=None)
    before, _ = domain.reanswer(proposed(), PLAN, law=less, now=START)

    _, said = domain.reanswer(
        before, PLAN, law=replace(less, organizations=(neighbour,)), now=START
    )

    assert said is None


@given(st.integers(0, 3))
def test_a_law_that_lapses_is_refused_from_its_last_moment_on(minutes):
    first = provision("inspect_tunnels")
    lapsing = replace(first, law=replace(first.law, valid_to=START + 2 * STEP))
    law = replace(LAW, provisions=(lapsing, LAW.provisions[1]))

    after, _ = domain.reanswer(proposed(), PLAN, law=law, now=START + minutes * STEP)

    verdict = after.content.measures[0].legal.verdict
    assert verdict is (LegalVerdict.ALLOWED if minutes < 2 else LegalVerdict.REFUSED)


def test_the_next_edge_of_a_law_is_its_first_day_then_its_last_then_none():
    law = replace(provision("x").law, valid_from=START + STEP, valid_to=START + 3 * STEP)

    edges = [domain.next_edge(law, START + count * STEP) for count in (0, 1, 3)]

    assert edges == [law.valid_from, law.valid_to, None]
