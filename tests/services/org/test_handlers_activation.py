"""An activation asks for tasks, orders and signatures; twice or out of order it asks once."""

from datetime import timedelta

import pytest

from chassis.policy import NotPermitted
from contracts.plans import v1 as plans
from services.org import commands, domain
from tests.harness import START, Harness
from tests.services.org import city, reading
from vocabulary import Mode, OrganizationKind, ResponseLevel

MAYOR = city.caller("mayor", city.FLOOD, "commander", person="mayor", posts=("pst_mayor",))
METRO = city.caller("metro", city.METRO, "duty_officer", person="sun")
SCHOOLS = city.caller("schools", city.EDUCATION, "duty_officer", person="zhou")


async def test_steps_become_tasks_of_the_one_accountable_organization(org: Harness) -> None:
    await org.deliver(city.activated(org, "started", city.activation()))

    shelters, flying = await reading.tasks(org)
    assert (shelters.organization_id, shelters.due_at) == (
        city.EDUCATION,
        START + timedelta(minutes=60),
    )
    assert (flying.organization_id, flying.status) == (None, "OWED")
    owed = await reading.obligation(org, "ACKNOWLEDGE_TASK")
    assert (owed.owed_by, owed.subject.id) == (city.EDUCATION, shelters.id)
    async with org.client() as client:
        found = (await client.get("/v1/violations")).json()
    assert ("TASK_WITHOUT_ORGANIZATION", flying.id) in [(v["kind"], v["subject"]) for v in found]


async def test_a_function_held_twice_is_a_violation_with_one_accountable(org: Harness) -> None:
    twin = city.organization(
        "org_410100_zz", OrganizationKind.DEPARTMENT, "410100", functions=("education",)
    )
    await org.run(commands.put_organization, twin, caller=city.OPERATOR)

    await org.deliver(city.activated(org, "started", city.activation(measures=())))

    async with org.client() as client:
        found = (await client.get("/v1/violations")).json()
    assert "FUNCTION_HELD_TWICE" in [one["kind"] for one in found]
    assert (await reading.tasks(org))[0].organization_id == city.EDUCATION


async def test_automatic_measures_issue_by_themselves_and_others_wait_for_a_signature(
    org: Harness,
) -> None:
    await org.deliver(city.activated(org, "started", city.activation()))

    issued, draft = await reading.orders(org)
    assert (issued.status, issued.number) == ("ISSUED", "410100-2026-001")
    assert [one.code for one in issued.measures] == ["stop_metro"]
    assert issued.issued_by == f"{city.FLOOD}/plan flood-410100@2021.1"
    assert issued.effective_until == START + timedelta(minutes=120)
    assert [(one.code, one.legal.verdict) for one in draft.measures] == [
        ("suspend_classes", "ALLOWED"),
        ("requisition", "REFUSED"),
    ]
    assert (await reading.obligation(org, "ISSUE_ORDER")).subject.id == draft.id
    receipt = await reading.obligation(org, "ACKNOWLEDGE_ORDER")
    assert (receipt.owed_by, receipt.owed_to) == (city.METRO, city.FLOOD)
    assert issued.receipts[0].delivered_at == START


async def test_hearing_of_a_start_twice_asks_once(org: Harness) -> None:
    event = city.activated(org, "started", city.activation())

    await org.deliver(event)
    await org.deliver(event)

    assert (len(await reading.tasks(org)), len(await reading.orders(org))) == (2, 2)
    assert len(await reading.obligations(org)) == 3


async def test_a_raise_orders_and_owes_only_what_it_adds(org: Harness) -> None:
    await org.deliver(city.activated(org, "started", city.activation()))
    more = plans.Step(id="more", function="education", time_limit_minutes=5)
    raised = city.activation(level=ResponseLevel.LEVEL_I, steps=(*city.STEPS, more))

    org.clock.set(START + timedelta(hours=1))
    await org.deliver(city.activated(org, "raised", raised))

    assert [one.step for one in await reading.tasks(org)] == ["open", "nobody", "more"]
    assert [one.status for one in await reading.orders(org)] == ["ISSUED", "DRAFT"]
    assert len(await reading.obligations(org, "ISSUE_ORDER")) == 1


async def test_a_measure_that_nobody_carries_out_is_a_violation(org: Harness) -> None:
    orphan = plans.Measure(
        code="close_tunnels",
        addressee_functions=("tunnel.operation",),
        automatic=True,
        legal=plans.LegalAnswer(answer="ALLOWED"),
    )

    await org.deliver(city.activated(org, "started", city.activation(measures=(orphan,), steps=())))

    async with org.client() as client:
        found = (await client.get("/v1/violations")).json()
    assert [(one["kind"], one["detail"]) for one in found] == [
        (
            "MEASURE_WITHOUT_ADDRESSEE",
            "close_tunnels: nobody holds tunnel.operation here or above",
        )
    ]


