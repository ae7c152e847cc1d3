"""The quality report: a good plan has no findings, every flaw planted in it is found, and nothing else."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.plans import domain
from services.plans.domain.condition import Group, When
from services.plans.domain.finding import slugs
from services.plans.domain.logic import search
from services.plans.domain.plan import Phase, Requirement
from services.plans.domain.plan_file import Severity
from tests.services.plans import model
from tests.services.plans.city import FLOOD
from tests.services.plans.model import (
    AT,
    STEPS,
    around,
    level,
    measure,
    organization,
    plan,
    provision,
    resource,
    step,
    superior,
    text,
    with_conditions,
    with_measures,
    with_steps,
)
from vocabulary import INDICATORS, OrganizationKind

ENTERPRISE = {"kind": domain.PlanKind.ENTERPRISE, "organization_id": "org_plant"}
PLANT = organization("org_plant", kind=OrganizationKind.ENTERPRISE, functions=model.FUNCTIONS)
HELD = (OrganizationKind.SPECIAL_COMMAND, OrganizationKind.ENTERPRISE)
OTHERS = step("other", "组织转移", "move people", function="shelter.open")
LEAST = (superior(levels=(level(model.III, "rain_3h_mm >= 60"),)),)


def with_alternative(said: str) -> domain.Plan:
    two, three = plan().levels
    either = Group(1, (three.conditions, When(said)))
    return replace(plan(), levels=(two, replace(three, conditions=either)))


def judged(one: domain.Plan, known: domain.Surroundings | None = None) -> domain.Quality:
    return domain.quality_of(one, known or around(), at=AT)


def found(one: domain.Plan, known: domain.Surroundings | None = None) -> set[str]:
    return {finding.slug for finding in judged(one, known).findings}


def test_a_good_plan_known_all_around_has_no_findings_and_the_full_score():
    report = judged(plan())

    assert [(one.slug, one.place, one.evidence) for one in report.findings] == []
    assert report.score == 100.0
    assert all(one.checks and not one.undetermined for one in report.criteria)


def test_without_anything_known_around_it_what_is_its_own_is_judged_and_the_rest_undetermined():
    report = judged(plan(), domain.Surroundings())

    scores = {one.criterion: one.score for one in report.criteria}
    assert all(one.is_undetermined for one in report.findings)
    assert scores[domain.Criterion.LAWFUL] is None
    assert scores[domain.Criterion.DRILLED] is None
    assert report.score == 100.0


# slug → the plan with the flaw, and what is known around it
PLANTED = {
    "level-without-steps": (
        replace(plan(), levels=(plan().levels[0], replace(plan().levels[1], steps=()))),
        None,
    ),
    "steps-in-a-circle": (
        with_steps(*STEPS, step("a", after=("b",)), step("b", after=("a",))),
        None,
    ),
    "due-before-predecessor": (
        with_steps(*STEPS, step("late", after=("duty",), time_limit_minutes=30)),
        None,
    ),
    "phase-backwards": (
        with_steps(*STEPS, step("watch-again", after=("duty",), phase=Phase.MONITORING)),
        None,
    ),
    "phase-not-covered": (
        with_steps(*(replace(one, phase=Phase.RESPONSE) for one in STEPS if one.id != "report-up")),
        None,
    ),
    "owner-not-a-function": (
        with_steps(*STEPS, step("x", "组织有关部门转移", "move relevant departments")),
        None,
    ),
    "function-held-by-nobody": (with_steps(*STEPS, OTHERS), None),
    "function-held-by-several": (
        with_steps(*STEPS),
        around(organizations=(organization(), organization("org_2", functions=("flood.command",)))),
    ),
    "function-holders-unknown": (
        plan(),
        around(organizations=(organization(functions=None),)),
    ),
    "time-limit-missing": (with_steps(*STEPS, step("never", time_limit_minutes=0)), None),
    "time-in-words": (
        with_steps(*STEPS, step("soon", "立即报告", "report immediately")),
        None,
    ),
    "step-without-verb": (with_steps(*STEPS, step("noun", "值班", "the duty post")), None),
    "resources-not-stated": (with_steps(*STEPS, step("unsaid", uses=None)), None),
    "requirement-unknown": (with_steps(*STEPS, step("unheld", uses=("boats",))), None),
    "requirement-without-figure": (plan(), around(jurisdictions=())),
    "resources-unknown": (plan(), around(resources=())),
    "resource-unit-differs": (plan(), around(resources=(resource(unit="m3/h"),))),
    "resource-short": (plan(), around(resources=(resource(quantity=99.0),))),
    "information-not-described": (
        with_steps(*(replace(one, needs=(), gives=(), passes_up=()) for one in STEPS)),
        None,
    ),
    "information-from-nobody": (with_steps(*STEPS, step("asks", needs=("toll",))), None),
    "information-too-late": (with_steps(*STEPS, step("early", needs=("rain",))), None),
    "passed-without-being-given": (with_steps(*STEPS, step("tells", passes_down=("toll",))), None),
    "report-without-content": (
        with_steps(*STEPS, step("says-nothing", phase=Phase.REPORTING)),
        None,
    ),
    "indicator-never-reported": (
        plan(),
        around(reported=frozenset({("rain_3h_mm", "410200")})),
    ),
    "indicators-unknown": (plan(), around(reported=frozenset())),
    "condition-never-holds": (with_alternative("deaths < 0"), None),
    "level-never-met": (with_conditions("deaths < 0", "rain_3h_mm >= 50"), around(plans=LEAST)),
    "level-never-given": (with_conditions("rain_3h_mm >= 50", "rain_3h_mm >= 55"), None),
    "falls-for-more": (
        with_conditions("rain_3h_mm >= 100", "rain_3h_mm >= 50 || temperature_max_c < -20"),
        None,
    ),
    "breaks-its-word": (
        with_conditions(
            "rain_3h_mm >= 100",
            "rain_3h_mm >= 50 || temperature_max_c < -20",
            monotone=("temperature_max_c",),
        ),
        None,
    ),
    "condition-sampled": (
        with_conditions("rain_3h_mm >= 50", "deaths * 2 > 1 && rain_3h_mm < 50"),
        around(plans=LEAST),
    ),
    "measure-not-allowed": (
        with_measures(measure(), measure("evacuate")),
        around(provisions=(provision(), provision("prv_2", measures=("close_roads",)))),
    ),
    "measure-law-unknown": (plan(), around(provisions=())),
    "drill-overdue": (
        plan(),
        around(drills={"flood-410100": domain.DrillStanding(None, AT - timedelta(days=1))}),
    ),
    "drills-unknown": (plan(), around(drills={})),
    "superior-unknown": (plan(), around(plans=())),
    "superior-not-named": (plan(superiors=()), None),
    "superior-not-above": (
        plan(superiors=(model.PROVINCE, "heat-410000")),
        around(
            plans=(
                superior(),
                superior(plan_id=domain.PlanId("heat-410000"), emergency_types=("11B09",)),
            )
        ),
    ),
    "kind-not-at-this-tier": (
        plan(kind=domain.PlanKind.LOCAL, jurisdiction="000000", superiors=()),
        around(
            plans=(),
            organizations=(organization(jurisdiction="000000"),),
            jurisdictions=(model.division("000000"),),
            reported=frozenset({("rain_3h_mm", "000000")}),
        ),
    ),
    "issuer-not-of-this-kind": (
        plan(),
        around(
            organizations=(organization(kind=OrganizationKind.ENTERPRISE),),
            provisions=(provision(held_by=HELD),),
        ),
    ),
    "issuer-unknown": (
        plan(organization_id="org_elsewhere"),
        None,
    ),
    "not-for-every-class": (
        with_steps(
            *STEPS,
            step("restore", "恢复交通", "restore traffic", phase=Phase.RECOVERY),
            kind=domain.PlanKind.OVERALL,
        ),
        around(
            plans=(superior(kind=domain.PlanKind.OVERALL),),
            organizations=(organization(kind=OrganizationKind.COMMITTEE),),
            provisions=(provision(held_by=(OrganizationKind.COMMITTEE,)),),
        ),
    ),
    "for-every-class": (plan(emergency_types=("11", "12", "13", "14")), None),
    "measure-binds-others": (
        with_measures(measure(addressee_functions=("metro.operation",)), **ENTERPRISE),
        around(organizations=(PLANT,), provisions=(provision(held_by=HELD),)),
    ),
    "less-sensitive": (
        plan(),
        around(plans=(superior(levels=(level(model.III, "deaths >= 1"),)),)),
    ),
    "less-severe": (
        plan(),
        around(plans=(superior(levels=(level(model.II, "rain_3h_mm >= 60"),)),)),
    ),
    "sensitivity-not-proven": (
        plan(),
        around(
            plans=(
                superior(
                    levels=(
                        level(model.III, "rain_3h_mm + rain_1h_mm >= 1000 && rain_3h_mm >= 60"),
                    )
                ),
            )
        ),
    ),
    "function-dropped": (
        plan(),
        around(
            plans=(superior(levels=(level(model.III, "rain_3h_mm >= 60", steps=(OTHERS,)),)),),
            organizations=(organization(functions=(*model.FUNCTIONS, "shelter.open")),),
        ),
    ),
    "function-held-above": (
        plan(),
        around(
            plans=(superior(levels=(level(model.III, "rain_3h_mm >= 60", steps=(OTHERS,)),)),),
            organizations=(
                organization(),
                organization("org_up", jurisdiction="410000", functions=("shelter.open",)),
            ),
        ),
    ),
    "functions-unknown": (
        plan(**ENTERPRISE),
        around(
            organizations=(organization(), replace(PLANT, functions=None)),
            provisions=(provision(held_by=HELD),),
        ),
    ),
    "beyond-superiors-law": (
        with_measures(measure(), measure("evacuate")),
        around(provisions=(provision(), provision("prv_2", measures=("evacuate",)))),
    ),
    "superiors-law-unknown": (plan(), around(plans=(superior(legal_basis=()),))),
    "copied-from-superior": (
        plan(risks=()),
        around(plans=(superior(levels=plan().levels),)),
    ),
}

# what else comes with a flaw, because it follows from it
WITH_IT = {
    "level-never-met": {"condition-never-holds"},
    "measure-not-allowed": {"beyond-superiors-law"},
    "measure-law-unknown": {"superiors-law-unknown"},
    "issuer-unknown": {"measure-law-unknown"},
    "functions-unknown": {"function-holders-unknown"},
}


@pytest.mark.parametrize("slug", PLANTED)
def test_a_planted_flaw_is_found_and_nothing_else(slug):
    one, known = PLANTED[slug]

    assert found(one, known) == {slug} | WITH_IT.get(slug, set())


def test_conditions_that_are_too_many_to_be_decided_are_said_to_be(monkeypatch):
    monkeypatch.setattr(search, "MOST_STEPS", 100)
    names = [name for name, one in INDICATORS.items() if one.at_most is None][:20]
    many = Group(11, tuple(When(f"{one} >= 1") for one in names))
    few = Group(11, tuple(When(f"{one} < 1") for one in names))
    two, three = plan().levels
    one = replace(plan(), levels=(replace(two, conditions=Group(2, (many, few))), three))

    assert "condition-too-large" in found(one)


def test_everything_that_can_be_found_is_planted_in_a_test():
    assert {*PLANTED, "condition-too-large"} == set(slugs())


def test_every_finding_says_in_both_languages_what_it_is_and_what_to_do():
    for planted in PLANTED.values():
        for finding in judged(*planted).findings:
            said = (finding.message, finding.remedy)
            assert all(one.zh and one.en and "{" not in one.zh + one.en for one in said)


WEIGHTS = {Severity.ERROR: 1.0, Severity.WARNING: 0.5, Severity.NOTE: 0.0}


@settings(deadline=None)
@given(st.sampled_from(list(PLANTED.values())))
def test_the_score_is_what_anybody_gets_who_adds_up_the_findings(planted):
    report = judged(*planted)

    by_hand = []
    for one in report.criteria:
        if one.checks:
            lost = sum(WEIGHTS[finding.severity] for finding in one.findings)
            by_hand.append(max(0.0, 1 - lost / one.checks))
    assert report.score == round(100 * sum(by_hand) / len(by_hand), 1)


def test_the_same_plan_in_the_same_surroundings_is_judged_the_same():
    assert judged(plan()) == judged(plan())


def test_a_flaw_that_levels_take_over_from_one_another_is_told_once_where_it_first_stands():
    report = judged(with_steps(*STEPS, step("noun", "值班", "the duty post")))

    assert [one.place for one in report.findings] == [
        ("LEVEL_III", "steps", "noun", "title"),
    ]


def test_what_is_held_counts_only_when_it_can_be_sent_from_within():
    elsewhere = resource("res_2", jurisdiction="410200")
    broken = resource("res_3", is_ready=False)
    lapsed = resource("res_4", qualification_expires_at=AT)
    near = resource("res_5", jurisdiction="410102", quantity=30.0)

    known = around(resources=(elsewhere, broken, lapsed, near))
    (short,) = judged(plan(), known).findings

    assert (short.slug, short.evidence["held"], short.evidence["short"]) == (
        "resource-short",
        30.0,
        70.0,
    )
    assert short.message.en == ("pump.mobile: 100 unit needed, 30 usable in 410100, 70 short.")


def test_a_need_that_depends_on_an_incident_cannot_be_checked_before_it():
    beds = Requirement("beds", "medical.beds", "affected * 0.01", "bed")
    two, three = plan().levels
    one = replace(plan(), levels=(two, replace(three, requirements=(*three.requirements, beds))))

    (unknown,) = judged(one).findings

    assert (unknown.slug, unknown.evidence["missing"]) == ("requirement-without-figure", "affected")


def test_a_plan_of_which_no_rule_asks_a_drill_has_no_score_for_it():
    report = judged(plan(), around(drills={"flood-410100": domain.DrillStanding(None, None)}))

    (drilled,) = [one for one in report.criteria if one.criterion is domain.Criterion.DRILLED]
    assert (drilled.score, drilled.checks, drilled.findings) == (None, 0, ())
    assert report.score == 100.0


def test_information_from_outside_needs_no_step_that_gives_it():
    outside = domain.Information("toll", text("伤亡", "toll"), source="org_hospitals")
    steps = (*STEPS, step("asks", needs=("toll",), passes_up=("toll",)))

    information = (*plan().information, outside)
    assert found(with_steps(*steps, information=information)) == set()


def written(place: tuple[str, ...]) -> str:
    """What stands in the flood plan's file at the position of the place."""
    at = domain.position_of(FLOOD, place)
    return FLOOD.splitlines()[at.line - 1][at.column - 1 :]


@pytest.mark.parametrize(
    ("place", "begins"),
    [
        (("LEVEL_IV", "steps", "open-duty-room", "function"), "flood.command"),
        (("LEVEL_IV", "measures", "inspect_tunnels"), "code: inspect_tunnels"),
        (("LEVEL_IV", "conditions"), "any:"),
        (("emergency_types",), "[11B03"),
        (("LEVEL_IV", "steps", "open-duty-room", "uses"), "id: open-duty-room"),
        (("superiors", "flood-410000"), "id: flood-410100"),
        ((), "id: flood-410100"),
    ],
)
def test_a_place_leads_to_the_line_of_the_file_where_it_is_written(place, begins):
    assert written(place).startswith(begins)


def test_every_finding_on_a_plan_file_leads_to_a_line_of_it():
    report = judged(domain.parse(FLOOD), domain.Surroundings())

    lines = {domain.position_of(FLOOD, one.place).line for one in report.findings}
    assert len(lines) > 10
