"""What asks for a revision: a superior's new version, a law that changed or lapsed, a person."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from chassis.policy import Grant
from chassis.unit_of_work import Caller
from contracts.guarantee import v1 as guarantee
from services.plans import commands, domain, store
from tests.harness import START, Harness
from tests.services.plans import city
from tests.services.plans.city import CITY, FLOOD, draft, minutes, publish

ID = "flood-410100@2021.1"
VERSION = "/v1/plans/flood-410100/versions/2021.1"
PROVINCE = "flood-410000"
PLANNER: dict[str, Any] = {"roles": ["planner"], "areas": [CITY], "subject": "planner"}
WIDE = Caller(subject="planner", grants=(Grant(role="planner", area="410000"),))
HEAD = Caller(subject="head", grants=(Grant(role="commander", area="410000"),))
RESTS = FLOOD.replace("levels:", "legal_basis: [prv_inspect_tunnels]\nlevels:", 1)


def above(version: str, begins: str = "2021-06-01") -> str:
    return (
        FLOOD.replace("id: flood-410100", f"id: {PROVINCE}")
        .replace('jurisdiction: "410100"', 'jurisdiction: "410000"')
        .replace('"2021.1"', f'"{version}"')
        .replace("2021-06-01", begins)
    )


async def publish_above(plans: Harness, version: str, begins: str = "2021-06-01") -> None:
    await plans.run(commands.import_plan, above(version, begins), caller=WIDE)
    await publish(plans, version, plan_id=PROVINCE, planner=WIDE, approver=HEAD)


async def triggers(plans: Harness, id: str = ID) -> list[tuple[str, bool]]:
    """Cause of each trigger of the version, and whether it was answered."""
    plan = await plans.read(store.read_plan, id)
    return [(one.cause, one.answered_at is not None) for one in plan.triggers]


async def told(plans: Harness) -> list[tuple[str, str]]:
    said = await plans.published("plan_version.revision_triggered")
    return [(one.body["plan"]["id"], one.body["trigger"]["cause"]) for one in said]


async def hear_provision(plans: Harness, measure: str = "inspect_tunnels", **changes: Any) -> None:
    said = city.provision(measure)
    changed = msgspec.structs.replace(said.provision, **changes)
    about = {"service": "guarantee", "aggregate": "provision", "event": "state"}
    state = guarantee.ProvisionState(provision=changed)
    await plans.deliver(state, id=said.provision.id, area=CITY, **about)


@pytest.fixture
async def resting(empty: Harness) -> Harness:
    """The city's plan in force, resting on a provision that is known."""
    await city.settle(empty)
    await draft(empty, RESTS)
    await publish(empty)
    empty.clock.set(minutes(60))
    return empty


async def test_a_superiors_new_version_asks_those_below_when_it_takes_effect(plans: Harness):
    await publish_above(plans, "1")
    assert await triggers(plans) == []  # a first version changes nothing

    plans.clock.set(minutes(60))
    await publish_above(plans, "2", "2026-06-03")
    assert await triggers(plans) == []
    await plans.advance(START + timedelta(days=3))

    assert await triggers(plans) == [(f"plan:{PROVINCE}@2", False)]
    assert await told(plans) == [(ID, f"plan:{PROVINCE}@2")]
    await plans.run(commands.look_at_plan, PROVINCE)
    assert len(await told(plans)) == 1


async def test_a_version_published_after_the_superiors_knows_it_already(plans: Harness):
    await publish_above(plans, "1")
    plans.clock.set(minutes(60))
    await publish_above(plans, "2", "2026-05-01")
    plans.clock.set(minutes(120))
    await draft(plans, FLOOD.replace('"2021.1"', '"2026.1"').replace("2021-06-01", "2026-05-02"))
    await publish(plans, "2026.1")

    assert await triggers(plans, "flood-410100@2026.1") == []


async def test_a_changed_provision_asks_the_plans_that_rest_on_it_once(resting: Harness):
    await hear_provision(resting, article="on tunnels and bridges")
    await hear_provision(resting, article="on tunnels and bridges")

    ((cause, is_answered),) = await triggers(resting)
    assert (cause.split(":")[:3], is_answered) == (
        ["provision", "prv_inspect_tunnels", "changed"],
        False,
    )
    assert len(await told(resting)) == 1


async def test_a_provision_on_which_no_plan_rests_asks_nobody(resting: Harness):
    await hear_provision(resting, "suspend_classes", article="on schools")

    assert await told(resting) == []


async def test_a_provision_that_was_heard_of_after_the_plan_changes_nothing(empty: Harness):
    await draft(empty, RESTS)
    await publish(empty)
    empty.clock.set(minutes(60))
    await city.settle(empty)

    assert await told(empty) == []


async def test_a_provision_that_lapses_asks_at_its_true_end(resting: Harness):
    ends = START + timedelta(days=30)
    await hear_provision(resting, valid_to=ends)
    await resting.advance(ends + timedelta(days=1))

    changed, lapsed = await triggers(resting)
    assert changed[0].startswith("provision:prv_inspect_tunnels:changed:")
    assert lapsed == (f"provision:prv_inspect_tunnels:lapsed:{ends.isoformat()}", False)
    plan = await resting.read(store.read_plan, ID)
    assert plan.triggers[-1].at == ends


@pytest.mark.parametrize("ground", list(domain.RevisionGround))
async def test_a_person_names_each_of_the_six_grounds(
    plans: Harness, ground: domain.RevisionGround
):
    async with plans.client(**PLANNER) as client:
        body = {"ground": ground, "note": "the dam was raised"}
        answer = await client.post(f"{VERSION}/triggers", json=body)

    (one,) = answer.json()["triggers"]
    assert (one["ground"], one["note"], one["by"]) == (ground, "the dam was raised", "planner")


async def test_plans_that_need_a_revision_are_listed_until_somebody_acts(plans: Harness):
    async def listed(needs: str) -> list[str]:
        async with plans.client() as client:
            found = await client.get("/v1/plans", params={"needsRevision": needs})
        return [one["id"] for one in found.json()["nodes"]]

    body = {"ground": "RISK_CHANGED", "note": "a new dam"}
    async with plans.client(**PLANNER) as client:
        await client.post(f"{VERSION}/triggers", json=body)
        asked = await listed("true"), await listed("false")
        begun = await client.post(f"{VERSION}/begin-revision", json=body)

    assert asked == ([ID], [])
    assert begun.json()["status"] == "UNDER_REVISION"
    assert (await listed("true"), await listed("false")) == ([], [ID])
