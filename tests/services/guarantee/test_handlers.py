"""What guarantee hears: run twice, in both orders, and kept as told."""

from contracts.org import v1 as org
from contracts.plans import v1 as plans
from contracts.vocabulary import v1 as shared
from services.guarantee import handlers, store
from tests.services.guarantee.messages import (
    ACTIVATION,
    FLOOD_COMMAND,
    PUMPS_OWNER,
    activation,
    at,
    hear,
    need,
    organization_state,
    pump,
    started,
)
from vocabulary import Mode, Place


def declared(place=(114.5, 34.5)):
    told = org.Incident(
        id="inc_1",
        number="410100-20260601-001",
        mode=Mode.REAL,
        title="地铁进水",
        emergency_type="11A02",
        status="DECLARED",
        jurisdiction="410100",
        place=place and shared.Place(longitude=place[0], latitude=place[1]),
        declared_at=at(0),
    )
    return org.IncidentDeclared(incident=told)


INCIDENT = {
    "service": "org",
    "aggregate": "incident",
    "event": "declared",
    "id": "inc_1",
    "area": "410100",
}


async def pumps(guarantee):
    async with guarantee.client(roles=["keeper"], org=PUMPS_OWNER.id) as keeper:
        await keeper.put("/v1/resources/res_west", json=pump(113.1))
        await keeper.put("/v1/resources/res_east", json=pump(114.45))


async def sent(guarantee):
    await guarantee.advance(guarantee.clock.now())
    return [
        one.body["dispatch"]["resourceId"] for one in await guarantee.published("dispatch.ordered")
    ]


async def test_a_need_without_a_place_is_served_at_its_incident_heard_before_it(guarantee):
    await pumps(guarantee)

    await guarantee.deliver(declared(), **INCIDENT)
    await hear(guarantee, started(need(quantity=1.0, place=None), incident_id="inc_1"))

    assert await sent(guarantee) == ["res_east"]


async def test_or_after_it(guarantee):
    await pumps(guarantee)

    await hear(guarantee, started(need(quantity=1.0, place=None), incident_id="inc_1"))
    await guarantee.deliver(declared(), **INCIDENT)

    assert await sent(guarantee) == ["res_east"]


async def test_an_incident_heard_twice_is_kept_once(guarantee):
    first = guarantee.event(declared(), **INCIDENT)
    await guarantee.deliver(first)
    await guarantee.deliver(first)

    assert await guarantee.read(store.places_of, ["inc_1"]) == {"inc_1": Place(114.5, 34.5)}


async def test_an_organization_heard_twice_is_kept_once(bare):
    event = bare.event(
        organization_state(FLOOD_COMMAND),
        service="org",
        aggregate="organization",
        event="state",
        id=FLOOD_COMMAND.id,
        area="410100",
    )
    await bare.deliver(event)
    await bare.deliver(event)

    known = await bare.read(store.all_organizations)
    assert known == {FLOOD_COMMAND.id: known[FLOOD_COMMAND.id]}
    assert known[FLOOD_COMMAND.id].emergency_types == FLOOD_COMMAND.emergency_types


async def test_a_proposal_requires_nothing_until_it_is_signed(guarantee):
    await pumps(guarantee)
    proposal = activation(need(), state="PROPOSED", level=None)

    await hear(guarantee, plans.ActivationProposed(activation=proposal))
    before = await sent(guarantee)
    await hear(guarantee, started(need(quantity=1.0)))

    assert (before, len(await sent(guarantee))) == ([], 1)


async def test_what_is_maintained_or_declined_leaves_the_needs_as_they_are(guarantee):
    await pumps(guarantee)
    await hear(guarantee, started(need(quantity=1.0)))
    await sent(guarantee)

    told = activation(state="IN_FORCE", cause=("SIGNAL", "sig_2"))
    await hear(guarantee, plans.ActivationMaintained(activation=told))
    await hear(guarantee, plans.ActivationDeclined(activation=told))

    known = await guarantee.run(lambda uow: store.find_activation(uow.db, ACTIVATION))
    assert known.causes == ("SIGNAL:sig_1", "SIGNAL:sig_2")
    assert await guarantee.published("requirement.cancelled") == []


def test_guarantee_hears_every_event_of_an_activation_and_of_an_incident():
    heard = {(one.service, one.aggregate): set(one.on) for one in handlers.SUBSCRIPTIONS}

    assert len(heard["plans", "activation"]) == 7
    assert len(heard["org", "incident"]) == 7
