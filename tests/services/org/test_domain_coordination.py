"""Coordination requests as pure decisions, and the figures of who answers whom how fast."""

import dataclasses
import statistics
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.org import domain, store
from tests.harness import START
from tests.services.org import city
from vocabulary import Mode, OrganizationKind

Status = domain.CoordinationStatus


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def asked(**more: Any) -> domain.CoordinationRequest:
    defaults: dict[str, Any] = {
        "id": "crq_1",
        "title": "buses",
        "text": "twenty buses to the station",
        "urgency": domain.Urgency.URGENT,
        "from_organization": city.FLOOD,
        "to_organization": city.METRO,
        "jurisdiction": "410100",
        "mode": Mode.REAL,
        "requested_at": START,
        "requested_by": "wang",
        "answer_due_at": at(30),
        "rule": "test@1",
    }
    return domain.CoordinationRequest(**defaults | more)


def accepted(request: domain.CoordinationRequest, minutes: float) -> domain.CoordinationRequest:
    return domain.accept_request(
        request, promised_by=None, limited=None, by="sun", now=at(minutes)
    )[0]


def declined(request: domain.CoordinationRequest, minutes: float) -> domain.CoordinationRequest:
    ground = domain.DeclineGround.NO_CAPACITY
    return domain.decline_request(request, ground=ground, reason="x", by="sun", now=at(minutes))[0]


STEPS: dict[str, Any] = {
    "acknowledge": lambda one: domain.acknowledge_request(one, by="sun", now=at(5)),
    "accept": lambda one: domain.accept_request(
        one, promised_by=at(90), limited=None, by="sun", now=at(6)
    ),
    "decline": lambda one: domain.decline_request(
        one, ground=domain.DeclineGround.OTHER, reason="x", by="sun", now=at(7)
    ),
    "complete": lambda one: domain.complete_request(one, result="there", by="sun", now=at(8)),
    "withdraw": lambda one: domain.withdraw_request(one, "rain stopped", now=at(9)),
}


@given(steps=st.lists(st.sampled_from(sorted(STEPS)), max_size=6))
def test_whatever_is_tried_a_request_is_answered_once_and_its_times_go_forward(steps):
    request = asked()
    for step in steps:
        try:
            changed, _ = STEPS[step](request)
        except domain.CoordinationStatusWrong:
            continue
        if request.answered_at is not None:
            assert changed.answered_at == request.answered_at
        request = changed

    times = [
        request.requested_at,
        request.acknowledged_at,
        request.answered_at,
        request.completed_at,
    ]
    known = [one for one in times if one is not None]
    assert known == sorted(known)
    assert (request.status is Status.COMPLETED) == (request.completed_at is not None)
    if request.answered_at is not None:
        assert request.acknowledged_at is not None


def test_nobody_asks_themselves_nor_for_yesterday():
    with pytest.raises(domain.AskedItself):
        domain.request_coordination(asked(to_organization=city.FLOOD))
    with pytest.raises(domain.NeededInPast):
        domain.request_coordination(asked(needed_by=START))


def test_what_is_declined_climbs_once_to_who_stands_above_both_and_is_directed():
    superior = city.organization(city.OFFICE, OrganizationKind.COMMITTEE_OFFICE, "410100")
    refused = declined(asked(), 10)

    escalated, said = domain.escalate_request(refused, superior, now=at(10))
    again, silence = domain.escalate_request(escalated, superior, now=at(11))
    directed, _ = domain.direct_request(
        escalated, domain.Direction.DO_IT, reason="lives", by=city.OFFICE, now=at(15)
    )

    assert said is not None
    assert (again, silence) == (escalated, None)
    assert (directed.status, directed.directed_by) == (Status.ACCEPTED, city.OFFICE)
    assert directed.answered_at == at(10)  # who refused answered then


