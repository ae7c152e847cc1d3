"""Abuse cases 24 to 32 by number: what may be asked of GraphQL, and how it is refused."""

import json
from contextlib import AsyncExitStack, suppress

import pytest
import websockets

from gateway import endpoint
from tests.gateway.conftest import officer, rig, settings  # noqa: F401 - fixtures
from tests.gateway.sockets import DESK, broker, eventually, gateway  # noqa: F401 - fixtures

JSON = {"Content-Type": "application/json"}
MUTATION = (
    'mutation { acknowledgeTask(input: {idempotencyKey: "k", task: "tsk_1"}) { correlationId } }'
)


async def refused(rig, document, code=None):  # noqa: F811 - the fixture
    answer = await rig.ask(document)

    assert answer.status == 400
    assert answer.data is None
    assert code is None or code in answer.codes
    assert all(fake.asked == [] for fake in rig.services.values())


async def test_24_a_document_fifty_levels_deep(rig):  # noqa: F811
    deep = '{ jurisdiction(code: "410100") ' + "{ parent " * 50 + "{ name }" + " }" * 50 + " }"

    await refused(rig, deep, "TOO_DEEP")


async def test_25_a_thousand_aliases(rig):  # noqa: F811
    few_words = "{ " + " ".join(f"a{n}: __typename" for n in range(600)) + " }"
    many_words = "{ " + " ".join(f"a{n}: __typename" for n in range(1000)) + " }"

    await refused(rig, few_words, "TOO_MANY_ALIASES")
    await refused(rig, many_words)


@pytest.mark.parametrize("body", [[{"query": "{ __typename }"}] * 2, [], [1], 5, "x", None])
async def test_26_an_array_of_operations_or_what_is_no_object(rig, body):  # noqa: F811
    answer = await rig.client.post("/graphql", content=json.dumps(body), headers=JSON)

    assert answer.status_code == 400


async def test_27_fragments_that_contain_each_other(rig):  # noqa: F811
    circular = (
        "{ viewer { ...a } } fragment a on Viewer { ...b } fragment b on Viewer { subject ...a }"
    )

    await refused(rig, circular)


@pytest.mark.parametrize(
    "document",
    [
        "{ viewer { subject " + "@include(if: true) " * 300 + "} }",
        "{ viewer { subject " + "@include(if: true) " * 10_000 + "} }",
        "{ viewer { " + "subject " * 1_900 + "} }",
        "{ viewer { " + "subject " * 10_000 + "} }",
        "{ " + "viewer { subject } " * 450 + "}",
    ],
)
async def test_28_directives_and_fields_repeated(rig, document):  # noqa: F811
    await refused(rig, document)


@pytest.mark.parametrize(
    "document",
    ["{ __schema { types { name } } }", '{ __type(name: "Query") { fields { name } } }'],
)
async def test_29_introspection_by_nobody(rig, document):  # noqa: F811
    answer = await rig.ask(document, anonymous=True)

    assert (answer.status, answer.data, answer.codes) == (401, None, ["UNAUTHENTICATED"])


async def test_30_a_mutation_by_get(rig):  # noqa: F811
    answer = await rig.client.get(
        "/graphql",
        params={"query": MUTATION},
        headers={"Authorization": f"Bearer {rig.token}"},
    )

    assert answer.status_code == 405
    assert rig.org.asked == []


@pytest.mark.parametrize(
    "media",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain; application/json",
        "application/jsonx",
        "",
    ],
)
async def test_30_what_a_form_of_another_site_can_send(rig, media):  # noqa: F811
    answer = await rig.client.post(
        "/graphql",
        content=json.dumps({"query": MUTATION}),
        headers={"Authorization": f"Bearer {rig.token}", "Content-Type": media},
    )

    assert answer.status_code == 415
    assert rig.org.asked == []


@pytest.mark.parametrize("anonymous", [True, False])
@pytest.mark.parametrize(
    "document",
    [
        "{ viewr { subject } }",
        "{ viewer { subjct } }",
        '{ jurisdiction(cod: "410100") { name } }',
        "query($x: Jurisdicton) { viewer { subject } }",
        "{ incidents(status: OPN) { totalCount } }",
    ],
)
async def test_31_a_typing_error_gets_no_suggestion(rig, document, anonymous):  # noqa: F811
    answer = await rig.ask(document, anonymous=anonymous)

    assert answer.status == 400
    assert "did you mean" not in json.dumps(answer.errors).lower()


async def test_32_five_hundred_subscriptions_on_one_socket(gateway):  # noqa: F811
    async with gateway.socket() as socket:
        await socket.start(gateway.token)
        with suppress(websockets.ConnectionClosed):
            for number in range(500):
                await socket.subscribe(DESK, id=str(number))
        code, _ = await socket.closed()

    assert code == 4429
    assert len(gateway.hub._listeners) <= endpoint.OPERATIONS_PER_SOCKET


async def test_32_more_sockets_than_a_caller_may_have(gateway, monkeypatch):  # noqa: F811
    monkeypatch.setattr(endpoint, "SOCKETS_PER_CALLER", 2)
    async with AsyncExitStack() as stack:
        for _ in range(2):
            opened = await stack.enter_async_context(gateway.socket())
            assert (await opened.start(gateway.token))["type"] == "connection_ack"
        third = await stack.enter_async_context(gateway.socket())
        with suppress(websockets.ConnectionClosed):
            await third.start(gateway.token)
        code, _ = await third.closed()
    async with gateway.socket() as again:
        acknowledged = await again.start(gateway.token)

    assert (code, acknowledged["type"]) == (4429, "connection_ack")


async def test_sockets_that_say_nothing_are_few_of_an_address(gateway, monkeypatch):  # noqa: F811
    monkeypatch.setattr(endpoint, "STRANGERS_PER_ADDRESS", 2)
    async with AsyncExitStack() as stack:
        await eventually(lambda: not gateway.strangers())
        silent = [await stack.enter_async_context(gateway.socket()) for _ in range(2)]
        async with gateway.socket() as third:
            code, reason = await third.closed()
        greeted = await silent[0].start(gateway.token)  # who says it in time is no stranger
        fourth = await stack.enter_async_context(gateway.socket())
        acknowledged = await fourth.start(gateway.token)

    assert (code, greeted["type"], acknowledged["type"]) == (
        4429,
        "connection_ack",
        "connection_ack",
    )
    assert "of this address" in reason


async def test_a_socket_that_went_away_without_a_word_is_not_counted(gateway, monkeypatch):  # noqa: F811
    monkeypatch.setattr(endpoint, "STRANGERS_PER_ADDRESS", 1)
    for _ in range(3):
        async with gateway.socket():
            pass
        await eventually(lambda: not gateway.strangers())
    async with gateway.socket() as socket:
        assert (await socket.start(gateway.token))["type"] == "connection_ack"
