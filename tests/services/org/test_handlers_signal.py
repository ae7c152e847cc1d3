"""A signal makes an answer owed; the answer may come first, twice, or never."""

from datetime import timedelta

import pytest

from contracts.guarantee import v1 as guarantee
from contracts.vocabulary import v1 as shared
from services.org import commands, domain
from tests.harness import START, Harness
from tests.services.org import city, reading
from vocabulary import Mode, ResponseLevel, WarningColour

DUTY = city.caller("wang", city.FLOOD, "duty_officer", person="wang", posts=("pst_duty",))


async def test_a_signal_is_owed_an_answer_and_the_post_on_duty_is_told(org: Harness) -> None:
    await org.deliver(city.issued(org, city.signal()))

    owed = await reading.obligation(org, "ANSWER_SIGNAL")
    assert (owed.state, owed.owed_by, owed.rule) == ("OWED", city.FLOOD, "limits-national@2007.1")
    assert owed.due_at == START + timedelta(minutes=30)
    assert reading.told(owed) == ["pst_duty"]
    assert domain.reached(owed) is domain.Reached.TOLD_NOT_CONFIRMED
    events = [one.event for one in await org.published() if one.aggregate == "obligation"]
    assert events == ["owed", "told"]


async def test_hearing_of_a_signal_twice_owes_one_answer(org: Harness) -> None:
    event = city.issued(org, city.signal())

    await org.deliver(event)
    await org.deliver(event)

    assert len(await reading.obligations(org)) == 1


async def test_the_due_time_counts_from_the_event_not_from_its_hearing(org: Harness) -> None:
    event = city.issued(org, city.signal(), time=START)
    org.clock.set(START + timedelta(minutes=20))

    await org.deliver(event)

    assert (await reading.obligation(org, "ANSWER_SIGNAL")).due_at == START + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("colour", "minutes"),
    [(WarningColour.RED, 30), (WarningColour.ORANGE, 60), (WarningColour.YELLOW, 150)],
)
async def test_the_limit_depends_on_the_colour(
    org: Harness, colour: WarningColour, minutes: int
) -> None:
    await org.deliver(city.issued(org, city.signal(colour=colour)))

    owed = await reading.obligation(org, "ANSWER_SIGNAL")
    assert owed.due_at - owed.created_at == timedelta(minutes=minutes)


async def test_a_signal_for_a_district_is_owed_by_the_city_that_commands_it(org: Harness) -> None:
    await org.deliver(city.issued(org, city.signal(jurisdiction="410105")))

    assert (await reading.obligation(org, "ANSWER_SIGNAL")).owed_by == city.FLOOD


async def test_a_type_without_a_special_command_is_owed_by_the_office(org: Harness) -> None:
    await org.deliver(city.issued(org, city.signal(emergency_type="12B01")))

    assert (await reading.obligation(org, "ANSWER_SIGNAL")).owed_by == city.OFFICE


async def test_a_signal_that_nobody_commands_is_a_violation_and_owes_nothing(
    empty: Harness,
) -> None:
    await empty.deliver(city.issued(empty, city.signal()))

    assert await reading.obligations(empty) == []
    async with empty.client() as client:
        answer = await client.get("/v1/violations")
    assert [(one["kind"], one["subject"]) for one in answer.json()] == [
        ("NOBODY_COMMANDS", "sig_1")
    ]


async def _end_state(org: Harness) -> tuple[object, ...]:
    owed = await reading.obligation(org, "ANSWER_SIGNAL")
    return owed.state, owed.answered_at, owed.answered_by, reading.told(owed), owed.due_at


@pytest.mark.parametrize("first", ["signal", "activation"])
async def test_signal_and_its_answer_end_alike_in_either_order(org: Harness, first: str) -> None:
    events = [
        city.issued(org, city.signal()),
        city.activated(org, "started", city.activation(measures=(), steps=())),
    ]
    if first == "activation":
        events.reverse()

    for event in events:
        await org.deliver(event)
        await org.deliver(event)

    assert await _end_state(org) == (
        "ANSWERED",
        START,
        "plan flood-410100@2021.1",
        ["pst_duty"],
        START + timedelta(minutes=30),
    )


@pytest.mark.parametrize("first", ["signal", "proposal"])
async def test_a_proposal_answers_nothing_until_a_person_signs_it(org: Harness, first: str) -> None:
    events = [
        city.issued(org, city.signal()),
        city.activated(org, "proposed", city.proposal(measures=(), steps=())),
    ]
    if first == "proposal":
        events.reverse()
    for event in events:
        await org.deliver(event)
    assert (await reading.obligation(org, "ANSWER_SIGNAL")).state == "OWED"

    org.clock.set(START + timedelta(minutes=3))
    signed = city.activation(
        level=ResponseLevel.LEVEL_I,
        cause=shared.Cause(kind="PERSON", id="wang"),
        decided_by=f"{city.FLOOD}/pst_mayor",
        measures=(),
        steps=(),
    )
    await org.deliver(city.activated(org, "started", signed))

    for kind in ("ANSWER_SIGNAL", "SIGN_PROPOSAL"):
        owed = await reading.obligation(org, kind)
        assert (owed.state, owed.answered_by) == ("ANSWERED", f"{city.FLOOD}/pst_mayor")
        assert owed.answered_at == START + timedelta(minutes=3)