def test_who_asks_directs_nothing_and_what_did_not_climb_is_directed_by_nobody():
    superior = city.organization(city.OFFICE, OrganizationKind.COMMITTEE_OFFICE, "410100")
    escalated, _ = domain.escalate_request(declined(asked(), 1), superior, now=at(1))
    order: dict[str, Any] = {"reason": "x", "now": at(2)}

    with pytest.raises(domain.OwnRequest):
        domain.direct_request(escalated, domain.Direction.DO_IT, by=city.FLOOD, **order)
    with pytest.raises(domain.NotEscalated):
        domain.direct_request(asked(), domain.Direction.DO_IT, by=city.OFFICE, **order)
    left, _ = domain.direct_request(escalated, domain.Direction.LEAVE_IT, by=city.OFFICE, **order)
    with pytest.raises(domain.CoordinationStatusWrong):
        domain.direct_request(left, domain.Direction.DO_IT, by=city.OFFICE, **order)


@pytest.mark.parametrize(
    ("one", "other", "superior"),
    [
        (city.EDUCATION, city.METRO, city.FLOOD),
        (city.FLOOD, city.METRO, city.FLOOD),
        (city.OFFICE, city.EDUCATION, city.OFFICE),
        (city.FLOOD, city.PROVINCE, None),
    ],
)
def test_the_common_superior_is_the_lowest_above_both(one, other, superior):
    found = domain.common_superior(city.ORGANIZATIONS, one, other)

    assert (found.id if found else None) == superior


@given(minutes=st.lists(st.integers(1, 300), min_size=1, max_size=30))
def test_figures_of_a_pair_are_those_of_its_times(minutes):
    requests = [accepted(asked(id=f"crq_{n}"), one) for n, one in enumerate(minutes)]

    [pair] = domain.pair_figures(requests, now=at(1000))

    assert pair.answer_median_minutes == statistics.median(minutes)
    assert pair.on_time_share == sum(one <= 30 for one in minutes) / len(minutes)
    p90 = pair.answer_p90_minutes or 0
    assert sum(one <= p90 for one in minutes) >= 0.9 * len(minutes)
    assert sum(one < p90 for one in minutes) < 0.9 * len(minutes)


def test_silence_counts_once_it_is_late_and_what_was_taken_back_never():
    silent = asked(id="crq_1")
    taken_back, _ = domain.withdraw_request(asked(id="crq_2"), "x", now=at(5))
    answered = accepted(asked(id="crq_3"), 10)

    [early] = domain.pair_figures([silent, taken_back, answered], now=at(20))
    [late] = domain.pair_figures([silent, taken_back, answered], now=at(31))

    assert (early.on_time_share, early.unanswered_late) == (1.0, 0)
    assert (late.on_time_share, late.unanswered_late, late.asked) == (0.5, 1, 3)


def test_pairs_are_told_apart_and_the_slowest_comes_first():
    back = asked(id="crq_2", from_organization=city.METRO, to_organization=city.FLOOD)

    pairs = domain.pair_figures([accepted(asked(), 3), declined(back, 40)], now=at(60))

    assert [(one.from_organization, one.answer_median_minutes, one.declined) for one in pairs] == [
        (city.METRO, 40.0, 1),
        (city.FLOOD, 3.0, 0),
    ]
    assert pairs[0].acknowledge_median_minutes == 40.0


def test_times_are_data_and_a_file_without_an_urgency_is_refused():
    rules = store.coordination_rules()
    times = domain.coordination_times(rules, domain.Urgency.URGENT, jurisdiction="410105", at=START)
    assert (times.acknowledge_minutes, times.answer_minutes) == (10, 30)
    with pytest.raises(domain.LimitMissing):
        domain.coordination_times(
            rules,
            domain.Urgency.URGENT,
            jurisdiction="410105",
            at=START.replace(year=2000),
        )
    raw = {
        "id": "r",
        "version": 1,
        "effective_from": START.date(),
        "source": "s",
        "times": [
            {"urgency": "URGENT"}
            | dict.fromkeys(("acknowledge_minutes", "answer_minutes", "direct_minutes"), 5)
        ],
    }
    with pytest.raises(domain.RuleDataInvalid):
        domain.parse_coordination_rule(raw)


def test_an_acceptance_may_be_partial_and_says_until_when():
    promised, _ = domain.accept_request(
        asked(), promised_by=at(60), limited="twelve of twenty", by="sun", now=at(4)
    )

    assert promised == dataclasses.replace(
        asked(),
        status=Status.ACCEPTED,
        acknowledged_at=at(4),
        acknowledged_by="sun",
        answered_at=at(4),
        answered_by="sun",
        promised_by=at(60),
        limited="twelve of twenty",
    )
