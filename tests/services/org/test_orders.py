"""Orders end when their time is over; what the law refuses is answered with who may grant it and is there."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.plans import v1 as plans
from services.org import commands, domain
from tests.harness import START, Harness
from tests.services.org import city, reading
from vocabulary import OrganizationKind

MAYOR = city.caller("mayor", city.FLOOD, "commander", person="mayor", posts=("pst_mayor",))
END = START + timedelta(minutes=120)  # what the plan gives the metro's stop


async def test_an_order_is_lifted_by_itself_when_its_time_is_over(org: Harness) -> None:
    await org.deliver(city.activated(org, "started", city.activation(steps=())))
    number = (await reading.orders(org))[0].number

    early = await org.advance(END - timedelta(seconds=1))
    assert (await reading.orders(org))[0].status == "ISSUED"
    fired = await org.advance(END)

    order = (await reading.orders(org))[0]
    key = f"order/{order.id}/over"
    assert (key in early, key in fired) == (False, True)
    assert (order.status, order.lifted_at, order.lifted_because) == ("LIFTED", END, "expired")
    (said,) = await org.published("order.lifted")
    assert said.body["order"]["number"] == number
    assert (await reading.obligation(org, "ACKNOWLEDGE_ORDER")).state == "WAIVED"


async def test_an_order_that_is_over_is_lifted_once(org: Harness) -> None:
    await org.deliver(city.activated(org, "started", city.activation(steps=())))
    order = (await reading.orders(org))[0]
    await org.run(commands.expire_order, order.id)
    assert (await reading.orders(org))[0].status == "ISSUED"
    org.clock.set(END)

    await org.run(commands.expire_order, order.id)
    await org.run(commands.expire_order, order.id)

    assert len(await org.published("order.lifted")) == 1


async def test_an_order_lifted_before_its_end_falls_due_no_more(org: Harness) -> None:
    await org.deliver(city.activated(org, "started", city.activation(steps=())))
    order = (await reading.orders(org))[0]
    await org.run(
        commands.lift_order,
        order.id,
        reason="water fell",
        expected_version=order.version,
        caller=MAYOR,
    )

    fired = await org.advance(END)

    assert f"order/{order.id}/over" not in fired
    assert (await reading.orders(org))[0].lifted_because == "water fell"


async def test_an_order_with_a_measure_without_an_end_stays_in_force(org: Harness) -> None:
    endless = plans.Measure(
        code="stop_metro", automatic=True, legal=plans.LegalAnswer(answer="ALLOWED")
    )
    await org.deliver(
        city.activated(org, "started", city.activation(measures=(endless,), steps=()))
    )

    assert await org.advance(START + timedelta(days=30)) == []
    assert (await reading.orders(org))[0].status == "ISSUED"


async def issue_refused(org: Harness) -> dict[str, Any]:
    draft = (await reading.orders(org))[-1]
    async with org.client(roles=["commander", "viewer"], org=city.FLOOD) as client:
        answer = await client.post(
            f"/v1/orders/{draft.id}/issue",
            json={"expectedVersion": draft.version, "measures": ["requisition"]},
        )
    assert answer.status_code == 403
    problem: dict[str, Any] = answer.json()
    return problem


def shift(person: str, start: int, end: int) -> domain.Shift:
    return domain.Shift(
        person=person, starts=START + timedelta(hours=start), ends=START + timedelta(hours=end)
    )


async def test_mistake_9_a_refused_measure_names_who_may_grant_it_and_is_on_duty(
    org: Harness,
) -> None:
    absent = city.post("pst_vice_mayor", city.COMMITTEE, 3, roster=(shift("zhao", -9, -1),))
    await org.run(commands.put_post, absent, caller=city.OPERATOR)
    await org.deliver(city.activated(org, "started", city.activation()))

    problem = await issue_refused(org)

    assert problem["holders"] == [
        {
            "organization": city.COMMITTEE,
            "post": "pst_mayor",
            "titleZh": "pst_mayor",
            "titleEn": "pst_mayor",
            "onDuty": True,
        }
    ]
    assert problem["proposeTo"] == {"organization": city.COMMITTEE, "post": "pst_mayor"}
    assert problem["remedy"] == f"Propose it to pst_mayor of {city.COMMITTEE}, on duty now."
    assert "zhao" not in str(problem)


async def test_mistake_9_when_nobody_of_them_is_on_duty_that_is_said(org: Harness) -> None:
    for id, rung in (("pst_vice_mayor", 3), ("pst_mayor", 4)):
        gone = city.post(id, city.COMMITTEE, rung, roster=(shift("zhao", -9, -1),))
        await org.run(commands.put_post, gone, caller=city.OPERATOR)
    await org.deliver(city.activated(org, "started", city.activation()))

    problem = await issue_refused(org)

    assert [(one["post"], one["onDuty"]) for one in problem["holders"]] == [
        ("pst_vice_mayor", False)
    ]
    assert "proposeTo" not in problem


async def test_mistake_9_the_nearest_holder_comes_first(org: Harness) -> None:
    for id, code in (("org_410000_committee", "410000"), ("org_410100_z", "410100")):
        above = city.organization(id, OrganizationKind.COMMITTEE, code)
        await org.run(commands.put_organization, above, caller=city.OPERATOR)
    await org.deliver(city.activated(org, "started", city.activation()))

    problem = await issue_refused(org)

    assert [(one["organization"], one["onDuty"]) for one in problem["holders"]] == [
        (city.COMMITTEE, True),
        ("org_410100_z", False),
        ("org_410000_committee", False),
    ]


@pytest.mark.parametrize("minutes", [0, 119])
def test_an_order_is_over_at_its_end_and_not_before(minutes: int) -> None:
    assert not domain.is_over(_order("ISSUED"), START + timedelta(minutes=minutes))
    assert domain.is_over(_order("ISSUED"), END)
    assert not domain.is_over(_order("LIFTED"), END)


def _order(status: str) -> domain.Order:
    return domain.Order(
        id="ord_1",
        status=domain.OrderStatus(status),
        jurisdiction="410100",
        organization_id=city.FLOOD,
        mode=city.BOTH[0],
        title_zh="令",
        title_en="order",
        measures=(),
        drafted_at=START,
        effective_until=END,
    )
