"""Which plan stands above which: by the versioned rules of the hierarchy, and as plans say themselves."""

from datetime import UTC, datetime

import pytest

from services.plans import domain
from services.plans.domain.hierarchy import tier_of
from services.plans.domain.plan import PlanKind
from tests.services.plans.model import AT, plan

PROVINCE, CITY, COUNTY, TOWN = "410000", "410100", "410105", "410105001"


def one(id: str, kind: PlanKind, jurisdiction: str, *superiors: str, **about) -> domain.Plan:
    named = tuple(domain.PlanId(name) for name in superiors)
    return plan(
        plan_id=domain.PlanId(id), kind=kind, jurisdiction=jurisdiction, superiors=named, **about
    )


ALL = ("11", "12", "13", "14")
PLANS = (
    one("overall-41", PlanKind.OVERALL, PROVINCE, emergency_types=ALL),
    one("overall-4101", PlanKind.OVERALL, CITY, emergency_types=ALL),
    one("flood-41", PlanKind.SPECIAL, PROVINCE),
    one("flood-4101", PlanKind.SPECIAL, CITY),
    one("heat-4101", PlanKind.SPECIAL, CITY, emergency_types=("11B09",)),
    one("tunnels-4101", PlanKind.DEPARTMENTAL, CITY),
    one("flood-410105", PlanKind.LOCAL, COUNTY),
    one("flood-town", PlanKind.LOCAL, TOWN),
    one("plant", PlanKind.ENTERPRISE, COUNTY),
    one("marathon", PlanKind.MAJOR_EVENT, CITY),
)
RULING = domain.Ruling(PLANS)


def due(id: str) -> list[str]:
    return [found.plan_id for found in domain.superiors(RULING.by_id[id], RULING, at=AT)]


@pytest.mark.parametrize(
    ("id", "above"),
    [
        ("overall-41", []),
        ("overall-4101", ["overall-41"]),
        ("flood-41", ["overall-41"]),
        ("flood-4101", ["flood-41", "overall-4101"]),
        ("heat-4101", ["overall-4101"]),
        ("tunnels-4101", ["flood-4101", "overall-4101"]),
        ("flood-410105", ["flood-4101", "overall-4101"]),
        ("flood-town", ["flood-4101", "flood-410105", "overall-4101"]),
        ("plant", ["flood-4101", "flood-410105", "tunnels-4101"]),
        ("marathon", ["flood-4101", "overall-4101"]),
    ],
)
def test_a_plan_stands_under_the_nearest_of_the_kinds_that_its_own_conforms_to(id, above):
    assert due(id) == above


def test_a_superior_that_is_named_counts_even_when_no_version_of_it_rules_here():
    named = one("flood-4102", PlanKind.SPECIAL, "410200", "flood-41", "elsewhere")

    assert domain.superiors(named, RULING, at=AT) == [
        domain.Superior("elsewhere", None, declared=True, due=False),
        domain.Superior("flood-41", RULING.by_id["flood-41"], declared=True, due=True),
    ]


def test_the_tree_tells_each_plan_with_what_is_next_above_and_below():
    placed = {str(place.plan.plan_id): place for place in domain.tree(RULING, at=AT)}

    assert set(placed) == set(RULING.by_id)
    assert placed["flood-4101"].superiors == ("flood-41", "overall-4101")
    assert placed["flood-4101"].subordinates == (
        *("flood-410105", "flood-town", "marathon", "plant", "tunnels-4101"),
    )
    depths = {id: place.depth for id, place in placed.items()}
    assert (depths["overall-41"], depths["flood-41"], depths["flood-4101"]) == (0, 1, 2)
    assert (depths["flood-410105"], depths["flood-town"]) == (3, 4)


def test_plans_that_name_one_another_do_not_keep_the_tree_from_being_told():
    first = one("a", PlanKind.SPECIAL, CITY, "b")
    second = one("b", PlanKind.SPECIAL, CITY, "a")

    told = [
        (place.plan.plan_id, place.superiors)
        for place in domain.tree(domain.Ruling((first, second)), at=AT)
    ]

    assert told == [("a", ("b",)), ("b", ("a",))]


def test_every_kind_has_its_rule_with_source_and_first_day():
    for rule in domain.hierarchy_rules():
        assert set(rule.kinds) == set(PlanKind)
        assert rule.source
        assert rule.effective_from.tzinfo is not None


def test_the_version_of_the_day_rules_and_the_first_one_before_it():
    first = domain.hierarchy_rules()[0]

    assert domain.hierarchy_rule(first.effective_from) is first
    assert domain.hierarchy_rule(datetime(1999, 1, 1, tzinfo=UTC)) is first


@pytest.mark.parametrize(
    ("code", "tier"),
    [
        ("000000", domain.Tier.NATION),
        (PROVINCE, domain.Tier.PROVINCE),
        (CITY, domain.Tier.CITY),
        (COUNTY, domain.Tier.COUNTY),
        (TOWN, domain.Tier.GRASSROOTS),
        ("441900003", domain.Tier.GRASSROOTS),
    ],
)
def test_the_level_of_government_is_told_by_the_code(code, tier):
    assert tier_of(code) is tier
