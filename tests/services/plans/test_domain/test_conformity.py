"""A plan beside its superior: less sensitive with facts that show it, functions, law, copied text."""

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.plans import domain
from services.plans.domain import conformity, fact_table
from services.plans.domain.condition import Condition, Group, Response, When
from services.plans.domain.conformity import Verdict
from services.plans.domain.logic import HELD
from tests.services.plans import model
from tests.services.plans.model import (
    AT,
    II,
    III,
    around,
    level,
    measure,
    organization,
    plan,
    provision,
    step,
    superior,
    text,
    with_measures,
)
from vocabulary import ResponseLevel

SENSITIVITY = {"less-sensitive", "less-severe", "sensitivity-not-proven"}


def beside(one: domain.Plan, above: domain.Plan, **about: object) -> conformity.Conformity:
    (found,) = conformity.compare(one, around(plans=(above,), **about), at=AT)
    return found


def sensitivity(one: domain.Plan, above: domain.Plan) -> dict[str, domain.Finding]:
    """The finding on each level of the superior."""
    return {
        str(finding.evidence["superior_level"]): finding
        for finding in beside(one, above).findings
        if finding.slug in SENSITIVITY
    }


def above(*conditions: str | When | Condition) -> domain.Plan:
    """A superior that starts Level III on any of the conditions."""
    made = tuple(When(one) if isinstance(one, str) else one for one in conditions)
    of = Group(1, made)
    return superior(levels=(replace(level(III), conditions=of),))


def here(*conditions: str | When | Condition, at: ResponseLevel = III) -> domain.Plan:
    made = tuple(When(one) if isinstance(one, str) else one for one in conditions)
    return plan(levels=(replace(level(at), conditions=Group(1, made)),))


def test_facts_that_start_the_superior_and_not_the_plan_are_shown():
    found = sensitivity(here("rain_3h_mm >= 60"), above("rain_3h_mm >= 50"))

    assert found["LEVEL_III"].slug == "less-sensitive"
    assert found["LEVEL_III"].example == {"rain_3h_mm": 50.0}
    assert found["LEVEL_III"].message == text(
        "rain_3h_mm = 50 时 flood-410000 启动 LEVEL_III，本预案不启动。",
        "rain_3h_mm = 50 gives LEVEL_III of flood-410000 and nothing here.",
    )


def test_how_long_facts_have_held_counts():
    at_once, after_an_hour = "rain_3h_mm >= 50", When("rain_3h_mm >= 50", sustained_for_minutes=60)

    slower = sensitivity(here(after_an_hour), above(at_once))
    quicker = sensitivity(here(at_once), above(after_an_hour))
    longer = sensitivity(
        here(When("rain_3h_mm >= 50", sustained_for_minutes=120)), above(after_an_hour)
    )

    assert slower["LEVEL_III"].slug == "less-sensitive"
    assert quicker == {}
    assert longer["LEVEL_III"].example == {"rain_3h_mm": 50.0, HELD: 60.0}


def test_what_an_indicator_implies_for_another_is_known():
    """No more rain falls in one hour than in three."""
    assert sensitivity(here("rain_3h_mm >= 50"), above("rain_1h_mm >= 50")) == {}
    assert sensitivity(here("rain_1h_mm >= 50"), above("rain_3h_mm >= 50")) != {}


def test_a_plan_that_starts_when_the_one_above_is_in_force_is_as_sensitive():
    follows = Response("11B03", ResponseLevel.LEVEL_III)

    assert sensitivity(here(follows), above("rain_3h_mm >= 50")) == {}
    severer = Response("11B03", ResponseLevel.LEVEL_I)
    assert (
        sensitivity(here(severer), above("rain_3h_mm >= 50"))["LEVEL_III"].slug == "less-sensitive"
    )


def test_a_response_that_the_plan_itself_brings_about_is_no_reason_for_it():
    """An overall plan that is started by the special plan's own response asks nothing of that plan."""
    own = Response("11B", ResponseLevel.LEVEL_II)

    assert sensitivity(here("rain_3h_mm >= 50"), above(own)) == {}
    other = Response("11C01", ResponseLevel.LEVEL_II)
    assert sensitivity(here("rain_3h_mm >= 50"), above(other)) != {}


def test_the_same_facts_at_a_milder_level_are_a_weaker_finding():
    found = sensitivity(here("rain_3h_mm >= 50"), replace_level(above("rain_3h_mm >= 50"), II))

    assert found["LEVEL_II"].slug == "less-severe"
    assert found["LEVEL_II"].evidence["level"] == "LEVEL_III"


