"""What holds of every history of facts: monotone, sound about the unknown, indifferent to order."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.plans import domain
from tests.services.plans.player import INDICATOR, SIGNAL, Player, flood, nothing_known

PLAN = flood()
unhurried = settings(deadline=None)  # other work shares the processors
# every one of these only raises the flood plan's levels as it grows
RISING = {
    "signal_red_population_share": (0.0, 0.1, 0.3, 0.6, 1.0),
    "signal_orange_population_share": (0.0, 0.3, 1.0),
    "signal_yellow_population_share": (0.0, 0.1, 1.0),
    "rain_1h_mm": (0.0, 50.0, 200.0),
    "rain_3h_mm": (0.0, 50.0, 100.0, 150.0),
    "rain_6h_mm": (0.0, 50.0, 80.0),
    "deaths": (0.0, 9.0, 10.0),
    "trapped": (0.0, 100.0),
    "road_water_depth_cm": (0.0, 49.0, 50.0),
    "water_level_m": (80.0, 88.0, 89.0),
}


@st.composite
def known_values(draw: st.DrawFn) -> dict[str, float | None]:
    return {name: draw(st.sampled_from(steps)) for name, steps in RISING.items()}


@st.composite
def changes(draw: st.DrawFn) -> tuple[str, float | None]:
    name = draw(st.sampled_from(sorted(RISING)))
    return name, draw(st.sampled_from((*RISING[name], None)))


def found(values: dict[str, float | None]) -> domain.Findings:
    player = Player(plan=PLAN, values=nothing_known() | values)
    held = domain.held_long_enough(PLAN, player.now - timedelta(days=1))
    return domain.evaluate(PLAN, player.facts(player.values), previous=held, now=player.now)


@unhurried
@given(known_values(), st.sampled_from(sorted(RISING)), st.data())
def test_raising_an_indicator_never_lowers_the_level(values, name, data):
    higher = data.draw(st.sampled_from([one for one in RISING[name] if one >= values[name]]))

    before, after = found(values), found(values | {name: higher})

    assert not domain.is_above(before.given, after.given)


@unhurried
@given(known_values(), st.sets(st.sampled_from(sorted(RISING))))
def test_what_is_unknown_neither_gives_more_nor_less_than_the_truth_could(values, hidden):
    truth = found(values)

    told = found(values | dict.fromkeys(hidden, None))

    assert not domain.is_above(told.given, truth.given)
    assert not domain.is_above(truth.given, told.possible)


@unhurried
@given(st.lists(changes(), max_size=6, unique_by=lambda one: one[0]), st.randoms())
def test_the_order_in_which_independent_facts_arrive_does_not_matter(facts, random):
    other_order = list(facts)
    random.shuffle(other_order)

    one, other = Player(plan=PLAN), Player(plan=PLAN)
    for player, told in ((one, facts), (other, other_order)):
        for name, value in told:
            player.weigh(SIGNAL if name.startswith("signal") else INDICATOR, **{name: value})

    assert one.stands == other.stands
    assert one.look_again_at == other.look_again_at


@unhurried
@given(st.lists(st.tuples(changes(), st.integers(0, 200), st.booleans()), max_size=12))
def test_the_same_history_played_twice_gives_the_same_decisions(history):
    def played() -> tuple[list[str], domain.Activation | None]:
        player = Player(plan=PLAN)
        for (name, value), minutes, is_signal in history:
            player.weigh(SIGNAL if is_signal else INDICATOR, **{name: value})
            player.wait(minutes)
        return player.told, player.activation

    assert played() == played()


@unhurried
@given(st.lists(st.tuples(changes(), st.integers(0, 200), st.booleans()), max_size=12))
def test_no_level_is_left_before_conditions_have_given_less_for_its_hold_down(history):
    player = Player(plan=PLAN)
    for (name, value), minutes, is_signal in history:
        player.weigh(SIGNAL if is_signal else INDICATOR, **{name: value})
        player.wait(minutes)

    for index, one in enumerate(player.log[1:], start=1):
        before = player.log[index - 1].level
        if before is not None and domain.is_above(before, one.level):
            since = one.at
            for earlier in reversed(player.log[: index + 1]):
                if not domain.is_above(before, earlier.possible):
                    break
                since = earlier.at
            assert one.at - since >= PLAN.at(before).hold_down


@unhurried
@given(st.lists(st.tuples(changes(), st.integers(0, 200), st.booleans()), max_size=12))
def test_a_proposal_always_lies_above_what_is_in_force(history):
    player = Player(plan=PLAN)
    for (name, value), minutes, is_signal in history:
        player.weigh(SIGNAL if is_signal else INDICATOR, **{name: value})
        player.wait(minutes)

        state, level, proposed = player.stands
        assert (level is not None) == (state == "IN_FORCE")
        assert proposed is None or domain.is_above(proposed, level)
        assert (proposed is not None and level is None) == (state == "PROPOSED")
