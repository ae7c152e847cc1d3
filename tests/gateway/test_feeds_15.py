"""Abuse case 15 of reliability.md §3.6, by feed: nothing is told that the caller could not list."""

from gateway.errors import Service
from tests.gateway import world
from tests.gateway.sockets import BOARD

INCIDENT = """
subscription($incident: ID!) { incident(id: $incident) { kind incident { id title } entry { at } } }
"""


async def test_15_what_the_caller_could_not_list_is_not_told(gateway, broker):
    async with gateway.following(BOARD, code="410100") as socket:
        await socket.next()
        await broker.say("org", "incident", "declared", id="inc_sealed")
        await broker.say("org", "order", "signed", id="ord_hidden", incidentId="inc_sealed")
        await broker.say("guarantee", "warning", "drafted", id="war_draft")
        await broker.signal()
        changes = [await socket.change()]

    assert [one["changed"]["id"] for one in changes] == [world.SIGNAL]


async def test_15_the_log_of_an_incident_that_is_not_seen_is_not_told(gateway, broker):
    hidden = "inc_sealed"
    table = gateway.services[Service.ORG].batches["incidents"]
    async with gateway.following(INCIDENT, incident=hidden) as socket:
        first = await socket.receive()
        assert first["payload"]["data"]["incident"]["incident"] is None
        await broker.say("org", "log_entry", "written", id="log_1", incidentId=hidden)
        kinds = [(await socket.next())["kind"] for _ in range(2)]
        table[hidden] = table[world.INCIDENT] | {"id": hidden}
        await broker.say("org", "incident", "unsealed", id=hidden)
        seen = await socket.change()
        del table[hidden]

    assert set(kinds) == {"HEARTBEAT"}  # and what is hidden holds up no heartbeat
    assert (seen["kind"], seen["incident"]["id"]) == ("CHANGE", hidden)


async def test_a_level_that_came_into_force_is_told_without_what_led_to_it(gateway, broker):
    async with gateway.following(BOARD, code="410105") as socket:
        await socket.next()
        await broker.say("plans", "activation", "proposed", id="act_hidden")
        await broker.say("plans", "activation", "raised", id="act_hidden")
        change = await socket.change()
        await broker.say("plans", "activation", "raised", id=world.ACTIVATION)
        after = await socket.change()

    assert change["changed"] is None
    assert after["changed"]["id"] == world.ACTIVATION
