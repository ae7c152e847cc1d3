"""What is decided about conditions for all facts is so for each: held against CEL and by trying."""

import math
from itertools import product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.plans.domain import condition, logic
from services.plans.domain.condition import Group, Response, When
from services.plans.domain.logic import Atom, Formula, Gate, Method, Not, Opaque, search
from services.plans.domain.logic.formula import only_rises
from services.plans.domain.logic.proof import _spaces
from services.plans.domain.logic.search import is_in_order
from tests.services.plans.player import flood
from vocabulary import INDICATORS, Comparison, ResponseLevel

AT_LEAST, ABOVE, AT_MOST, BELOW = (
    Comparison.AT_LEAST,
    Comparison.ABOVE,
    Comparison.AT_MOST,
    Comparison.BELOW,
)
NAMES = ("rain_1h_mm", "rain_3h_mm", "deaths", "signal_red_area_share", "temperature_max_c")
LIMITS = (-5.0, 0.0, 0.3, 1.0, 2.5, 10.0, 50.0)
# finer than any gap between two limits, so that trying them all is trying everything
TRIED = sorted({*LIMITS, -6.0, -1.0, 0.1, 0.5, 1.5, 2.0, 3.0, 5.0, 20.0, 60.0})
unhurried = settings(deadline=None)


def comparisons() -> st.SearchStrategy[str]:
    return st.builds(
        "{} {} {}".format,
        st.sampled_from(NAMES),
        st.sampled_from([">=", ">", "<=", "<"]),
        st.sampled_from(LIMITS),
    )


def texts() -> st.SearchStrategy[str]:
    return st.recursive(
        comparisons(),
        lambda inner: st.one_of(
            st.builds("({}) && ({})".format, inner, inner),
            st.builds("({}) || ({})".format, inner, inner),
            st.builds("!({})".format, inner),
        ),
        max_leaves=5,
    )


def in_range(name: str) -> list[float]:
    one = INDICATORS[name]
    return [
        value
        for value in TRIED
        if one.minimum <= value <= one.maximum and not (one.whole and value != math.floor(value))
    ]


@st.composite
def facts(draw: st.DrawFn) -> dict[str, float]:
    """Facts that can be: within the ranges, and no more rain in one hour than in three."""
    values = {name: draw(st.sampled_from(in_range(name))) for name in NAMES}
    rain = sorted((values["rain_1h_mm"], values["rain_3h_mm"]))
    return values | {"rain_1h_mm": rain[0], "rain_3h_mm": rain[1]}


def is_possible(values: dict[str, float]) -> bool:
    for name, value in values.items():
        one = INDICATORS[name]
        if not one.minimum <= value <= one.maximum or (one.whole and value != math.floor(value)):
            return False
    return all(is_in_order(values, name) for name in values)


@unhurried
@given(texts(), facts())
def test_a_formula_says_what_cel_says(text, values):
    formula = logic.formula_of(When(text))

    assert logic.holds(formula, values) is condition.read(When(text), values).holds


@unhurried
@given(texts(), facts())
def test_when_no_facts_are_found_none_that_are_tried_hold(text, values):
    formula = logic.formula_of(When(text))
    found = logic.find(formula)

    assert found.method is Method.DECIDED
    assert found.facts is not None or not logic.holds(formula, values)


@unhurried
@given(texts())
def test_facts_that_are_found_are_possible_and_hold(text):
    formula = logic.formula_of(When(text))
    found = logic.find(formula)

    if found.facts is not None:
        assert is_possible(dict(found.facts))
        assert logic.holds(formula, found.facts)
        assert logic.find(formula) == found


@unhurried
@given(texts(), st.sampled_from(NAMES))
def test_a_formula_that_falls_is_shown_with_two_values_between_which_it_does(text, name):
    formula = logic.formula_of(When(text))
    counter = logic.falling(formula, name)

    if counter is not None:
        low, high, rest = counter
        assert low < high
        assert logic.holds(formula, {**rest, name: low})
        assert not logic.holds(formula, {**rest, name: high})


@unhurried
@given(texts(), facts(), st.sampled_from(NAMES), st.data())
def test_a_formula_that_is_not_shown_to_fall_does_not(text, values, name, data):
    raised = values | {name: data.draw(st.sampled_from(in_range(name)))}
    assume(raised[name] >= values[name] and is_possible(raised))
    formula = logic.formula_of(When(text))

    if logic.falling(formula, name) is None:
        assert logic.holds(formula, raised) or not logic.holds(formula, values)


def test_no_share_is_above_one_and_no_death_is_half():
    share = logic.find(Atom("signal_red_area_share", ABOVE, 1.0))
    half = logic.find(
        logic.all_of(Atom("deaths", ABOVE, 2.0), Atom("deaths", BELOW, 3.0)),
    )

    assert (share.facts, share.method) == (None, Method.DECIDED)
    assert (half.facts, half.method) == (None, Method.DECIDED)


def test_more_rain_in_one_hour_than_in_six_is_not_among_the_facts():
    said = logic.all_of(Atom("rain_1h_mm", AT_LEAST, 60.0), Atom("rain_6h_mm", BELOW, 50.0))

    assert logic.find(said).facts is None


