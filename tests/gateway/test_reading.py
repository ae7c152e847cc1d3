"""Reads through the gateway: joins are batched and masked, what is away is unknown and says so."""

import asyncio

import pytest

from gateway.errors import Service
from tests.gateway import world

SIGNAL = """
query Signal($id: ID!) {
  signal(id: $id) {
    colour headline(lang: EN) sentAt emergencyType { code class name }
    jurisdiction { code name state }
    activations { id level jurisdiction { name } organization { name(lang: EN) } }
  }
}
"""


async def test_one_query_reads_over_three_services(rig):
    answer = await rig.ask(SIGNAL, id=world.SIGNAL)

    assert answer.errors == []
    assert answer.data["signal"] == {
        "colour": "RED",
        "headline": "暴雨红色预警信号",
        "sentAt": "2021-07-20T16:01:00+08:00",
        "emergencyType": {"code": "11B03", "class": "NATURAL_DISASTER", "name": "暴雨"},
        "jurisdiction": {"code": "410100", "name": "郑州市", "state": "RESPONSE"},
        "activations": [
            {
                "id": "act_1",
                "level": "LEVEL_II",
                "jurisdiction": {"name": "郑州市"},
                "organization": {"name": "Zhengzhou flood control headquarters"},
            }
        ],
    }


async def test_a_service_is_asked_only_for_what_is_selected(rig):
    await rig.ask(SIGNAL, id=world.SIGNAL)

    assert rig.guarantee.batches_asked() == [
        (
            "signals",
            [world.SIGNAL],
            ["colour", "emergencyType", "headlineEn", "headlineZh", "id", "jurisdiction", "sentAt"],
        )
    ]
    assert rig.plans.batches_asked() == [
        ("activationsBySignal", [world.SIGNAL], ["id", "jurisdiction", "level", "organizationId"])
    ]


async def test_siblings_are_read_together_and_each_key_once(rig):
    await rig.ask(
        """query($s: ID!, $w: ID!) {
          signal(id: $s) { jurisdiction { name } }
          warning(id: $w) { jurisdiction { name } organization { name } }
          activation(id: "act_1") { jurisdiction { name } }
        }""",
        s=world.SIGNAL,
        w=world.WARNING,
    )

    keys = [(name, key) for name, keys, _ in rig.org.batches_asked() for key in keys]
    assert len(keys) == len(set(keys))
    assert ("jurisdictions", "410100") in keys


async def test_the_key_alone_is_answered_without_a_read(rig):
    answer = await rig.ask(
        "query($id: ID!) { signal(id: $id) { jurisdiction { code } } }", id=world.SIGNAL
    )

    assert answer.data["signal"]["jurisdiction"] == {"code": "410100"}
    assert rig.org.asked == []


async def test_the_callers_token_goes_on_unchanged_and_the_trace_with_it(rig):
    await rig.ask(SIGNAL, id=world.SIGNAL)

    headers = rig.guarantee.asked[0].headers
    assert headers["Authorization"] == f"Bearer {rig.token}"
    assert headers["traceparent"].startswith("00-")


async def test_a_field_of_a_service_that_is_away_is_null_with_a_typed_error_beside_it(rig):
    await rig.plans.stop()

    answer = await rig.ask(SIGNAL, id=world.SIGNAL)

    assert answer.data["signal"]["activations"] is None
    assert answer.data["signal"]["colour"] == "RED"
    [error] = answer.errors
    assert error["path"] == ["signal", "activations"]
    assert error["extensions"] == {
        "code": "SERVICE_UNAVAILABLE",
        "service": "PLANS",
        "retryable": True,
        "retryAfterMs": 1000,
    }
    assert "127.0.0.1" not in str(answer.errors)


async def test_an_incident_is_answered_from_plans_copy_while_org_is_away(rig):
    await rig.org.stop()

    answer = await rig.ask(
        "query($id: ID!) { incident(id: $id) { number staleSince title grade version } }",
        id=world.INCIDENT,
    )

    incident = answer.data["incident"]
    assert incident.pop("staleSince").endswith("+08:00")
    assert incident == {
        "number": world.NUMBER,
        "title": "地铁5号线进水",
        "grade": "GRADE_I",
        "version": None,
    }
    assert answer.codes == ["SERVICE_UNAVAILABLE"]
    assert answer.errors[0]["extensions"]["service"] == "ORG"


async def test_with_org_and_its_copy_away_the_root_is_unknown(rig):
    await rig.org.stop()
    await rig.plans.stop()

    answer = await rig.ask("query($id: ID!) { incident(id: $id) { title } }", id=world.INCIDENT)

    assert answer.data == {"incident": None}
    assert [error["extensions"]["service"] for error in answer.errors] == ["ORG"]


async def test_what_is_not_there_is_said_to_be_not_there(rig):
    answer = await rig.ask('{ signal(id: "sig_none") { colour } }')

    assert answer.data == {"signal": None}
    assert answer.codes == ["SIGNAL_NOT_FOUND"]