async def test_the_law_unknown_is_no_leave_to_start_by_itself(org: Harness) -> None:
    unknown = plans.Measure(code="stop_metro", automatic=True)

    await org.deliver(city.activated(org, "started", city.activation(measures=(unknown,))))

    (draft,) = await reading.orders(org)
    assert (draft.status, draft.measures[0].legal.verdict) == ("DRAFT", "UNKNOWN")


async def test_a_proposal_prepares_its_order_and_the_signature_issues_it(org: Harness) -> None:
    await org.deliver(city.activated(org, "proposed", city.proposal()))
    (draft,) = await reading.orders(org)
    assert (draft.status, len(draft.measures)) == ("DRAFT", 3)
    assert await reading.obligations(org, "ISSUE_ORDER") == []
    signature = await reading.obligation(org, "SIGN_PROPOSAL")
    assert (signature.due_at, signature.owed_by) == (START + timedelta(minutes=10), city.FLOOD)

    signed = city.activation(level=ResponseLevel.LEVEL_I, decided_by=f"{city.FLOOD}/pst_mayor")
    await org.deliver(city.activated(org, "started", signed))

    order, left = await reading.orders(org)
    assert (order.id, order.status, order.issued_by) == (
        draft.id,
        "ISSUED",
        f"{city.FLOOD}/pst_mayor",
    )
    assert {one.code for one in order.measures if one.ordered} == {"stop_metro", "suspend_classes"}
    assert [one.code for one in left.measures] == ["requisition"]
    assert await reading.obligations(org, "ISSUE_ORDER") == []
    (said,) = await org.published("order.issued")
    assert {one["code"] for one in said.body["order"]["measures"]} == {
        "stop_metro",
        "suspend_classes",
    }


async def test_a_second_proposal_replaces_the_first(org: Harness) -> None:
    lower = city.proposal(proposed_level=ResponseLevel.LEVEL_II, measures=(city.NO_CLASSES,))
    await org.deliver(city.activated(org, "proposed", lower))

    await org.deliver(city.activated(org, "proposed", city.proposal()))

    first, second = await reading.obligations(org, "SIGN_PROPOSAL")
    assert (first.state, second.state) == ("WAIVED", "OWED")
    (draft,) = await reading.orders(org)
    assert [one.code for one in draft.measures] == ["stop_metro", "suspend_classes", "requisition"]


async def test_a_declined_proposal_leaves_no_draft(org: Harness) -> None:
    await org.deliver(city.activated(org, "proposed", city.proposal()))

    declined = city.proposal(state="DECLINED", proposed_level=None, decided_by="mayor")
    await org.deliver(city.activated(org, "declined", declined))

    (draft,) = await reading.orders(org)
    assert draft.status is domain.OrderStatus.WITHDRAWN
    assert (await reading.obligation(org, "SIGN_PROPOSAL")).state == "ANSWERED"


async def test_a_level_that_falls_takes_back_its_steps_and_an_end_all(org: Harness) -> None:
    await org.deliver(city.activated(org, "started", city.activation()))

    lowered = city.activation(level=ResponseLevel.LEVEL_III, steps=city.STEPS[1:])
    await org.deliver(city.activated(org, "lowered", lowered))
    assert [one.status for one in await reading.tasks(org)] == ["CANCELLED", "OWED"]
    assert (await reading.obligation(org, "ACKNOWLEDGE_TASK")).state == "WAIVED"
    ended = city.activation(state="ENDED", level=None, steps=(), measures=())
    await org.deliver(city.activated(org, "ended", ended))

    assert [one.status for one in await reading.tasks(org)] == ["CANCELLED", "CANCELLED"]
    assert [one.status for one in await reading.orders(org)] == ["ISSUED", "WITHDRAWN"]
    assert (await reading.obligation(org, "ISSUE_ORDER")).state == "WAIVED"


async def test_an_exercise_is_numbered_apart_and_said_apart(org: Harness) -> None:
    said = city.activation(mode=Mode.EXERCISE)

    await org.deliver(city.activated(org, "started", said))

    issued = (await reading.orders(org))[0]
    assert issued.number == "EX-410100-2026-001"
    events = [one for one in await org.published("order.issued")]
    assert events[0].subject.startswith("uemx.")


async def test_signing_a_draft_issues_what_the_law_allows(org: Harness) -> None:
    await org.deliver(city.activated(org, "started", city.activation()))
    draft = (await reading.orders(org))[1]

    await org.run(
        commands.issue_order,
        draft.id,
        expected_version=draft.version,
        post="pst_mayor",
        caller=MAYOR,
    )

    order = (await reading.orders(org))[1]
    assert (order.number, order.issued_by) == ("410100-2026-002", f"{city.FLOOD}/pst_mayor")
    assert [(one.code, one.ordered) for one in order.measures] == [
        ("suspend_classes", True),
        ("requisition", False),
    ]
    assert (await reading.obligation(org, "ISSUE_ORDER")).state == "ANSWERED"


