"""What falls due: the ladder climbs on silence, overdue is raised once, our own outage counts against nobody."""

from datetime import timedelta

import pytest

from services.org import commands, domain
from tests.harness import START, Harness
from tests.services.org import city, reading
from vocabulary import Mode

WANG = city.caller("wang", city.FLOOD, "duty_officer", person="wang", posts=("pst_duty",))
LI = city.caller("li", city.FLOOD, "duty_officer", person="li", posts=("pst_vice_mayor",))
PROVINCE = city.caller("zhao", city.PROVINCE, "duty_officer", posts=("pst_province",))


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


async def red(org: Harness) -> domain.Obligation:
    await org.deliver(city.issued(org, city.signal()))
    return await reading.obligation(org, "ANSWER_SIGNAL")


async def test_silence_climbs_rung_by_rung_to_the_province(org: Harness) -> None:
    await red(org)

    await org.advance(START + minutes(60))

    owed = await reading.obligation(org, "ANSWER_SIGNAL")
    assert [(one.post, one.sent_at - START) for one in owed.notices] == [
        (post, minutes(after)) for post, after in zip(city.LADDER, city.LADDER_MINUTES, strict=True)
    ]
    assert [one.rung for one in owed.notices] == [0, 1, 2, 3, 4, 5]
    assert owed.state is domain.ObligationState.OVERDUE


async def test_overdue_is_raised_once_with_its_true_due_time(org: Harness) -> None:
    await red(org)

    await org.advance(START + timedelta(hours=5))

    raised = await org.published("obligation.overdue")
    assert len(raised) == 1
    assert raised[0].body["obligation"]["dueAt"] == "2026-06-01T08:30:00Z"
    async with org.client() as client:
        log = (await client.get("/v1/log-entries", params={"kind": "SYSTEM"})).json()["nodes"]
    assert log[0]["text"].startswith("逾期未办")


async def test_a_confirmation_stops_the_climb(org: Harness) -> None:
    owed = await red(org)
    await org.advance(START + minutes(17))

    await org.run(commands.confirm_obligation, owed.id, post="pst_vice_mayor", caller=LI)
    await org.advance(START + minutes(29))

    owed = await reading.obligation(org, "ANSWER_SIGNAL")
    assert reading.told(owed) == list(city.LADDER[:4])
    assert domain.reached(owed) is domain.Reached.CONFIRMED


async def test_running_overdue_climbs_on_past_who_confirmed_and_stops_at_the_next_word(
    org: Harness,
) -> None:
    owed = await red(org)
    await org.run(commands.confirm_obligation, owed.id, post="pst_duty", caller=WANG)

    await org.advance(START + minutes(36))
    boss = city.caller("qian", city.FLOOD, "duty_officer", posts=("pst_director",))
    await org.run(commands.confirm_obligation, owed.id, post="pst_director", caller=boss)
    await org.advance(START + timedelta(hours=3))

    owed = await reading.obligation(org, "ANSWER_SIGNAL")
    assert [(one.post, one.sent_at - START) for one in owed.notices] == [
        ("pst_duty", minutes(0)),
        ("pst_deputy", minutes(30)),
        ("pst_director", minutes(35)),
    ]


async def test_an_answer_in_time_leaves_no_timer_behind(org: Harness) -> None:
    await red(org)

    await org.deliver(city.activated(org, "maintained", city.activation()))

    assert await org.advance(START + timedelta(hours=3)) == []
    assert await org.published("obligation.overdue") == []


async def test_a_late_answer_is_an_answer_and_shown_late(org: Harness) -> None:
    await red(org)
    await org.advance(START + minutes(45))

    await org.deliver(city.activated(org, "maintained", city.activation()))

    owed = await reading.obligation(org, "ANSWER_SIGNAL")
    assert owed.state is domain.ObligationState.ANSWERED
    assert domain.is_in_time(owed) is False


async def test_a_rung_that_nobody_holds_costs_no_time_and_is_on_record(org: Harness) -> None:
    night = domain.Shift(person="wang", starts=START - timedelta(days=2), ends=START)
    await org.run(
        commands.put_post,
        city.post("pst_duty", city.FLOOD, 0, roster=(night,)),
        caller=city.OPERATOR,
    )

    owed = await red(org)

    assert [(one.post, one.failure) for one in owed.notices] == [
        ("pst_duty", "nobody-on-duty"),
        ("pst_deputy", None),
    ]
    assert owed.notices[1].sent_at == START