def replace_level(one: domain.Plan, to: ResponseLevel) -> domain.Plan:
    return replace(one, levels=(replace(one.levels[0], level=to),))


def test_outside_the_decidable_frame_a_counter_example_counts_and_its_absence_proves_nothing():
    doubled = "rain_3h_mm + rain_1h_mm >= 100"

    shown = sensitivity(here("rain_3h_mm >= 500"), above(doubled))["LEVEL_III"]
    unproven = sensitivity(here("rain_3h_mm >= 10"), above(doubled))["LEVEL_III"]

    assert (shown.slug, unproven.slug) == ("less-sensitive", "sensitivity-not-proven")
    assert unproven.is_undetermined
    assert unproven.evidence["method"] == "SAMPLED"


def test_a_superior_that_is_not_here_leaves_the_plan_undetermined_and_is_named():
    found = beside(
        plan(), superior(plan_id=domain.PlanId("heat-410000"), emergency_types=("11B09",))
    )

    assert (found.superior_id, found.version, found.verdict) == (
        model.PROVINCE,
        None,
        Verdict.UNDETERMINED,
    )


def test_what_the_superior_assigns_at_a_level_is_assigned_here_at_one_as_severe():
    work = step("move", "组织转移", "move people", function="shelter.open")
    assigns = superior(levels=(level(III, "rain_3h_mm >= 60", steps=(work,)),))
    known = (organization(functions=(*model.FUNCTIONS, "shelter.open")),)

    (dropped,) = beside(plan(), assigns, organizations=known).findings
    two, three = plan().levels
    only_at_two = replace(plan(), levels=(replace(two, steps=(*two.steps, work)), three))
    at_both = replace(plan(), levels=(replace(two), replace(three, steps=(*three.steps, work))))

    assert dropped.slug == "function-dropped"
    assert dropped.evidence["for_en"] == "move people"
    assert [one.slug for one in beside(only_at_two, assigns, organizations=known).findings] == [
        "function-dropped"
    ]
    assert beside(at_both, assigns, organizations=known).findings == ()


def test_an_addressee_of_a_measure_is_a_function_that_the_superior_assigns():
    ordered = measure(addressee_functions=("education.schools",))
    assigns = superior(levels=(level(III, "rain_3h_mm >= 60", measures=(ordered,)),))
    known = (organization(functions=(*model.FUNCTIONS, "education.schools")),)

    (dropped,) = beside(plan(), assigns, organizations=known).findings

    assert dropped.evidence["function"] == "education.schools"


@pytest.mark.parametrize(
    ("about", "missing"),
    [
        ({"measures": ("evacuate",)}, "no provision authorises inform_public"),
        ({"minimum_level": II}, "inform_public asks for LEVEL_II or more severe"),
        ({"territory": "420000"}, "no provision on inform_public is in force there"),
        ({"valid_to": AT}, "no provision on inform_public is in force at that time"),
    ],
)
def test_a_measure_beyond_the_provisions_that_the_superior_names_is_found(about, missing):
    known = (provision(**about), provision("prv_own"))

    (beyond,) = beside(plan(), superior(), provisions=known).findings

    assert beyond.slug == "beyond-superiors-law"
    assert missing in str(beyond.evidence["missing"])


def test_a_provision_of_the_superior_that_is_not_here_leaves_it_undetermined():
    named = superior(legal_basis=("prv_1", "prv_elsewhere"))

    assert beside(plan(), named).findings == ()
    (unknown,) = beside(with_measures(measure("evacuate")), named).findings

    assert (unknown.slug, unknown.evidence["missing"]) == ("superiors-law-unknown", "prv_elsewhere")


def test_a_district_plan_that_is_the_citys_with_names_exchanged_is_told_how_alike_it_is():
    """Mistake 23 of reference users.md §7."""
    copied = superior(levels=plan().levels)
    exchanged = [
        replace(one, title_zh=one.title_zh.replace("省", "市")) for one in plan().levels[0].steps
    ]
    mine = replace(
        plan(risks=(text("龙湖泵站", "Longhu pumping station"),)),
        levels=tuple(replace(one, steps=tuple(exchanged)) for one in plan().levels),
    )

    found = beside(mine, copied)

    assert found.likeness == domain.Likeness(1.0, 5, 5, 1, 0)
    (told,) = found.findings
    assert told.message.en == (
        "100 % of its text stands in flood-410000 (5 of 5 texts);"
        " of 1 risks of its own it mentions 0."
    )


