"""Consultations as pure decisions: asked once, answered by who was asked, open ones need a reason."""

from datetime import timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import DomainError, NotFound
from services.plans import domain
from services.plans.domain.consultation import (
    CommentResolved,
    ConsultationOpen,
    ConsultationOver,
    DeadlinePassed,
    NotConsulted,
    PlaceUnknown,
)
from tests.harness import START
from tests.services.plans.city import FLOOD
from tests.services.plans.player import APPROVER, WRITER

DAY = timedelta(days=1)
WATER, METRO = "org_410100_water_bureau", "org_410100_metro"
AGREED, COMMENTED, OBJECTED = domain.Opinion


@cache
def in_review() -> domain.Plan:
    plan = domain.redraft(None, domain.parse(FLOOD), by=WRITER, versions=())
    return domain.submit(plan, WRITER, at=START)[0]


def asked(*organizations: str) -> domain.Consultation:
    wanted = [domain.Consulted(one, START + 7 * DAY) for one in organizations]
    return domain.open_consultation("cns_1", in_review(), asked=wanted, by=WRITER, at=START)[0]


def comment(id: str = "cmt_1", place: str = "plan") -> domain.Comment:
    return domain.Comment(id, WATER, place, "pumps take an hour", START + DAY, "org/post")


def commented(place: str = "plan") -> domain.Consultation:
    return domain.comment_on(asked(WATER), in_review(), comment(place=place))


def answered(one: domain.Consultation, who: str | None, opinion: domain.Opinion = AGREED):
    return domain.answer_consultation(
        one, who, opinion=opinion, note=None, by=APPROVER, at=START + DAY
    )[0]


def resolved(one: domain.Consultation, id: str = "cmt_1") -> domain.Consultation:
    return domain.resolve_comment(
        one, id, resolution=domain.Resolution.TAKEN_UP, answer="yes", by=WRITER, at=START + DAY
    )


def approved(one: domain.Consultation | None, reason: str | None = None) -> domain.Plan:
    return domain.approve_consulted(
        in_review(), one, by=APPROVER, reason=reason, at=START + 2 * DAY
    )[0]


def test_an_organization_is_asked_once_and_until_a_day_to_come():
    assert [one.organization_id for one in asked(WATER, METRO, WATER).consulted] == [WATER, METRO]
    late = [domain.Consulted(WATER, START)]

    with pytest.raises(DeadlinePassed, match=WATER):
        domain.open_consultation("cns_1", in_review(), asked=late, by=WRITER, at=START)


def test_only_who_was_asked_answers_and_may_think_again():
    one = answered(asked(WATER, METRO), WATER, OBJECTED)
    one = answered(one, WATER, AGREED)

    assert [(each.organization_id, each.opinion) for each in one.consulted] == [
        (WATER, AGREED),
        (METRO, None),
    ]
    assert [each.organization_id for each in one.silent] == [METRO]
    for stranger in ("org_410100_press", None):
        with pytest.raises(NotConsulted):
            answered(one, stranger)


@pytest.mark.parametrize(
    "place", ["plan", "risks", "LEVEL_II", "LEVEL_II/conditions", "LEVEL_II/measures"]
)
def test_a_comment_is_about_a_place_of_the_plan(place):
    assert [one.place for one in commented(place).comments] == [place]


def test_every_place_of_a_plan_can_be_commented_on_and_is_named_once():
    known = list(domain.places(in_review()))

    assert len(known) == len(set(known))
    for level in in_review().levels:
        assert {f"{level.level}/steps/{step.id}" for step in level.steps} <= set(known)
        assert {f"{level.level}/measures/{one.code}" for one in level.measures} <= set(known)


def test_a_place_that_there_is_not_is_answered_with_what_is_near():
    with pytest.raises(PlaceUnknown) as refused:
        commented("LEVEL_II/condition")

    assert "LEVEL_II/conditions" in str(refused.value.remedy)


def test_a_comment_is_resolved_once_and_the_second_is_told_who_was_first():
    one = resolved(commented())

    with pytest.raises(CommentResolved) as refused:
        resolved(one)

    assert refused.value.extra == {"decidedBy": WRITER.by, "decidedAt": START + DAY}
    with pytest.raises(NotFound):
        resolved(one, "cmt_9")


def test_open_consultations_are_passed_over_only_with_a_reason():
    silent = commented()
    with pytest.raises(ConsultationOpen) as refused:
        approved(silent)
    assert refused.value.extra == {"silent": [WATER], "unresolved": ["cmt_1"]}
    with pytest.raises(ConsultationOpen):
        approved(silent, "  ")

    plan = approved(silent, "the flood season begins tomorrow")

    assert plan.status is domain.PlanStatus.APPROVED
    assert plan.history[-1].reason == "the flood season begins tomorrow"


def test_a_complete_consultation_needs_no_reason_even_over_an_objection():
    assert approved(resolved(answered(commented(), WATER, OBJECTED))).history[-1].reason is None
    assert approved(None).status is domain.PlanStatus.APPROVED


@given(st.lists(st.sampled_from(["answer", "comment", "resolve"]), max_size=6), st.booleans())
def test_nothing_more_is_said_in_a_round_that_is_closed(said, closes_first):
    acts = {
        "answer": lambda one: answered(one, WATER),
        "comment": lambda one: domain.comment_on(one, in_review(), comment(f"cmt_{len(said)}")),
        "resolve": resolved,
    }
    one = asked(WATER)
    if closes_first:
        one, _ = domain.close_consultation(one, START + DAY)
    for name in said:
        try:
            one = acts[name](one)
        except ConsultationOver:
            assert closes_first
        except DomainError:
            assert not closes_first

    if closes_first:
        assert (one.comments, one.silent) == ((), one.consulted)
