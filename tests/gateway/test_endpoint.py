"""The endpoint over HTTP: console, GraphiQL, GET, CORS, tokens, probes."""

from dataclasses import replace

import httpx
import pytest

from chassis.settings import SettingsError
from gateway import settings as gateway_settings
from gateway.errors import Service
from tests.gateway import world
from tests.gateway.conftest import running

HTML = {"Accept": "text/html"}
COMPLETE = {
    f"UEM_{service}_URL": f"http://127.0.0.1:{port}" for port, service in enumerate(Service)
}


async def test_a_browser_gets_a_console_that_needs_nothing_from_outside(rig):
    page = (await rig.client.get("/graphql", headers=HTML)).text

    assert "Bearer token" in page
    assert 'src="http' not in page
    assert 'href="http' not in page


async def test_graphiql_is_there_for_who_has_the_internet(rig):
    page = (await rig.client.get("/graphql?graphiql", headers=HTML)).text

    assert "GraphiQL" in page


async def test_a_query_may_be_asked_by_get_a_mutation_may_not(rig):
    headers = {"Authorization": f"Bearer {rig.token}"}
    query = await rig.client.get(
        "/graphql", params={"query": "{ viewer { subject } }"}, headers=headers
    )
    mutation = await rig.client.get(
        "/graphql",
        params={
            "query": 'mutation { acknowledgeTask(input: {idempotencyKey: "k", '
            f'task: "{world.TASK}", expectedVersion: 1}}) {{ correlationId }} }}'
        },
        headers=headers,
    )

    assert query.json() == {"data": {"viewer": {"subject": "tester"}}}
    assert mutation.status_code == 405
    assert rig.org.asked == []


@pytest.mark.parametrize(
    "authorization", ["Bearer nonsense", "Basic dXNlcjpwYXNz", "Bearer " + "x" * 9000]
)
async def test_a_token_that_does_not_verify_is_refused_with_401(rig, authorization):
    answer = await rig.client.post(
        "/graphql",
        json={"query": "{ viewer { subject } }"},
        headers={"Authorization": authorization},
    )

    assert answer.status_code == 401
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_what_is_no_request_is_told_so(rig):
    header = {"Content-Type": "application/json"}
    answer = await rig.client.post("/graphql", content=b"not json", headers=header)

    assert answer.status_code == 400


async def test_an_answer_carries_its_correlation(rig):
    answer = await rig.client.post("/graphql", json={"query": "{ __typename }"})

    assert answer.headers["UEM-Correlation-Id"].startswith("cor_")


async def test_the_gateway_is_ready_without_any_service(settings):
    async with (
        running(settings) as app,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://gateway.test"
        ) as client,
    ):
        await client.post("/graphql", json={"query": "{ __typename }"})
        ready = await client.get("/readyz")
        live = await client.get("/livez")
        metrics = await client.get("/metrics")

    assert (ready.status_code, live.status_code, metrics.status_code) == (200, 200, 200)
    assert "http_request_duration_seconds" in metrics.text


async def test_only_allowed_origins_may_ask_from_a_browser(settings):
    allowed = replace(settings, allowed_origins=("https://desk.example",))
    async with (
        running(allowed) as app,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://gateway.test"
        ) as client,
    ):
        answers = {
            origin: await client.options(
                "/graphql",
                headers={"Origin": origin, "Access-Control-Request-Method": "POST"},
            )
            for origin in ("https://desk.example", "https://elsewhere.example")
        }

    header = "access-control-allow-origin"
    assert answers["https://desk.example"].headers[header] == "https://desk.example"
    assert header not in answers["https://elsewhere.example"].headers


async def test_introspection_can_be_closed(settings, officer):
    async with (
        running(replace(settings, introspection=False)) as app,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://gateway.test"
        ) as client,
    ):
        answer = await client.post(
            "/graphql",
            json={"query": "{ __schema { queryType { name } } }"},
            headers={"Authorization": f"Bearer {officer}"},
        )

    assert "introspection" in answer.json()["errors"][0]["message"].lower()


def test_a_gateway_that_lacks_settings_says_all_that_is_missing():
    with pytest.raises(SettingsError) as refused:
        gateway_settings.read({"UEM_ORG_URL": "http://127.0.0.1:1"})

    for name in ("PLANS_URL", "GUARANTEE_URL", "ANALYTICS_URL", "TOKEN_ISSUER", "JWKS_FILE"):
        assert f"UEM_{name}" in str(refused.value)


def test_settings_are_read_from_the_environment(issuer):
    found = gateway_settings.read(
        COMPLETE
        | {
            "UEM_TOKEN_ISSUER": "https://issuer.test",
            "UEM_JWKS_FILE": str(issuer.jwks_file),
            "UEM_ALLOWED_ORIGINS": "https://a.example https://b.example",
            "UEM_HEARTBEAT_S": "5",
        }
    )

    assert found.urls[Service.ORG] == "http://127.0.0.1:0"
    assert found.allowed_origins == ("https://a.example", "https://b.example")
    assert (found.heartbeat_s, found.introspection) == (5, True)
