"""A version's life as pure decisions: whatever is tried in whatever order, what must hold holds."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import DomainError
from services.plans import domain
from services.plans.domain.life_cycle import (
    FilingInFuture,
    PlanAlreadyPublished,
    PlanInReview,
    PlanInUse,
    PlanStatusRefuses,
    PlanVersionImmutable,
)
from services.plans.domain.plan import PlanNotEffective
from services.plans.domain.refusal import ReasonRequired
from tests.harness import START
from tests.services.plans.city import FLOOD
from tests.services.plans.player import APPROVER, WRITER, flood

Changed = tuple[domain.Plan, domain.PlanStatusChanged]
S = domain.PlanStatus
DAY = timedelta(days=1)
OTHER = domain.Officer(subject="other", by="org_410100_office/clerk")


@cache
def drafted() -> domain.Plan:
    return domain.redraft(None, domain.parse(FLOOD), by=WRITER, versions=())


def filed(plan: domain.Plan, at: datetime) -> Changed:
    filing = domain.Filing("org_410000_government", "备案-2026-17", at)
    return domain.file_version(plan, WRITER, filing=filing, at=at)


STEPS: dict[str, Callable[[domain.Plan, datetime], Changed]] = {
    "submit": lambda plan, at: domain.submit(plan, WRITER, at=at),
    "return": lambda plan, at: domain.send_back(plan, APPROVER, reason="thin", at=at),
    "approve": lambda plan, at: domain.approve_consulted(
        plan, None, by=APPROVER, reason=None, at=at
    ),
    "publish": lambda plan, at: domain.publish_version(plan, WRITER, at=at),
    "file": filed,
    "begin": lambda plan, at: domain.begin_revision(
        plan, WRITER, ground=domain.RevisionGround.RISK_CHANGED, note="a new dam", at=at
    ),
    "end": lambda plan, at: domain.end_revision(plan, WRITER, reason="it stands", at=at),
    "retire": lambda plan, at: domain.retire(plan, APPROVER, reason="merged", under=(), at=at),
}
ALLOWED = {
    (S.DRAFT, "submit"): S.IN_REVIEW,
    (S.IN_REVIEW, "return"): S.DRAFT,
    (S.IN_REVIEW, "approve"): S.APPROVED,
    (S.APPROVED, "return"): S.DRAFT,
    (S.APPROVED, "publish"): S.PUBLISHED,
    (S.PUBLISHED, "file"): S.FILED,
    (S.PUBLISHED, "begin"): S.UNDER_REVISION,
    (S.FILED, "begin"): S.UNDER_REVISION,
    (S.UNDER_REVISION, "end"): S.PUBLISHED,  # or FILED, when it had been filed
    (S.PUBLISHED, "retire"): S.RETIRED,
    (S.FILED, "retire"): S.RETIRED,
    (S.UNDER_REVISION, "retire"): S.RETIRED,
}


def played(*names: str) -> domain.Plan:
    plan, at = drafted(), START
    for name in names:
        plan, at = STEPS[name](plan, at)[0], at + DAY
    return plan


@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=14))
def test_whatever_is_tried_a_version_goes_only_where_the_measures_let_it(tried):
    plan, now = drafted(), START

    for name in tried:
        now += DAY
        before = plan
        expected = ALLOWED.get((before.status, name))
        if expected is S.PUBLISHED and name == "end" and before.filing:
            expected = S.FILED
        try:
            plan, event = STEPS[name](plan, now)
        except DomainError:
            assert expected is None, f"{name} was refused from {before.status}"
            continue
        assert plan.status is expected
        assert event.plan == plan
        last = plan.history[-1]
        assert (last.from_status, last.to_status, last.at) == (before.status, plan.status, now)
        assert plan.history[:-1] == before.history
        assert plan.text == before.text

    assert plan.is_standing == (plan.published_at is not None and plan.retired_at is None)
    assert plan.is_effective(now) == plan.is_standing
    for one, next_one in zip(plan.history, plan.history[1:], strict=False):
        assert one.to_status is next_one.from_status


@pytest.mark.parametrize(("status", "name"), sorted(ALLOWED))
def test_each_allowed_step_is_reachable(status, name):
    ways = {
        S.DRAFT: (),
        S.IN_REVIEW: ("submit",),
        S.APPROVED: ("submit", "approve"),
        S.PUBLISHED: ("submit", "approve", "publish"),
        S.FILED: ("submit", "approve", "publish", "file"),
        S.UNDER_REVISION: ("submit", "approve", "publish", "begin"),
    }
    assert played(*ways[status], name).status is ALLOWED[status, name]


def test_a_refused_step_tells_who_was_first_and_when():
    approved = played("submit", "approve")

    with pytest.raises(PlanStatusRefuses) as refused:
        domain.approve_consulted(approved, None, by=OTHER, reason=None, at=START + 3 * DAY)

    assert refused.value.extra == {
        "currentStatus": S.APPROVED,
        "decidedBy": APPROVER.by,
        "decidedAt": START + DAY,
    }


def test_a_second_publication_is_told_as_one():
    with pytest.raises(PlanAlreadyPublished):
        domain.publish_version(played("submit", "approve", "publish"), OTHER, at=START + 9 * DAY)


@pytest.mark.parametrize("name", ["file", "begin", "retire"])
def test_what_was_published_stays_word_for_word_and_the_next_draft_is_offered(name):
    """Mistake 24 of reference users.md §7."""
    plan = played("submit", "approve", "publish", name)
    edited = replace(drafted(), text=FLOOD + "# one more word\n")

    with pytest.raises(PlanVersionImmutable) as refused:
        domain.redraft(plan, edited, by=OTHER, versions=("2021.1", "2021.2"))

    assert refused.value.extra["draft"] == "flood-410100@2021.3"
    assert "version: '2021.3'" in str(refused.value.remedy)
    assert domain.redraft(plan, drafted(), by=OTHER, versions=()) is plan


@pytest.mark.parametrize("names", [("submit",), ("submit", "approve")])
def test_a_version_in_review_is_not_edited_until_it_is_sent_back(names):
    plan = played(*names)
    edited = replace(drafted(), text=FLOOD + "# one more word\n")

    with pytest.raises(PlanInReview):
        domain.redraft(plan, edited, by=OTHER, versions=())
    back, _ = domain.send_back(plan, APPROVER, reason="thin", at=START + 5 * DAY)
    again = domain.redraft(back, edited, by=OTHER, versions=())

    assert (again.text, again.history) == (edited.text, back.history)


def test_everybody_who_drafted_or_submitted_is_an_author():
    plan = drafted()
    plan = domain.redraft(plan, replace(plan, text=FLOOD + "#\n"), by=OTHER, versions=())
    plan, _ = domain.submit(plan, APPROVER, at=START)

    assert plan.authors == {WRITER.subject, OTHER.subject, APPROVER.subject}


@pytest.mark.parametrize("reason", ["", "  "])
@pytest.mark.parametrize(
    ("way", "step"),
    [
        (("submit",), lambda plan, why: domain.send_back(plan, OTHER, reason=why, at=START)),
        (
            ("submit", "approve", "publish", "begin"),
            lambda plan, why: domain.end_revision(plan, OTHER, reason=why, at=START),
        ),
        (
            ("submit", "approve", "publish"),
            lambda plan, why: domain.retire(plan, OTHER, reason=why, under=(), at=START),
        ),
    ],
)
def test_going_back_and_taking_out_of_force_take_a_reason(way, step, reason):
    with pytest.raises(ReasonRequired):
        step(played(*way), reason)


def test_a_filing_has_happened():
    plan = played("submit", "approve", "publish")
    filing = domain.Filing("org_410000_government", "17", START + 8 * DAY)

    with pytest.raises(FilingInFuture):
        domain.file_version(plan, WRITER, filing=filing, at=START + 7 * DAY)


def test_a_version_under_which_a_response_stands_is_not_retired():
    plan = played("submit", "approve", "publish")

    with pytest.raises(PlanInUse) as refused:
        domain.retire(plan, APPROVER, reason="merged", under=["act_1"], at=START + 4 * DAY)

    assert refused.value.extra["activations"] == ["act_1"]


def test_what_is_retired_is_started_no_more_and_says_who_retired_it_and_why():
    plan = played("submit", "approve", "publish", "retire")

    with pytest.raises(PlanNotEffective) as refused:
        domain.startable([plan], plan.plan_id, plan_version=None, at=START + 9 * DAY)

    told = f"was retired at {START + 3 * DAY:%Y-%m-%d %H:%M} UTC by {APPROVER.by}: merged."
    assert told in str(refused.value)


def version(number: str, *, begins: int) -> domain.Plan:
    """A published version that takes effect so many days after START."""
    return replace(
        flood(),
        id=f"flood-410100@{number}",
        plan_version=number,
        effective_from=START + begins * DAY,
    )


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=4), st.integers(0, 6))
def test_at_every_instant_one_version_rules_and_earlier_ones_are_retired_for_good(begins, days):
    now = START + days * DAY
    versions = [version(f"2021.{n}", begins=day) for n, day in enumerate(begins, start=1)]
    ruling = domain.in_force(versions, now)

    over = {plan.id: plan for plan, _ in domain.supersede(versions, domain.RULES, at=now)}
    after = [over.get(one.id, one) for one in versions]

    assert domain.in_force(after, now) == ruling
    assert domain.supersede(after, domain.RULES, at=now) == []
    for one in after:
        if one.id in over:
            assert (one.status, one.superseded_by) == (S.RETIRED, ruling[0].id)
            assert one.retired_at is not None
            assert one.retired_at <= now
        else:
            assert one.is_standing
    if ruling:
        later = [one for one in after if one.is_standing and one.id != ruling[0].id]
        assert all(one.effective_from >= ruling[0].effective_from for one in later)


def test_a_superseded_version_says_by_which_it_was():
    first, second = version("2021.1", begins=-9), version("2021.2", begins=-1)

    ((over, event),) = domain.supersede([first, second], domain.RULES, at=START)

    assert over.id == first.id
    assert (event.transition.action, event.transition.reason, event.transition.by) == (
        domain.PlanAction.SUPERSEDE,
        f"superseded by {second.id}",
        "service:plans",
    )


@pytest.mark.parametrize(
    ("number", "taken", "free"),
    [
        ("2021.1", (), "2021.2"),
        ("2021.1", ("2021.2", "2021.3"), "2021.4"),
        ("9", (), "10"),
        ("v2-draft", (), "v3-draft"),
        ("first", (), "first.2"),
    ],
)
def test_the_draft_that_is_offered_is_free(number, taken, free):
    assert domain.next_version(number, taken) == free