def test_sustained_for_asks_how_long_the_facts_have_stood():
    said = logic.formula_of(When("rain_1h_mm >= 50", sustained_for_minutes=30))
    at_once = logic.all_of(said, Atom(logic.HELD, BELOW, 30.0))

    assert logic.find(said).facts == {"rain_1h_mm": 50.0, logic.HELD: 30.0}
    assert logic.find(at_once).facts is None


def test_a_response_in_force_is_a_whole_number_up_to_four():
    said = logic.formula_of(Response("11B", ResponseLevel.LEVEL_II))

    assert logic.find(said).facts == {"response_11B": 3.0}
    assert logic.find(logic.all_of(said, Not(Atom("response_11B", BELOW, 5.0)))).facts is None


def test_at_least_n_of_several_is_decided_without_trying_every_set():
    parts = tuple(When(f"{name} >= 10") for name in ("deaths", "missing", "trapped", "affected"))
    three = logic.formula_of(Group(3, parts))
    two_not = logic.all_of(three, *(Not(logic.formula_of(one)) for one in parts[:2]))

    assert logic.holds(three, logic.find(three).facts or {})
    assert logic.find(two_not).facts is None


def test_what_lies_outside_the_frame_is_sampled_and_says_so():
    said = logic.formula_of(When("rain_1h_mm + rain_3h_mm >= 80.0"))
    never = logic.all_of(said, Atom("rain_3h_mm", BELOW, 1.0))

    assert isinstance(said, Opaque)
    assert logic.find(said).method is Method.SAMPLED
    assert logic.find(said).facts is not None
    assert logic.find(never) == logic.Found(None, Method.SAMPLED, 2000)


def test_what_decides_without_the_opaque_part_is_decided():
    opaque = logic.formula_of(When("rain_1h_mm + rain_3h_mm >= 80.0"))
    red = Atom("signal_red_area_share", AT_LEAST, 0.5)

    assert logic.find(logic.any_of(opaque, red)).method is Method.DECIDED
    assert logic.find(logic.all_of(red, Not(red), opaque)).method is Method.DECIDED


def test_a_comparison_of_two_indicators_or_a_function_is_outside_and_brackets_are_inside():
    def is_inside(text: str) -> bool:
        return logic.is_decidable(When(text))

    assert is_inside("!(100 <= rain_3h_mm && -5.5 > temperature_max_c) || deaths == 3")
    assert not is_inside("rain_3h_mm > 2.0 * rain_1h_mm")
    assert not is_inside("rain_3h_mm > rain_1h_mm")
    assert not is_inside("ceil(rain_3h_mm) >= 100.0")
    assert not is_inside("deaths > 3 ? rain_1h_mm > 5 : false")


def test_a_mirrored_comparison_is_read_as_it_is_meant():
    formula: Formula = logic.formula_of(When("100 <= rain_3h_mm && -5.5 > temperature_max_c"))

    assert list(logic.atoms(formula)) == [
        Atom("rain_3h_mm", AT_LEAST, 100.0),
        Atom("temperature_max_c", BELOW, -5.5),
    ]


@unhurried
@given(texts())
def test_the_facts_found_are_the_smallest_of_all_that_hold(text):
    formula = logic.formula_of(When(text))
    spaces = _spaces(formula)
    tried = (dict(zip(spaces, values, strict=True)) for values in product(*spaces.values()))
    holding = (values for values in tried if is_possible(values) and logic.holds(formula, values))

    assert logic.find(formula).facts == next(holding, None)


def test_a_plan_of_a_dozen_indicators_is_decided_in_few_steps():
    formulas = [logic.formula_of(level.conditions) for level in flood().levels]
    uncovered = [logic.all_of(one, logic.Not(logic.any_of(*formulas))) for one in formulas]

    answers = [logic.find(one) for one in uncovered]

    assert [(one.facts, one.method) for one in answers] == [(None, Method.DECIDED)] * 4
    assert max(one.tried for one in answers) < 100


def test_a_search_that_takes_too_long_gives_up_and_says_so(monkeypatch):
    """More than half of twenty things, and more than half of their opposites."""
    monkeypatch.setattr(search, "MOST_STEPS", 200)
    names = [name for name, one in INDICATORS.items() if one.at_most is None][:20]
    parts = [Atom(name, AT_LEAST, 1.0) for name in names]
    many, few = Gate(11, tuple(parts)), Gate(11, tuple(map(Not, parts)))

    answer = logic.find(logic.all_of(many, few))

    assert (answer.facts, answer.method, answer.tried) == (None, Method.GAVE_UP, 201)


@unhurried
@given(texts(), st.sampled_from(NAMES), facts(), st.data())
def test_what_only_rises_by_its_signs_holds_for_more_as_well(text, name, values, data):
    formula = logic.formula_of(When(text))
    assume(only_rises(formula, name) and logic.holds(formula, values))
    higher = data.draw(st.sampled_from([one for one in in_range(name) if one >= values[name]]))

    assert logic.holds(formula, values | {name: higher})
