"""The frontend's operations over the real services, live while the emergency runs, and with each service down."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import websockets
from websockets.typing import Subprotocol

from tests.e2e import rehearsal
from uem.demo.city import City
from uem.stack.stack import Stack

pytestmark = pytest.mark.timeout(600)

Json = Any
OPERATIONS = Path(__file__).resolve().parents[2] / "gateway" / "operations"
FLOOD_COMMAND = "org_410100_flood_command"
CITY = "410100"
DECLARED_BY = datetime.fromisoformat("2021-07-20T08:20:00+08:00")
BOARD_FEED = """subscription($code: String!, $after: Cursor) {
  jurisdiction(code: $code, after: $after) {
    kind cursor jurisdiction { name } changed { __typename ... on Node { id } }
  }
}"""


def document(name: str) -> str:
    return (OPERATIONS / f"{name}.graphql").read_text("utf-8")


def officer(stack: Stack) -> str:
    return stack.token(
        roles=["viewer", "duty_officer", "commander"],
        org=FLOOD_COMMAND,
        areas=[CITY],
        posts=["pst_410100_flood_vice_mayor"],
        person="per_e2e",
    )


async def ask(stack: Stack, query: str, **variables: Json) -> Json:
    async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
        answer = await client.post(
            f"{stack.addresses['gateway']}/graphql",
            json={"query": query, "variables": variables},
            headers={"Authorization": f"Bearer {officer(stack)}"},
        )
    return answer.json()


@asynccontextmanager
async def following(stack: Stack, **variables: Json) -> AsyncIterator[Any]:
    """The board's feed: call it for the next message that is no heartbeat."""
    address = stack.addresses["gateway"].replace("http", "ws") + "/graphql"
    async with websockets.connect(
        address, subprotocols=[Subprotocol("graphql-transport-ws")], proxy=None
    ) as socket:
        payload = {"authorization": f"Bearer {officer(stack)}"}
        await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
        assert json.loads(await socket.recv())["type"] == "connection_ack"
        asked = {"query": BOARD_FEED, "variables": variables}
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": asked}))

        async def following_message() -> Json:
            while True:
                message = json.loads(await asyncio.wait_for(socket.recv(), 60))
                assert "errors" not in message["payload"], message
                told = message["payload"]["data"]["jurisdiction"]
                if told["kind"] != "HEARTBEAT":
                    return told

        yield following_message


async def found_again(stack: Stack) -> None:
    """The gateway knows that every service is there."""
    async with asyncio.timeout(60), httpx.AsyncClient(trust_env=False) as client:
        while (await client.get(f"{stack.addresses['gateway']}/readyz")).json()["away"]:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.1)


@pytest.fixture(scope="module")
async def feed_from_the_start(stack: Stack, city: City) -> Json:
    """The first message of a board's feed, before anything happens."""
    async with following(stack, code=CITY) as message:
        return await message()


@pytest.fixture(scope="module")
async def emergency(stack: Stack, city: City, feed_from_the_start: Json) -> Json:
    """The first red signal is answered and an incident declared; ids by kind."""
    await rehearsal.play(city, until=DECLARED_BY)
    found = await ask(
        stack,
        "{ signals(status: ACTIVE) { nodes { id } } incidents { nodes { id version } } "
        "activations { nodes { id version planId } } }",
    )
    assert "errors" not in found, found
    by_plan = {one["planId"]: one for one in found["data"]["activations"]["nodes"]}
    first = {name: page["nodes"][0] for name, page in found["data"].items()}
    return first | {"activations": by_plan["flood-410100"], "of the metro": by_plan["metro-410100"]}


def variables(emergency: Json) -> dict[str, Json]:
    return {
        "desk": {},
        "board": {"code": CITY},
        "incidents": {},
        "room": {"id": emergency["incidents"]["id"]},
        "what_if": {
            "jurisdiction": CITY,
            "emergencyType": "11B03",
            "facts": [{"metric": "rain_1h_mm", "value": 201.9, "unit": "mm"}],
        },
    }


async def test_a_feed_begins_with_the_board_as_it_stands(feed_from_the_start):
    assert feed_from_the_start["kind"] == "SNAPSHOT"
    assert feed_from_the_start["jurisdiction"] == {"name": "郑州市"}