async def test_a_service_that_stalls_is_given_up_and_then_not_waited_for_again(rig):
    rig.guarantee.stall_s = 30.0
    document = "query($id: ID!) { signal(id: $id) { colour } }"

    for _ in range(3):
        answer = await rig.ask(document, id=world.SIGNAL)
        assert answer.codes == ["SERVICE_UNAVAILABLE"]
    asked = len(rig.guarantee.asked)
    fast = await rig.ask(document, id=world.SIGNAL)

    assert fast.codes == ["SERVICE_UNAVAILABLE"]
    assert len(rig.guarantee.asked) == asked


async def test_a_service_that_comes_back_is_found_without_a_request_waiting_for_it(rig):
    upstream = rig.app.state.upstreams[Service.GUARANTEE]
    document = "query($id: ID!) { signal(id: $id) { colour } }"
    await rig.guarantee.stop()
    for _ in range(4):
        assert (await rig.ask(document, id=world.SIGNAL)).codes == ["SERVICE_UNAVAILABLE"]
    assert (await rig.client.get("/readyz")).json() == {"ready": True, "away": ["guarantee"]}

    await rig.guarantee.start()
    async with asyncio.timeout(20):
        while upstream.breaker.is_open:  # noqa: ASYNC110 - the probe has no event for it
            await asyncio.sleep(0.01)

    assert (await rig.ask(document, id=world.SIGNAL)).data == {"signal": {"colour": "RED"}}
    assert (await rig.client.get("/readyz")).json() == {"ready": True, "away": []}


async def test_nonsense_from_a_service_is_a_fault_and_shows_nothing_of_it(rig):
    rig.guarantee.broken = b"<html>nginx at 10.0.0.7</html>"

    answer = await rig.ask(SIGNAL, id=world.SIGNAL)

    assert answer.codes == ["SERVICE_FAULT"]
    assert "10.0.0.7" not in str(answer.errors)


async def test_a_bug_is_masked_with_the_trace_by_which_it_is_found(rig):
    rig.guarantee.batches["signals"] = {world.SIGNAL: {"id": world.SIGNAL, "colour": "MAUVE"}}

    answer = await rig.ask("query($id: ID!) { signal(id: $id) { colour } }", id=world.SIGNAL)

    [error] = answer.errors
    assert error["extensions"]["code"] == "INTERNAL_ERROR"
    assert error["extensions"]["traceId"] in error["message"]
    assert "MAUVE" not in str(answer.errors)


async def test_without_a_token_nothing_is_read(rig):
    answer = await rig.ask("{ viewer { subject } }", anonymous=True)

    assert (answer.status, answer.data, answer.codes) == (401, None, ["UNAUTHENTICATED"])


async def test_the_schema_may_be_read_by_whoever_has_a_token(rig):
    answer = await rig.ask("{ __schema { queryType { name } } }")

    assert answer.data == {"__schema": {"queryType": {"name": "Query"}}}


async def test_the_viewer_is_what_the_token_says(rig):
    answer = await rig.ask("{ viewer { person organization { name } posts areas { name } roles } }")

    assert answer.data["viewer"] == {
        "person": "per_1",
        "organization": {"name": "郑州市防汛抗旱指挥部"},
        "posts": ["duty"],
        "areas": [{"name": "郑州市"}],
        "roles": ["commander", "duty_officer", "viewer"],
    }


@pytest.mark.parametrize(
    ("id", "type_name"),
    [("410100", "Jurisdiction"), ("sig_red", "Signal"), ("inc_0198c2", "Incident")],
)
async def test_a_node_tells_its_type(rig, id, type_name):
    answer = await rig.ask("query($id: ID!) { node(id: $id) { __typename id } }", id=id)

    assert answer.data == {"node": {"__typename": type_name, "id": id}}


MAY = """
query May($incident: ID!, $activation: ID!) {
  incident(id: $incident) {
    viewerPermissions { action allowed reason grantableBy }
    orders { viewerPermissions { action } }
  }
  activation(id: $activation) { viewerPermissions { allowed } }
}
"""


async def test_what_the_viewer_may_do_is_read_with_its_object_of_its_service(rig):
    answer = await rig.ask(MAY, incident=world.INCIDENT, activation=world.ACTIVATION)

    assert answer.errors == []
    assert answer.data["incident"]["viewerPermissions"] == world.MAY
    assert answer.data["activation"]["viewerPermissions"] == [
        {"allowed": one["allowed"]} for one in world.MAY
    ]
    asked = {
        (name, *keys, *(fields or ()))
        for name, keys, fields in [*rig.org.batches_asked(), *rig.plans.batches_asked()]
        if name == "permissions"
    }
    whole = ("action", "allowed", "grantableBy", "reason")
    assert asked == {
        ("permissions", f"incident:{world.INCIDENT}", *whole),
        ("permissions", f"order:{world.ORDER}", "action"),
        ("permissions", f"activation:{world.ACTIVATION}", "allowed"),
    }


async def test_what_the_viewer_may_do_is_unknown_while_its_service_is_away(rig):
    await rig.plans.stop()

    answer = await rig.ask(
        "query($id: ID!) { incident(id: $id) { title activations { viewerPermissions { action } } "
        "viewerPermissions { action } } }",
        id=world.INCIDENT,
    )

    assert answer.data["incident"]["activations"] is None
    assert len(answer.data["incident"]["viewerPermissions"]) == 2
    assert answer.codes == ["SERVICE_UNAVAILABLE"]
