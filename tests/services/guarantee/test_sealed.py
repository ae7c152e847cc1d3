"""What belongs to a sealed incident is there for whoever is cleared, whichever was heard first."""

import msgspec
import pytest

from chassis.inbox import Outcome
from chassis.policy import of_token
from chassis.unit_of_work import Caller
from contracts.org import v1 as org
from services.guarantee.queries.activation import causes_by_incident
from tests.services.guarantee.messages import hear, need, started
from tests.services.guarantee.test_handlers import INCIDENT, declared, pumps, sent

LISTS = ("requirements", "dispatches", "allocations")
NOTHING, ALL = [0, 0, 0, 0], [1, 1, 1, 1]
OFFICER = {"roles": ["viewer"], "areas": ["410100"]}
CLEARED = {"roles": ["viewer", "sealed_reader"], "areas": ["410100"]}
COMMANDER = OFFICER | {"roles": ["commander", "viewer"]}


def told(guarantee, *, version, sealed):
    """org seals or unseals the incident, in its order."""
    whole = msgspec.structs.replace(declared().incident, sealed=sealed)
    body = (org.IncidentSealed if sealed else org.IncidentUnsealed)(incident=whole)
    event = "sealed" if sealed else "unsealed"
    return guarantee.event(body, **INCIDENT | {"event": event}, version=version)


def first(guarantee):
    return guarantee.event(declared(), **INCIDENT, version=1)


async def required(guarantee):
    need_of_one = need(quantity=1.0, place=None)
    await hear(guarantee, started(need_of_one, incident_id="inc_1"))
    await sent(guarantee)


async def seen(guarantee, who):
    async with guarantee.client(**who) as client:
        answers = [await client.get(f"/v1/{one}") for one in LISTS]
    caller = Caller(subject="x", grants=of_token(who["roles"], who["areas"], None))
    scope = guarantee.runtime.policy.scope(caller, now=guarantee.clock.now())
    async with guarantee.runtime.seen_by(scope) as db:
        causes = await causes_by_incident(db, ["inc_1"], "SIGNAL")
    return [*(len(one.json()["nodes"]) for one in answers), len(causes["inc_1"])]


@pytest.mark.parametrize("order", ["sealed last", "sealed first", "heard the wrong way round"])
async def test_needs_and_dispatches_are_sealed_with_their_incident(guarantee, order):
    await pumps(guarantee)
    known, sealing = first(guarantee), told(guarantee, version=2, sealed=True)
    if order == "sealed last":
        await guarantee.deliver(known)
        await required(guarantee)
        await guarantee.deliver(sealing)
    elif order == "sealed first":
        await guarantee.deliver(known)
        await guarantee.deliver(sealing)
        await required(guarantee)
    else:
        await guarantee.deliver(sealing)
        await guarantee.deliver(known)
        await required(guarantee)

    assert await guarantee.deliver(sealing) is Outcome.DUPLICATE
    assert await seen(guarantee, OFFICER) == NOTHING
    assert await seen(guarantee, CLEARED) == ALL

    await guarantee.deliver(told(guarantee, version=3, sealed=False))

    assert await seen(guarantee, OFFICER) == ALL


async def test_a_command_on_what_is_sealed_is_answered_as_on_what_does_not_exist(guarantee):
    await pumps(guarantee)
    await guarantee.deliver(first(guarantee))
    await required(guarantee)
    async with guarantee.client(**OFFICER) as client:
        (sending,) = (await client.get("/v1/dispatches")).json()["nodes"]
    await guarantee.deliver(told(guarantee, version=2, sealed=True))
    body = {"expectedVersion": sending["version"], "reason": "x"}

    answers = []
    for who in (COMMANDER, COMMANDER | {"roles": ["commander", "viewer", "sealed_reader"]}):
        async with guarantee.client(**who) as client:
            path = f"/v1/dispatches/{sending['id']}/release"
            answers.append((await client.post(path, json=body)).status_code)

    assert answers == [404, 200]