async def test_the_signature_that_comes_before_the_signal_answers_it_too(org: Harness) -> None:
    await org.deliver(city.activated(org, "proposed", city.proposal(measures=(), steps=())))
    declined = city.proposal(
        state="DECLINED",
        proposed_level=None,
        cause=shared.Cause(kind="PERSON", id="wang"),
        decided_by="li",
        measures=(),
        steps=(),
    )
    await org.deliver(city.activated(org, "declined", declined))

    await org.deliver(city.issued(org, city.signal()))

    assert (await reading.obligation(org, "ANSWER_SIGNAL")).answered_by == "li"


async def test_what_is_in_force_and_stands_answers_a_new_signal(org: Harness) -> None:
    await org.deliver(city.issued(org, city.signal()))

    await org.deliver(city.activated(org, "maintained", city.activation()))

    async with org.client() as client:
        response = (await client.get("/v1/signals/sig_1/response")).json()
    assert (response["answer"], response["decidedBy"]) == ("MAINTAIN", "plan flood-410100@2021.1")
    assert [one["state"] for one in response["obligations"]] == ["ANSWERED"]


async def test_the_earliest_answer_stands_whichever_is_heard_first(org: Harness) -> None:
    early = city.activated(org, "started", city.activation(steps=(), measures=()))
    late = city.activated(
        org,
        "started",
        city.activation(id="act_2", plan_id="metro-410100", steps=(), measures=()),
        time=START + timedelta(minutes=1),
    )

    await org.deliver(late)
    await org.deliver(early)
    await org.deliver(city.issued(org, city.signal()))

    assert (
        await reading.obligation(org, "ANSWER_SIGNAL")
    ).answered_by == "plan flood-410100@2021.1"


async def test_a_person_answers_and_cannot_answer_twice(org: Harness) -> None:
    await org.deliver(city.issued(org, city.signal()))

    async with org.client(
        roles=["duty_officer", "viewer"], org=city.FLOOD, person="wang"
    ) as client:
        body = {"answer": "DECLINE", "reason": "the rain passes north of the city"}
        first = await client.post("/v1/signals/sig_1/answer", json=body)
        second = await client.post("/v1/signals/sig_1/answer", json=body)

    assert (first.status_code, first.json()["answer"]) == (200, "DECLINE")
    assert (second.status_code, second.json()["slug"]) == (409, "signal-already-answered")
    assert (await reading.obligation(org, "ANSWER_SIGNAL")).answered_by == f"{city.FLOOD}/wang"


async def test_another_organization_cannot_answer(org: Harness) -> None:
    await org.deliver(city.issued(org, city.signal()))

    async with org.client(roles=["duty_officer"], org=city.EDUCATION) as client:
        body = {"answer": "DECLINE", "reason": "not mine"}
        answer = await client.post("/v1/signals/sig_1/answer", json=body)

    assert (answer.status_code, answer.json()["slug"]) == (403, "not-permitted")


async def test_a_cancelled_signal_asks_for_no_answer(org: Harness) -> None:
    said = city.signal()
    await org.deliver(city.issued(org, said))

    cancelled = org.event(
        guarantee.SignalCancelled(signal=said),
        service="guarantee",
        aggregate="signal",
        event="cancelled",
        id=said.id,
        area="410100",
    )
    await org.deliver(cancelled)
    await org.deliver(cancelled)

    owed = await reading.obligation(org, "ANSWER_SIGNAL")
    assert (owed.state, owed.waived_because) == ("WAIVED", "signal cancelled")
    assert await org.advance(START + timedelta(hours=2)) == []


async def test_a_signal_of_an_exercise_reaches_only_exercise_posts(org: Harness) -> None:
    real_only = city.post("pst_duty", city.FLOOD, 0, modes=(Mode.REAL,))
    await org.run(commands.put_post, real_only, caller=city.OPERATOR)

    await org.deliver(city.issued(org, city.signal(mode=Mode.EXERCISE)))

    owed = await reading.obligation(org, "ANSWER_SIGNAL")
    assert reading.told(owed) == ["pst_deputy"]
    said = [one for one in await org.published() if one.aggregate == "obligation"]
    assert {one.subject.partition(".")[0] for one in said} == {"uemx"}


async def test_confirming_stops_the_telling_but_not_the_due_time(org: Harness) -> None:
    await org.deliver(city.issued(org, city.signal()))
    owed = await reading.obligation(org, "ANSWER_SIGNAL")

    await org.run(commands.confirm_obligation, owed.id, post="pst_duty", caller=DUTY)
    await org.advance(START + timedelta(minutes=29))

    owed = await reading.obligation(org, "ANSWER_SIGNAL")
    assert reading.told(owed) == ["pst_duty"]
    assert owed.notices[0].confirmed_by == "wang"
    assert owed.state is domain.ObligationState.OWED


@pytest.mark.parametrize("order", [("signal", "metro", "flood"), ("metro", "signal", "flood")])
async def test_what_a_metro_starts_for_itself_answers_no_signal_that_the_city_owes(
    org: Harness, order: tuple[str, ...]
) -> None:
    own = city.activation(id="act_metro", plan_id="metro-410100", organization_id=city.METRO)
    waiting = city.proposal(level=ResponseLevel.LEVEL_III, state="IN_FORCE")
    events = {
        "signal": city.issued(org, city.signal()),
        "metro": city.activated(org, "started", own),
        "flood": city.activated(org, "proposed", waiting),
    }

    for name in order:
        await org.deliver(events[name])
    assert (await reading.obligation(org, "ANSWER_SIGNAL")).state == "OWED"
    await org.deliver(
        city.activated(org, "raised", city.activation(level=ResponseLevel.LEVEL_I), version=2)
    )

    answered = await reading.obligation(org, "ANSWER_SIGNAL")
    assert (answered.state, answered.answered_by) == ("ANSWERED", "plan flood-410100@2021.1")
