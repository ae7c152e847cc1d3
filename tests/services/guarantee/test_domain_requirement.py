"""Requirements follow their activation, whatever is said how often; dispatches cover what is left."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.guarantee import store
from services.guarantee.domain import dispatch, requirement
from services.guarantee.domain.activation import Activation, ActivationState, Need, learn
from services.guarantee.domain.allocation import Assignment
from services.guarantee.domain.dispatch import DispatchStatus
from services.guarantee.domain.requirement import Requirement, RequirementStatus, Shortage
from services.guarantee.domain.resource import Resource, ResourceKind, tier_of
from tests.services.guarantee.messages import at
from vocabulary import Mode, OrganizationKind

TIERS = store.tier_rules()[0]
FLOOD = Activation(
    id="act_1", mode=Mode.REAL, state=ActivationState.IN_FORCE, jurisdiction="410105", heard=1
)
keys = st.sampled_from(["pumps", "boats", "teams"])
needs = st.lists(
    st.builds(
        Need,
        key=keys,
        capability=st.just("pump.mobile"),
        quantity=st.none() | st.floats(1, 9),
        unit=st.just("unit"),
        place=st.none(),
        within_minutes=st.none() | st.integers(1, 300),
        severity=st.integers(0, 4),
    ),
    unique_by=lambda one: one.key,
    max_size=3,
)


def adjusted(current, wanted, activation=FLOOD):
    """All requirements after the activation's needs were heard."""
    found = requirement.adjust(current, wanted, activation=activation, tier="OWN_FORCES", now=at(0))
    changed = {one.id: one for one in (*found.changed, *found.cancelled)}
    return found, [*found.raised, *(changed.get(one.id, one) for one in current)]


@given(st.lists(needs, min_size=1, max_size=4))
def test_the_last_thing_heard_is_what_is_required_and_hearing_it_again_changes_nothing(levels):
    current: list[Requirement] = []
    for wanted in levels:
        _, current = adjusted(current, wanted)

    again, same = adjusted(current, levels[-1])

    asked = {
        one.key: one.quantity for one in current if one.status is not RequirementStatus.CANCELLED
    }
    assert asked == {one.key: one.quantity for one in levels[-1]}
    assert (again.raised, again.changed, again.cancelled) == ((), (), ())
    assert same == current
    assert len({one.id for one in current}) == len(current)


@given(needs)
def test_nothing_is_required_by_what_has_ended(wanted):
    _, before = adjusted([], wanted)
    over = replace(FLOOD, state=ActivationState.ENDED)

    assert adjusted([], wanted, over)[1] == []
    assert all(one.status is RequirementStatus.CANCELLED for one in adjusted(before, (), over)[1])


@given(st.permutations([1, 2, 3]))
def test_news_of_an_activation_in_any_order_leaves_the_newest(order):
    said = {
        number: replace(FLOOD, heard=number, causes=(f"SIGNAL:sig_{number}",), state=state)
        for number, state in (
            (1, ActivationState.PROPOSED),
            (2, ActivationState.IN_FORCE),
            (3, ActivationState.ENDED),
        )
    }
    known = None
    for number in order:
        known = learn(known, said[number])

    assert known is not None
    assert known.state is ActivationState.ENDED
    assert known.heard == 3
    assert set(known.causes) == {"SIGNAL:sig_1", "SIGNAL:sig_2", "SIGNAL:sig_3"}


def test_a_shortage_climbs_every_tier_in_turn_and_then_says_that_there_is_none():
    _, (short,) = adjusted(
        [],
        [
            Need(
                key="a",
                capability="x",
                quantity=2.0,
                unit="u",
                place=None,
                within_minutes=None,
                severity=1,
            )
        ],
    )
    why = Shortage(reason="ALL_COMMITTED", price_minutes=10.0, nearest_alternative=None)
    climbed = []
    while True:
        short = requirement.short(short, why, tiers=TIERS, now=at(0))
        if short.next_tier is None:
            break
        short = requirement.widen(short, TIERS)
        climbed.append(short.tier)

    assert climbed == [tier.code for tier in TIERS.tiers[1:]]


statuses = st.sampled_from(list(DispatchStatus))


@given(
    st.lists(st.tuples(statuses, st.integers(1, 5), st.floats(1, 60)), max_size=6),
    st.integers(0, 60).map(lambda quarters: quarters / 4),
)
def test_what_is_let_go_as_surplus_never_uncovers_what_is_needed(sent, needed):
    _, (need,) = adjusted(
        [],
        [
            Need(
                key="a",
                capability="x",
                quantity=9.0,
                unit="u",
                place=None,
                within_minutes=None,
                severity=1,
            )
        ],
    )
    dispatches = [
        replace(
            dispatch.order(
                f"dsp_{number}",
                Assignment(need.id, "res_1", quantity, minutes),
                requirement=need,
                resource=RESOURCE,
                now=at(0),
                by="test",
            ),
            status=status,
        )
        for number, (status, quantity, minutes) in enumerate(sent)
    ]

    gone = {one.id for one in dispatch.surplus(dispatches, needed)}

    left = [one for one in dispatches if one.id not in gone]
    assert dispatch.met_by(left) >= min(needed, dispatch.met_by(dispatches))
    assert all(one.is_underway for one in dispatches if one.id in gone)


RESOURCE = Resource(
    id="res_1",
    name_zh="泵",
    name_en="pump",
    kind=ResourceKind.VEHICLE,
    capabilities=("x",),
    quantity=9.0,
    unit="u",
    is_whole=False,
    owner="org_1",
    jurisdiction="410105",
)


def test_tiers_go_by_who_owns_it_and_how_far_away_it_belongs():
    def tier(jurisdiction, kind=OrganizationKind.DEPARTMENT, **changed):
        return tier_of(
            replace(RESOURCE, jurisdiction=jurisdiction, **changed), kind, jurisdiction="410105"
        )

    assert tier("410105") == "OWN_FORCES"
    assert tier("410105001") == "OWN_FORCES"
    assert tier("410102") == "NEIGHBOURING_JURISDICTIONS"
    assert tier("410100") == "HIGHER_GOVERNMENT"
    assert tier("410200") == "HIGHER_GOVERNMENT"
    assert tier("410105", OrganizationKind.ENTERPRISE) == "SOCIAL_FORCES_AND_MARKET"
    assert tier("410102", OrganizationKind.SOCIAL_ORGANIZATION) == "SOCIAL_FORCES_AND_MARKET"
    assert tier("410105", tier="MILITARY_CIVIL") == "MILITARY_CIVIL"


def test_the_needs_of_a_city_are_solved_together():
    pools = [requirement.pool_of(code) for code in ("410105", "410100", "410105001", "410000")]

    assert pools == ["410100", "410100", "410100", "410000"]
