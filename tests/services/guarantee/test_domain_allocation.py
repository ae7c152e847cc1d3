"""The flow is the cheapest there is, never worse than the greedy, and never sends what is not there."""

from collections import Counter
from datetime import UTC, datetime
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from services.guarantee import store
from services.guarantee.domain import allocation, travel
from services.guarantee.domain.allocation import CENTI, Line, Method, Problem, Supply
from vocabulary import Place

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)  # 12:00 local
RULE = store.dispatch_rules()[0]
places = st.builds(
    Place,
    st.floats(113, 114).map(lambda one: round(one, 3)),
    st.floats(34, 35).map(lambda one: round(one, 3)),
)


def problem(supplies, lines):
    return Problem(supplies=tuple(supplies), lines=tuple(lines), rule=RULE, depart_at=NOON)


def supply(number, *, capabilities, available=1, place=None):
    return Supply(
        resource_id=f"res_{number}",
        capabilities=frozenset(capabilities),
        unit="unit",
        available=available,
        place=place,
    )


def line(number, capability, *, quantity=1, severity=1, **stated):
    return Line(
        id=f"req_{number}",
        capability=capability,
        unit="unit",
        quantity=quantity,
        severity=severity,
        **{"place": None} | stated,
    )


@st.composite
def problems(draw, most=6, available=3):
    kinds = st.sampled_from(["pump", "boat", "team"])
    supplies = [
        supply(
            number,
            capabilities=draw(st.sets(kinds, min_size=1)),
            available=draw(st.integers(0, available)),
            place=draw(st.none() | places),
        )
        for number in range(draw(st.integers(0, most)))
    ]
    lines = [
        line(
            number,
            draw(kinds),
            quantity=draw(st.integers(1, available)),
            severity=draw(st.integers(1, 4)),
            place=draw(st.none() | places),
            barred=draw(
                st.frozensets(st.sampled_from([f"res_{one}" for one in range(most)]), max_size=2)
            ),
        )
        for number in range(draw(st.integers(0, most)))
    ]
    return problem(supplies, lines)


@settings(max_examples=150, deadline=None)
@given(problems())
def test_nothing_is_sent_that_is_not_there_nor_where_it_does_not_fit(stated):
    solution = allocation.solve(stated)

    supplies = {one.resource_id: one for one in stated.supplies}
    lines = {one.id: one for one in stated.lines}
    for found in (solution.chosen, solution.baseline):
        sent: Counter[str] = Counter()
        served: Counter[str] = Counter()
        for one in found.assignments:
            sent[one.resource_id] += one.quantity
            served[one.line_id] += one.quantity
            assert lines[one.line_id].capability in supplies[one.resource_id].capabilities
            assert one.resource_id not in lines[one.line_id].barred
        assert all(quantity <= supplies[id].available for id, quantity in sent.items())
        for id, wanted in lines.items():
            assert served[id] + found.unmet.get(id, 0) == wanted.quantity


@settings(max_examples=150, deadline=None)
@given(problems())
def test_the_flow_is_never_dearer_than_the_greedy(stated):
    solution = allocation.solve(stated)

    assert (solution.chosen.method, solution.baseline.method) == (Method.FLOW, Method.GREEDY)
    assert solution.saved_minutes >= -1e-9


@settings(max_examples=60, deadline=None)
@given(problems(most=4, available=1))
def test_the_flow_is_the_cheapest_of_all_ways(stated):
    solution = allocation.solve(stated)

    assert round(solution.chosen.cost_minutes * CENTI) == cheapest(stated)


def cheapest(stated):
    """Try every way of giving each thing to one need or to none: the answer by brute force."""
    minutes = travel.minutes_between(
        [one.place for one in stated.supplies],
        [one.place for one in stated.lines],
        depart_at=NOON,
        rule=RULE,
    )
    costs = []
    options = [
        [None] * 1 + (list(range(len(stated.lines))) if one.available else [])
        for one in stated.supplies
    ]
    for way in product(*options):
        cost = way_cost(stated, way, minutes)
        if cost is not None:
            costs.append(cost)
    return min(costs)


def way_cost(stated, way, minutes):
    cost = 0
    served: Counter[int] = Counter()
    for number, chosen in enumerate(way):
        if chosen is None:
            continue
        given_to, thing = stated.lines[chosen], stated.supplies[number]
        if given_to.capability not in thing.capabilities or thing.resource_id in given_to.barred:
            return None
        known = minutes[number, chosen]
        cost += (
            round((known if known == known else RULE.unknown_travel_minutes) * CENTI)
            * given_to.severity
        )
        served[chosen] += 1
    for number, one in enumerate(stated.lines):
        if served[number] > one.quantity:
            return None
        cost += (one.quantity - served[number]) * round(RULE.unmet_minutes * CENTI) * one.severity
    return cost


def test_the_greedy_is_beaten_where_it_takes_what_another_need_alone_can_use():
    here, near, far = Place(113.5, 34.5), Place(113.52, 34.5), Place(113.9, 34.5)
    stated = problem(
        [
            supply(1, capabilities=["pump", "boat"], place=near),
            supply(2, capabilities=["pump"], place=far),
        ],
        [
            line(1, "pump", severity=2, place=here),
            line(2, "boat", severity=1, place=here),
        ],
    )

    solution = allocation.solve(stated)

    assert solution.baseline.unmet == {"req_2": 1}
    assert solution.chosen.unmet == {}
    assert {(one.line_id, one.resource_id) for one in solution.chosen.assignments} == {
        ("req_1", "res_2"),
        ("req_2", "res_1"),
    }


def test_cover_that_should_stay_sends_another_until_need_outweighs_it():
    here, covered, elsewhere = Place(113.5, 34.5), Place(113.6, 34.5), Place(113.38, 34.5)
    supplies = [
        supply(1, capabilities=["pump"], place=covered),
        supply(2, capabilities=["pump"], place=elsewhere),
    ]

    def sent(quantity, *cover):
        need = line(1, "pump", place=here, quantity=quantity)
        found = allocation.solve(problem(supplies, [need, *cover])).chosen
        return {one.resource_id for one in found.assignments}, found.unmet

    cover = line(9, "pump", place=covered, reserve_price=120.0)
    assert sent(1) == ({"res_1"}, {})
    assert sent(1, cover) == ({"res_2"}, {})
    assert sent(2, cover) == ({"res_1", "res_2"}, {})


def test_travel_is_the_great_circle_with_circuity_at_the_speed_of_the_hour_plus_turnout():
    minutes = travel.minutes_between(
        [Place(113.0, 34.0), None], [Place(113.0, 35.0)], depart_at=NOON, rule=RULE
    )

    expected = 111.195 * 1.3 / 30 * 60 + 1.5  # km, circuity, km/h at noon, turnout
    assert abs(minutes[0, 0] - expected) < 0.1
    assert minutes[1, 0] != minutes[1, 0]
