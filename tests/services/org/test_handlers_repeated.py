"""What is heard twice, or in the other order, leaves org as it was left by hearing it once in order."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.guarantee import v1 as guarantee
from tests.harness import START, Harness
from tests.services.org import city, reading
from vocabulary import ResponseLevel


async def state(org: Harness) -> dict[str, Any]:
    """What the organization system owes and has ordered, without ids."""
    return {
        "obligations": sorted(
            repr((one.kind, one.state, one.owed_by, one.answered_at, one.waived_because))
            for one in await reading.obligations(org)
        ),
        "tasks": sorted((one.step, one.status) for one in await reading.tasks(org)),
        "orders": sorted(
            (str(one.number), one.status, tuple(m.code for m in one.measures))
            for one in await reading.orders(org)
        ),
        "said": [(one.aggregate, one.event) for one in await org.published()],
    }


RAISED = city.activation(level=ResponseLevel.LEVEL_I)
LOWERED = city.activation(level=ResponseLevel.LEVEL_III, steps=city.STEPS[1:])
ENDED = city.activation(state="ENDED", level=None, steps=(), measures=())
DECLINED = city.proposal(state="DECLINED", proposed_level=None, decided_by="mayor")


def lives(org: Harness) -> dict[str, list[Any]]:
    """Whole lives of an activation that end with each event in turn."""
    started = city.activated(org, "started", city.activation(), version=1)
    proposed = city.activated(org, "proposed", city.proposal(), version=1)
    return {
        "proposed": [proposed],
        "raised": [started, city.activated(org, "raised", RAISED, version=2)],
        "lowered": [started, city.activated(org, "lowered", LOWERED, version=2)],
        "ended": [started, city.activated(org, "ended", ENDED, version=2)],
        "declined": [proposed, city.activated(org, "declined", DECLINED, version=2)],
    }


@pytest.mark.parametrize("last", ["proposed", "raised", "lowered", "ended", "declined"])
async def test_an_activation_heard_twice_changes_nothing_more(org: Harness, last: str) -> None:
    events = lives(org)[last]
    for event in events:
        await org.deliver(event)
    once = await state(org)

    for event in events:
        await org.deliver(event)

    assert await state(org) == once


EFFECTS = {
    "raised": {"orders": ["DRAFT", "ISSUED"], "tasks": ["OWED", "OWED"]},
    "lowered": {"orders": ["DRAFT", "ISSUED"], "tasks": ["CANCELLED", "OWED"]},
    "ended": {"orders": ["ISSUED", "WITHDRAWN"], "tasks": ["CANCELLED", "CANCELLED"]},
    "declined": {"orders": ["WITHDRAWN"], "tasks": []},
}


@pytest.mark.parametrize("last", sorted(EFFECTS))
async def test_an_activation_heard_backwards_ends_as_it_should(org: Harness, last: str) -> None:
    for event in reversed(lives(org)[last]):
        await org.deliver(event)

    found = await state(org)
    assert {
        "orders": sorted(status for _, status, _ in found["orders"]),
        "tasks": sorted(status for _, status in found["tasks"]),
    } == EFFECTS[last]


def signal_events(org: Harness, event: str) -> list[Any]:
    bodies = {"superseded": guarantee.SignalSuperseded, "expired": guarantee.SignalExpired}
    said = city.signal()
    body = (
        bodies[event](signal=said, by="sig_2")
        if event == "superseded"
        else bodies[event](signal=said)
    )
    retired = org.event(
        body,
        service="guarantee",
        aggregate="signal",
        event=event,
        id=said.id,
        area=said.jurisdiction,
        mode=said.mode.value,
        version=2,
    )
    return [city.issued(org, said, version=1), retired]


RETIRED = {"superseded": ("WAIVED", "signal superseded"), "expired": ("OWED", None)}


@pytest.mark.parametrize("event", sorted(RETIRED))
@pytest.mark.parametrize("order", ["in order", "backwards"])
async def test_a_signal_that_stands_no_more_heard_twice_and_in_either_order(
    org: Harness, event: str, order: str
) -> None:
    events = signal_events(org, event)
    if order == "backwards":
        events.reverse()

    for each in events:
        await org.deliver(each)
        await org.deliver(each)

    owed = await reading.obligation(org, "ANSWER_SIGNAL")
    assert (owed.state, owed.waived_because) == RETIRED[event]


async def test_a_proposal_that_falls_is_no_answer_to_its_signal(org: Harness) -> None:
    await org.deliver(city.issued(org, city.signal()))
    await org.deliver(city.activated(org, "proposed", city.proposal()))

    await org.deliver(city.activated(org, "ended", ENDED))
    await org.advance(START + timedelta(minutes=31))

    assert (await reading.obligation(org, "SIGN_PROPOSAL")).state == "WAIVED"
    assert (await reading.obligation(org, "ANSWER_SIGNAL")).state == "OVERDUE"