async def test_a_roster_gap_is_owed_to_the_keeper_a_day_ahead(org: Harness) -> None:
    ends = START + timedelta(hours=40)
    shift = domain.Shift(person="wang", starts=START, ends=ends)
    await org.run(
        commands.put_post,
        city.post("pst_duty", city.FLOOD, 0, roster=(shift,)),
        caller=city.OPERATOR,
    )

    await org.advance(START + timedelta(hours=15))
    assert await reading.obligations(org) == []
    await org.advance(START + timedelta(hours=16))

    owed = await reading.obligation(org, "ROSTER_GAP")
    assert (owed.owed_by, owed.due_at, owed.subject.id) == (city.FLOOD, ends, "pst_duty")


async def test_filling_the_roster_answers_the_gap(org: Harness) -> None:
    shift = domain.Shift(person="wang", starts=START, ends=START + timedelta(hours=10))
    await org.run(
        commands.put_post,
        city.post("pst_duty", city.FLOOD, 0, roster=(shift,)),
        caller=city.OPERATOR,
    )
    assert (await reading.obligation(org, "ROSTER_GAP")).state == "OWED"

    more = domain.Shift(person="li", starts=shift.ends, ends=START + timedelta(days=9))
    await org.run(
        commands.put_post,
        city.post("pst_duty", city.FLOOD, 0, roster=(shift, more)),
        caller=city.OPERATOR,
    )

    assert (await reading.obligation(org, "ROSTER_GAP")).state == "ANSWERED"


class Deaf:
    """A channel that reaches nobody by phone."""

    async def send(self, uow, message):
        if message.channel == "phone":
            return domain.Delivery(failure="no answer")
        return domain.Delivery(delivered_at=uow.now)


async def test_a_channel_that_fails_is_followed_by_the_next_one(org: Harness) -> None:
    owed = await red(org)
    org.clock.set(START + minutes(5))

    await org.run(commands.climb, owed.id, through=Deaf())

    owed = await reading.obligation(org, "ANSWER_SIGNAL")
    assert [(one.post, one.channel, one.failure) for one in owed.notices[1:]] == [
        ("pst_deputy", "phone", "no answer"),
        ("pst_deputy", "message", None),
    ]


async def test_a_post_that_was_not_told_or_is_not_held_cannot_confirm(org: Harness) -> None:
    owed = await red(org)

    with pytest.raises(domain.PostNotTold):
        await org.run(commands.confirm_obligation, owed.id, post="pst_vice_mayor", caller=LI)
    with pytest.raises(domain.PostNotHeld):
        await org.run(commands.confirm_obligation, owed.id, post="pst_duty", caller=LI)


async def test_lateness_in_our_own_outage_counts_against_nobody(org: Harness) -> None:
    await org.run(commands.beat)
    await red(org)

    # the service is away from 08:00 to 10:00; the timer fires when it is back
    org.clock.set(START + timedelta(hours=2))
    await org.run(commands.beat)
    owed = await reading.obligation(org, "ANSWER_SIGNAL")
    await org.run(commands.fall_due, owed.id)

    owed = await reading.obligation(org, "ANSWER_SIGNAL")
    assert owed.state is domain.ObligationState.OVERDUE
    assert owed.system_was_up is False
    assert domain.is_in_time(owed) is None
    (raised,) = await org.published("obligation.overdue")
    assert raised.body["obligation"]["systemWasUp"] is False


async def test_lateness_while_we_beat_counts(org: Harness) -> None:
    owed = await red(org)
    for count in range(62):
        org.clock.set(START + count * timedelta(seconds=30))
        await org.run(commands.beat)

    await org.run(commands.fall_due, owed.id)

    owed = await reading.obligation(org, "ANSWER_SIGNAL")
    assert owed.system_was_up is True
    assert domain.is_in_time(owed) is False


async def test_an_exercise_never_tells_a_post_that_takes_no_part(org: Harness) -> None:
    for one in city.POSTS:
        real_only = city.post(one.id, one.organization, one.rung, modes=(Mode.REAL,))
        await org.run(commands.put_post, real_only, caller=city.OPERATOR)

    await org.deliver(city.issued(org, city.signal(mode=Mode.EXERCISE)))
    await org.advance(START + timedelta(hours=1))

    owed = await reading.obligation(org, "ANSWER_SIGNAL")
    assert (owed.notices, owed.missing_rungs) == ((), (0, 1, 2, 3, 4, 5))
    assert domain.reached(owed) is domain.Reached.NOBODY_TOLD
    async with org.client() as client:
        answer = await client.get("/v1/violations", params={"mode": "EXERCISE"})
    assert [one["kind"] for one in answer.json()] == ["RUNG_WITHOUT_POST"]
