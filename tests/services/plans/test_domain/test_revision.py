"""Revision as pure decisions: six grounds by the measures, causes that count once, answers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.plans import domain, store
from services.plans.domain.life_cycle import PlanStatusRefuses
from services.plans.domain.revision import GroundUnknown
from services.plans.domain.rule import RuleDataInvalid
from services.plans.domain.upkeep import EvidenceInFuture, PlanNeverInForce
from tests.harness import START
from tests.services.plans.model import provision
from tests.services.plans.player import WRITER, flood

DAY = timedelta(days=1)
GROUNDS = list(domain.RevisionGround)
LAW = domain.RevisionGround.LAW_OR_SUPERIOR_CHANGED


def trigger(cause: str = "told:1", ground: domain.RevisionGround = LAW) -> domain.RevisionTrigger:
    return domain.RevisionTrigger(ground, cause, "a new dam", START + DAY, WRITER.by)


def triggered(*causes: str) -> domain.Plan:
    plan = flood()
    for cause in causes:
        asked = domain.trigger(plan, trigger(cause))
        plan = asked[0] if asked else plan
    return plan


def review(*, is_fit: bool, at: datetime = START + 2 * DAY) -> domain.Review:
    return domain.Review(at, "org_410100_office", "protocol 7", START + 2 * DAY, "chen", is_fit)


def test_the_measures_of_2013_name_six_grounds_and_none_held_before():
    known = domain.grounds_for(store.ground_rules(), "410105", START)

    assert list(known) == GROUNDS
    assert len(known) == 6
    assert all(one.zh and one.en for one in known.values())
    before = datetime(2013, 10, 1, tzinfo=UTC)
    assert domain.grounds_for(store.ground_rules(), "410105", before) == {}


@pytest.mark.parametrize("ground", GROUNDS)
def test_a_revision_begins_on_each_ground_and_the_version_stays_in_force(ground):
    plan, event = domain.begin_revision(
        triggered("told:1"), WRITER, ground=ground, note="a new dam", at=START + 3 * DAY
    )

    assert plan.status is domain.PlanStatus.UNDER_REVISION
    assert event.transition.reason == f"{ground}: a new dam"
    assert domain.in_force([plan], START + 3 * DAY) == [plan]
    assert [one.answered_at for one in plan.triggers] == [START + 3 * DAY]


def test_a_ground_that_no_rule_names_is_refused_with_those_that_there_are():
    with pytest.raises(GroundUnknown, match="LAW_OR_SUPERIOR_CHANGED"):
        domain.check_ground({}, LAW)


def test_a_revision_that_changes_nothing_leaves_a_filed_version_filed():
    filing = domain.Filing("org_410000_government", "17", START)
    plan, _ = domain.file_version(flood(), WRITER, filing=filing, at=START + DAY)
    plan, _ = domain.begin_revision(plan, WRITER, ground=LAW, note="", at=START + 2 * DAY)

    plan, event = domain.end_revision(plan, WRITER, reason="it stands", at=START + 3 * DAY)

    assert (plan.status, event.transition.reason) == (domain.PlanStatus.FILED, "it stands")


def test_one_cause_asks_once_and_two_causes_twice():
    assert len(triggered("told:1", "told:1").triggers) == 1
    assert len(triggered("told:1", "told:2").triggers) == 2
    assert domain.trigger(triggered("told:1"), trigger("told:1")) is None


def test_what_does_not_stand_is_not_revised():
    retired, _ = domain.retire(flood(), WRITER, reason="merged", under=(), at=START + DAY)

    with pytest.raises(PlanStatusRefuses):
        domain.trigger(retired, trigger())


def test_a_review_that_finds_the_plan_fit_answers_what_asked_for_a_revision():
    fit, event = domain.record_review(triggered("told:1"), review(is_fit=True))
    unfit, _ = domain.record_review(triggered("told:1"), review(is_fit=False))

    assert [one.answered_at for one in fit.triggers] == [START + 2 * DAY]
    assert [one.answered_at for one in unfit.triggers] == [None]
    assert event.review.is_fit


def test_a_superiors_version_and_a_changed_provision_are_causes_of_their_own():
    superior = replace(flood(), id="flood-410000@2", plan_version="2")
    law = provision()

    causes = [
        domain.superior_changed(superior, by=domain.RULES, at=START).cause,
        domain.provision_changed(law, by=domain.RULES, at=START).cause,
    ]

    assert causes[0] == "plan:flood-410000@2"
    assert causes[1].startswith(f"provision:{law.id}:changed:")


def test_a_provision_lapses_at_its_end_and_one_without_an_end_never_does():
    law = provision(valid_to=START)

    lapsed = domain.provision_lapsed(law, by=domain.RULES)

    assert lapsed is not None
    assert (lapsed.at, lapsed.ground, lapsed.by) == (START, LAW, "service:plans")
    assert domain.provision_lapsed(provision(), by=domain.RULES) is None


def test_a_provision_that_was_merely_read_elsewhere_says_nothing_else():
    law = provision()
    elsewhere = replace(law, law=replace(law.law, source="another print"))
    other = replace(law, law=replace(law.law, measures=("evacuate",)))

    assert not domain.says_otherwise(law, elsewhere)
    assert not domain.says_otherwise(None, law)
    assert domain.says_otherwise(law, other)


def drill(at: datetime = START, exercise: str | None = None, who: str = "org_a") -> domain.Drill:
    return domain.Drill(at, who, "in the tunnel", START + DAY, "chen", exercise)


def test_the_same_drill_counts_once():
    plan = flood()
    for one in (drill(), drill(), drill(exercise="exr_1"), drill(START + DAY, exercise="exr_1")):
        plan, _ = domain.record_drill(plan, one)

    assert [(one.at, one.exercise_id) for one in plan.drills] == [(START, None), (START, "exr_1")]


def test_evidence_is_of_what_has_happened_to_what_was_in_force():
    draft = replace(flood(), status=domain.PlanStatus.DRAFT, published_at=None)

    with pytest.raises(EvidenceInFuture):
        domain.record_drill(flood(), drill(START + 2 * DAY))
    with pytest.raises(EvidenceInFuture):
        domain.record_review(flood(), review(is_fit=True, at=START + 3 * DAY))
    with pytest.raises(PlanNeverInForce):
        domain.record_drill(draft, drill())


def test_a_ground_that_the_system_does_not_know_is_refused_by_the_name_of_its_rule():
    raw = {
        "id": "odd",
        "version": "1",
        "effective_from": datetime(2020, 1, 1, tzinfo=UTC).date(),
        "source": "test",
        "grounds": {"FULL_MOON": {"zh": "满月", "en": "full moon"}},
    }

    with pytest.raises(RuleDataInvalid, match="odd"):
        domain.parse_ground_rule(raw)
