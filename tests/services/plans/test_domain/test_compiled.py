"""Plans made ready say what CEL says, and what is left unweighed would have changed nothing."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st

from services.plans import domain
from services.plans.domain import condition
from tests.harness import START
from tests.services.plans.player import INDICATOR, Player, flood
from vocabulary import INDICATORS, Figure, ResponseLevel

unhurried = settings(deadline=None)
FLOOD = flood()
NAMES = ("rain_1h_mm", "rain_3h_mm", "deaths", "water_level_m")
VALUES = (None, 0.0, 1.0, 10.0, 50.0)
KIND = "11C01"


def always(seen: domain.Facts, _: domain.CompiledPlan) -> domain.Facts:
    """The facts that every plan of the test sees."""
    return seen


def texts() -> st.SearchStrategy[str]:
    comparison = st.builds(
        "{} {} {}".format,
        st.sampled_from(NAMES),
        st.sampled_from([">=", ">", "<=", "<", "==", "!="]),
        st.sampled_from((0, 1, 10, 50)),
    )
    outside = st.sampled_from(
        ["rain_1h_mm + rain_3h_mm >= 10.0", "ceil(rain_1h_mm) > 1.0", "rain_1h_mm / deaths > 1.0"]
    )
    joined = st.builds(
        "({}) {} !({})".format, comparison, st.sampled_from(["&&", "||"]), comparison
    )
    return st.one_of(comparison, comparison, joined, outside)


def leaves() -> st.SearchStrategy[domain.Leaf]:
    when = st.builds(domain.When, texts(), st.sampled_from((0, 0, 10)))
    return st.one_of(
        when, when, st.builds(domain.Response, st.just(KIND), st.sampled_from(ResponseLevel))
    )


@st.composite
def plans(draw: st.DrawFn) -> domain.Plan:
    """A plan of two levels and a termination, whatever its conditions say."""

    def group() -> domain.Group:
        parts = draw(st.lists(leaves(), min_size=1, max_size=4))
        inner = draw(st.lists(leaves(), min_size=0, max_size=2))
        of = (*parts, *([domain.Group(1, tuple(inner))] if inner else ()))
        return domain.Group(draw(st.integers(1, len(of))), of)

    levels = tuple(replace(one, conditions=group()) for one in FLOOD.levels[:2])
    return replace(FLOOD, levels=levels, termination=group())


@st.composite
def facts(draw: st.DrawFn) -> domain.Facts:
    known = {name: draw(st.sampled_from(VALUES)) for name in NAMES}
    response = f"{condition.RESPONSE}{KIND}"
    severity = draw(st.sampled_from((None, 0.0, 1.0, 4.0)))
    figures = {
        name: Figure(name, value, INDICATORS[name].unit, "test", START, START)
        for name, value in known.items()
        if value is not None or draw(st.booleans())
    }
    return domain.Facts(
        figures | {response: Figure(response, severity, "1", "act_1", START, START)}
    )


@unhurried
@given(plans(), st.lists(st.tuples(facts(), st.integers(0, 15)), min_size=1, max_size=4))
def test_a_compiled_plan_finds_what_cel_finds(plan, history):
    ready = domain.compiled(plan)
    index = domain.index((domain.compiled(FLOOD), ready))
    one, other, now = None, None, START

    for seen, minutes in history:
        now += timedelta(minutes=minutes)
        one = domain.evaluate(plan, seen, previous=one, now=now)
        other = domain.evaluate(plan, seen, previous=other, now=now, read=ready.read)
        assert one == other
        assert index.gists([ready], partial(always, seen)) == [ready.gist_of(one)]


@unhurried
@given(plans(), st.lists(st.tuples(facts(), st.integers(0, 40)), min_size=1, max_size=6))
def test_a_plan_that_is_left_unweighed_would_have_changed_nothing(plan, history):
    ready = domain.compiled(plan)
    index = domain.index((ready,))
    player, last = FactsPlayer(plan=plan), None

    for seen, minutes in history:
        player.now += timedelta(minutes=minutes)
        player.seen = seen
        (gist,) = index.gists([ready], partial(always, seen))
        current = player.activation if player.activation and player.activation.is_open else None
        settled = domain.is_settled(gist, last=last, activation=current, now=player.now)
        before = (player.activation, player.look_again_at, player.previous)
        decision = player.weigh(INDICATOR)
        if settled:
            assert decision.events == ()
            assert (player.activation, player.look_again_at) == before[:2]
            assert before[2] is not None
            assert player.previous is not None
            assert domain.says_the_same(player.previous, before[2])
        kept = player.previous
        assert kept is not None
        last = domain.Last("eva", ready.gist_of(kept), kept.look_again_at)


def test_plans_of_one_division_and_its_types_see_the_same_facts_gathered_once():
    gathered = domain.Gathered(domain.World(), START)
    other = replace(FLOOD, plan_id=domain.PlanId("other"), levels=FLOOD.levels[:1])
    elsewhere = replace(FLOOD, jurisdiction="410103")

    assert gathered.seen_by(FLOOD) is gathered.seen_by(other)
    assert gathered.seen_by(FLOOD) is not gathered.seen_by(elsewhere)
    assert gathered.seen_by(FLOOD) == domain.gather(FLOOD, domain.World(), START)


def test_the_version_in_force_is_found_on_both_sides_of_each_turn():
    later = replace(FLOOD, id="f@2", plan_version="2", effective_from=START)
    index = domain.index((domain.compiled(FLOOD), domain.compiled(later)))
    second = timedelta(seconds=1)

    def ruling(at) -> list[str]:
        found = index.ruling([FLOOD.plan_id, "nobody's"], bound={}, at=at)
        return [one.plan.plan_version for one in found.values()]

    assert ruling(START - second) == ["2021.1"]
    assert ruling(START) == ruling(START + second) == ["2"]
    assert (
        index.ruling([FLOOD.plan_id], bound={FLOOD.plan_id: "2021.1"}, at=START)[FLOOD.plan_id].plan
        is FLOOD
    )
    assert ruling(FLOOD.effective_from - second) == []


class FactsPlayer(Player):
    """A player that is given whole facts."""

    seen: domain.Facts

    def facts(self, values):
        return self.seen