def test_a_plan_that_comes_back_to_its_own_risks_is_not_called_copied():
    copied = superior(levels=plan().levels)

    assert beside(plan(), copied).likeness == domain.Likeness(1.0, 5, 5, 1, 1)
    assert beside(plan(), copied).findings == ()


NAMES = ("rain_1h_mm", "rain_3h_mm", "deaths", "signal_red_area_share")
LIMITS = (0.0, 0.5, 1.0, 10.0, 50.0)
unhurried = settings(deadline=None, max_examples=60)


def whens() -> st.SearchStrategy[When]:
    said = st.builds(
        "{} {} {}".format,
        st.sampled_from(NAMES),
        st.sampled_from([">=", ">", "<=", "<"]),
        st.sampled_from(LIMITS),
    )
    return st.builds(When, said, st.sampled_from([0, 0, 30, 60]))


@st.composite
def groups(draw: st.DrawFn) -> Group:
    parts = draw(
        st.lists(st.one_of(whens(), st.builds(pair, whens(), whens())), min_size=1, max_size=3)
    )
    return Group(draw(st.integers(1, len(parts))), tuple(parts))


def pair(one: When, other: When) -> Group:
    return Group(2, (one, other))


@st.composite
def plans(draw: st.DrawFn) -> domain.Plan:
    kinds = draw(
        st.lists(st.sampled_from(list(ResponseLevel)), min_size=1, max_size=3, unique=True)
    )
    return plan(
        levels=tuple(
            replace(level(one), conditions=draw(groups()))
            for one in sorted(kinds, key=lambda each: -each.severity)
        )
    )


def as_superior(one: domain.Plan) -> domain.Plan:
    id = domain.PlanId(model.PROVINCE)
    return replace(one, plan_id=id, jurisdiction="410000", superiors=())


def given_to(one: domain.Plan, facts: dict[str, float]) -> domain.Findings:
    values = {name: value for name, value in facts.items() if name != HELD}
    # facts that stand for exactly so long; a minute is the grain of sustained-for
    return fact_table.answer(one, values, held=timedelta(minutes=facts.get(HELD, 0)))


@unhurried
@given(plans(), plans())
def test_a_counter_example_really_starts_the_superior_and_not_the_plan(mine, theirs):
    theirs = as_superior(theirs)

    for superior_level, found in sensitivity(mine, theirs).items():
        assert found.example is not None
        facts = dict(found.example)
        met = {one.level: one.met for one in given_to(theirs, facts).levels}
        assert met[ResponseLevel(superior_level)] is True
        answer = given_to(mine, facts)
        if found.slug == "less-sensitive":
            assert answer.possible is None
        else:
            assert answer.given == found.evidence["level"]
            assert not answer.given.at_least(ResponseLevel(superior_level))


@unhurried
@given(plans())
def test_a_plan_conforms_to_itself(one):
    found = beside(one, as_superior(one))

    assert {finding.slug for finding in found.findings} & SENSITIVITY == set()
    assert found.verdict is Verdict.CONFORMS


@unhurried
@given(plans(), plans(), st.data())
def test_loosening_a_limit_never_creates_a_finding_on_sensitivity(mine, theirs, data):
    theirs = as_superior(theirs)
    number = data.draw(st.integers(0, len(mine.levels) - 1))
    looser = replace(
        mine,
        levels=tuple(
            replace(one, conditions=loosened(one.conditions)) if index == number else one
            for index, one in enumerate(mine.levels)
        ),
    )

    before, after = sensitivity(mine, theirs), sensitivity(looser, theirs)

    assert set(after) <= set(before)
    assert {key for key, one in after.items() if one.slug == "less-sensitive"} <= {
        key for key, one in before.items() if one.slug == "less-sensitive"
    }


def loosened(one: Condition) -> Condition:
    """The condition met by more: limits further away, held for less long."""
    match one:
        case Group(of=parts):
            return msgspec.structs.replace(one, of=tuple(map(loosened, parts)))
        case When(text=said):
            name, sign, limit = said.split()
            moved = float(limit) + (-0.5 if sign.startswith(">") else 0.5)
            return When(f"{name} {sign} {moved}", one.sustained_for_minutes // 2)
        case _:
            return one