async def test_a_refused_measure_is_never_ordered(org: Harness) -> None:
    await org.deliver(city.activated(org, "started", city.activation()))
    draft = (await reading.orders(org))[1]

    async with org.client(roles=["commander", "viewer"], org=city.FLOOD) as client:
        answer = await client.post(
            f"/v1/orders/{draft.id}/issue",
            json={"expectedVersion": draft.version, "measures": ["requisition"]},
        )
        found = (await client.get("/v1/violations")).json()

    problem = answer.json()
    assert (answer.status_code, problem["slug"]) == (403, "legal-basis-missing")
    assert problem["legal"] == {
        "measure": "requisition",
        "verdict": "REFUSED",
        "missing": "no provision authorises requisition",
        "whoMayGrant": ["COMMITTEE"],
    }
    assert "LEGAL_BASIS_MISSING" in [one["kind"] for one in found]
    assert (await reading.orders(org))[1].status == "DRAFT"


async def test_each_addressee_confirms_and_does_once(org: Harness) -> None:
    await org.deliver(city.activated(org, "started", city.activation()))
    order = (await reading.orders(org))[0]
    org.clock.set(START + timedelta(minutes=4))

    await org.run(commands.confirm_order, order.id, caller=METRO)
    await org.run(commands.confirm_order, order.id, caller=METRO)
    org.clock.set(START + timedelta(minutes=30))
    await org.run(commands.complete_order, order.id, caller=METRO)
    with pytest.raises(NotPermitted):
        await org.run(commands.confirm_order, order.id, caller=SCHOOLS)

    (receipt,) = (await reading.orders(org))[0].receipts
    assert receipt == domain.Receipt(
        organization_id=city.METRO,
        delivered_at=START,
        confirmed_at=START + timedelta(minutes=4),
        confirmed_by="sun",
        done_at=START + timedelta(minutes=30),
    )
    assert len(await org.published("order.receipted")) == 1
    assert (await reading.obligation(org, "ACKNOWLEDGE_ORDER")).answered_by == city.METRO


async def test_a_lifted_order_owes_no_receipts(org: Harness) -> None:
    await org.deliver(city.activated(org, "started", city.activation()))
    order = (await reading.orders(org))[0]

    await org.run(
        commands.lift_order,
        order.id,
        reason="water fell",
        expected_version=order.version,
        caller=MAYOR,
    )

    assert (await reading.orders(org))[0].status == "LIFTED"
    assert (await reading.obligation(org, "ACKNOWLEDGE_ORDER")).state == "WAIVED"


async def test_a_task_is_acknowledged_done_and_overdue_in_between(org: Harness) -> None:
    await org.deliver(city.activated(org, "started", city.activation(measures=())))
    task = (await reading.tasks(org))[0]
    await org.run(commands.acknowledge_task, task.id, expected_version=task.version, caller=SCHOOLS)
    assert (await reading.obligation(org, "ACKNOWLEDGE_TASK")).state == "ANSWERED"

    await org.advance(START + timedelta(minutes=61))
    task = (await reading.tasks(org))[0]
    assert task.status is domain.TaskStatus.OVERDUE
    await org.run(commands.complete_task, task.id, expected_version=task.version, caller=SCHOOLS)

    task = (await reading.tasks(org))[0]
    assert (task.status, task.finished_at) == ("DONE", START + timedelta(minutes=61))
    with pytest.raises(domain.TaskNotOpen):
        await org.run(
            commands.complete_task, task.id, expected_version=task.version, caller=SCHOOLS
        )


async def test_only_the_accountable_organization_declines_its_task(org: Harness) -> None:
    await org.deliver(city.activated(org, "started", city.activation(measures=())))
    task = (await reading.tasks(org))[0]

    with pytest.raises(NotPermitted):
        await org.run(
            commands.decline_task,
            task.id,
            expected_version=task.version,
            reason="no",
            caller=METRO,
        )
    await org.run(
        commands.decline_task,
        task.id,
        expected_version=task.version,
        reason="schools are shelters already",
        caller=SCHOOLS,
    )

    assert (await reading.tasks(org))[0].status is domain.TaskStatus.DECLINED
    (said,) = await org.published("task.declined")
    assert said.body["reason"] == "schools are shelters already"


async def test_who_holds_a_function_is_found_from_the_division_upward(org: Harness) -> None:
    keys = ["410100/education", "410105/metro.operation", "410100/nobody", "nowhere/education"]

    async with org.client() as client:
        found = (await client.post("/v1/batch/accountable", json={"keys": keys})).json()

    assert {key: one and one["id"] for key, one in found.items()} == {
        "410100/education": city.EDUCATION,
        "410105/metro.operation": city.METRO,
        "410100/nobody": None,
        "nowhere/education": None,
    }


async def test_the_order_that_a_signature_would_issue_is_found_from_the_proposal(
    org: Harness,
) -> None:
    one = city.activation()
    await org.deliver(city.activated(org, "started", one))

    async with org.client(areas=["410100"]) as client:
        asked = {"keys": [one.id, "act_unknown"]}
        found = (await client.post("/v1/batch/drafts-by-activation", json=asked)).json()

    assert found["act_unknown"] is None
    assert found[one.id]["status"] == "DRAFT"
    assert [m["code"] for m in found[one.id]["measures"]] == ["suspend_classes", "requisition"]