async def test_a_reader_that_slept_through_it_hears_everything_that_happened(
    stack, feed_from_the_start, emergency
):
    kinds: set[str] = set()
    async with following(stack, code=CITY, after=feed_from_the_start["cursor"]) as message:
        while not {"Signal", "Obligation", "Activation", "Order", "Task", "Incident"} <= kinds:
            told = await message()
            assert told["kind"] == "CHANGE"
            kinds.add(told["changed"]["__typename"])


@pytest.mark.parametrize("name", ["desk", "board", "incidents", "room", "what_if"])
async def test_an_operation_is_answered_whole_by_the_real_services(stack, emergency, name):
    answer = await ask(stack, document(name), **variables(emergency)[name])

    assert "errors" not in answer, answer["errors"]
    assert all(value is not None for value in answer["data"].values())


async def test_the_room_says_why(stack, emergency):
    answer = await ask(
        stack,
        "query($id: ID!) { signal(id: $id) { response { answer obligations { kind reached } } "
        "activations { level explanation { conditions { text met } } } } }",
        id=emergency["signals"]["id"],
    )

    signal = answer["data"]["signal"]
    assert signal["response"]["answer"] is not None
    assert {one["kind"] for one in signal["response"]["obligations"]} == {"ANSWER_SIGNAL"}
    assert {one["reached"] for one in signal["response"]["obligations"]} == {"CONFIRMED"}
    assert any(
        condition["met"] is not None
        for activation in signal["activations"]
        for condition in activation["explanation"]["conditions"]
    )


async def test_a_stale_version_is_told_which_one_stands(stack, emergency):
    incident = emergency["incidents"]
    fact = {
        "metric": "deaths",
        "unit": "person",
        "source": "metro",
        "observedAt": "2021-07-20T08:00:00+08:00",
    }
    answer = await ask(
        stack,
        document("facts"),
        input={
            "idempotencyKey": "e2e-stale",
            "incident": incident["id"],
            "expectedVersion": incident["version"] - 1,
            "facts": [fact],
        },
    )

    assert "errors" not in answer, answer
    [refused] = answer["data"]["recordFacts"]["errors"]
    assert refused["code"] == "VERSION_CONFLICT"
    assert refused["currentVersion"] == incident["version"]


@pytest.mark.parametrize(
    ("whose", "code"),
    [("activations", "PROPOSAL_ALREADY_DECIDED"), ("of the metro", "NOT_PERMITTED")],
)
async def test_a_proposal_is_decided_once_and_by_who_commands(stack, emergency, whose, code):
    activation = emergency[whose]
    answer = await ask(
        stack,
        document("sign"),
        input={
            "idempotencyKey": f"e2e-twice-{code}",
            "activation": activation["id"],
            "expectedVersion": activation["version"],
            "reason": "again",
        },
    )

    assert answer["data"]["signActivation"]["activation"] is None
    [refused] = answer["data"]["signActivation"]["errors"]
    assert refused["code"] == code


async def test_the_same_key_gives_the_same_incident_and_another_input_is_refused(stack, emergency):
    given = {
        "idempotencyKey": "e2e-declare",
        "jurisdiction": "410102",
        "emergencyType": "12B01",
        "title": "仓库起火",
        "place": {"type": "Point", "coordinates": [113.6, 34.75]},
        "mode": "EXERCISE",
    }
    first = await ask(stack, document("declare"), input=given)
    again = await ask(stack, document("declare"), input=given)
    other = await ask(stack, document("declare"), input=given | {"title": "another"})

    assert first["data"]["declareIncident"]["errors"] == []
    assert again["data"] == first["data"]
    [reused] = other["data"]["declareIncident"]["errors"]
    assert reused["code"] == "IDEMPOTENCY_KEY_REUSED"


@pytest.mark.parametrize("service", ["org", "plans", "guarantee", "analytics"])
async def test_with_a_service_down_every_operation_still_answers(stack, emergency, service):
    await stack.take_down(service)
    try:
        answers = [
            await ask(stack, document(name), **given)
            for name, given in variables(emergency).items()
        ]
    finally:
        await stack.bring_up(service)
        await found_again(stack)

    errors = [error for answer in answers for error in answer.get("errors", ())]
    assert all(answer["data"] is not None for answer in answers)
    assert {error["extensions"]["code"] for error in errors} == {"SERVICE_UNAVAILABLE"}
    assert {error["extensions"]["service"] for error in errors} == {service.upper()}
    board = answers[1]["data"]["jurisdiction"]
    assert board["name"] == "郑州市"
