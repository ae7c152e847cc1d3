"""The copy of a sealed incident is there for whoever is cleared, heard twice and in both orders."""

from typing import Any

import pytest

from chassis.inbox import Outcome
from contracts.org import v1 as org
from services.plans import store
from tests.events import Event
from tests.harness import Harness
from tests.services.plans import city
from vocabulary import Mode

OFFICER: dict[str, Any] = {"roles": ["viewer"], "areas": [city.CITY]}
CLEARED: dict[str, Any] = {"roles": ["viewer", "sealed_reader"], "areas": [city.CITY]}


def heard(plans: Harness) -> list[Event]:
    """What org says, in its order: declared, sealed, and figures of the sealed one."""
    sealed = city.incident("inc_1", sealed=True)
    bodies = {
        "declared": org.IncidentDeclared(incident=city.incident("inc_1")),
        "sealed": org.IncidentSealed(incident=sealed),
        "facts_recorded": org.IncidentFactsRecorded(incident=sealed),
    }
    return [
        plans.event(
            body,
            service="org",
            aggregate="incident",
            event=event,
            id="inc_1",
            area=city.SMALL,
            version=version,
        )
        for version, (event, body) in enumerate(bodies.items(), start=1)
    ]


async def shown(plans: Harness, who: dict[str, Any]) -> Any:
    """What a reader of copies gets of the incident, as the gateway asks while org is away."""
    async with plans.client(**who) as client:
        answer = await client.post("/v1/batch/incidentCopies", json={"keys": ["inc_1"]})
    return answer.json().get("inc_1")


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 1, 1, 2, 0), (0, 2, 1), (1, 0, 2)])
async def test_a_sealed_copy_is_for_the_cleared_alone_in_whatever_order_it_was_heard(
    plans: Harness, order: tuple[int, ...]
):
    events = heard(plans)

    for index in order:
        await plans.deliver(events[index])

    assert await shown(plans, OFFICER) is None
    assert (await shown(plans, CLEARED))["id"] == "inc_1"


async def test_unsealed_it_is_seen_again_and_sealing_weighs_nothing(plans: Harness):
    await city.hear_incident(plans, "declared", city.incident("inc_1"))
    before = await plans.read(store.last_evaluation, "flood-410100", Mode.REAL)
    await city.hear_incident(plans, "sealed", city.incident("inc_1", sealed=True))
    hidden = await shown(plans, OFFICER)

    await city.hear_incident(plans, "unsealed", city.incident("inc_1"))

    assert hidden is None
    assert (await shown(plans, OFFICER))["id"] == "inc_1"
    assert await plans.read(store.last_evaluation, "flood-410100", Mode.REAL) == before


async def test_a_seal_heard_twice_is_kept_once(plans: Harness):
    declared, sealed, _ = heard(plans)

    outcomes = [await plans.deliver(one) for one in (declared, sealed, sealed)]

    assert outcomes == [Outcome.APPLIED, Outcome.APPLIED, Outcome.DUPLICATE]
