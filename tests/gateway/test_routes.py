"""The routed paths of the public edge: passed on as they came, to the service that answers them."""

from tests.gateway.conftest import Rig
from tests.gateway.fakes import problem

CAP = "application/cap+xml"


async def test_a_cap_message_reaches_guarantee_as_it_was_sent(rig: Rig):
    rig.guarantee.commands["/v1/cap"] = (200, {"id": "sig_1"})

    answer = await rig.client.post(
        "/cap?note=1",
        content="<alert/>",
        headers={
            "Authorization": f"Bearer {rig.token}",
            "Content-Type": CAP,
            "X-Forwarded-For": "10.0.0.1",
            "UEM-Correlation-Id": "cor_mine",
        },
    )

    assert (answer.status_code, answer.json()) == (200, {"id": "sig_1"})
    (asked,) = rig.guarantee.asked
    assert (asked.method, asked.path, asked.body) == ("POST", "/v1/cap", "<alert/>")
    assert asked.query == {"note": "1"}
    assert asked.headers["Authorization"] == f"Bearer {rig.token}"
    assert asked.headers["Content-Type"] == CAP
    assert asked.headers["UEM-Correlation-Id"] == answer.headers["UEM-Correlation-Id"] == "cor_mine"
    assert "traceparent" in {name.lower() for name in asked.headers}
    assert "X-Forwarded-For" not in asked.headers


async def test_what_the_service_refuses_it_refuses_itself(rig: Rig):
    rig.analytics.commands["/v1/observations"] = problem(401, "unauthenticated", detail="no token")

    answer = await rig.client.post(
        "/observations", content="{}\n", headers={"Content-Type": "application/x-ndjson"}
    )

    assert (answer.status_code, answer.json()["slug"]) == (401, "unauthenticated")
    assert "Authorization" not in rig.analytics.asked[0].headers


async def test_a_token_that_is_not_believed_goes_no_further(rig: Rig):
    answer = await rig.client.post(
        "/cap",
        content="<alert/>",
        headers={"Authorization": f"Bearer {rig.token[:-4]}AAAA", "Content-Type": CAP},
    )

    assert (answer.status_code, answer.json()["slug"]) == (401, "unauthenticated")
    assert rig.guarantee.asked == []


async def test_a_service_that_is_away_is_said_with_what_to_do(rig: Rig):
    await rig.guarantee.stop()

    answer = await rig.client.post("/cap", content="<alert/>", headers={"Content-Type": CAP})

    assert (answer.status_code, answer.json()["slug"]) == (503, "service-unavailable")
    assert answer.json()["remedy"] == "Send it again: what was taken already is answered alike."
    assert "127.0.0.1" not in answer.text


async def test_a_body_beyond_what_the_service_takes_does_not_reach_it(rig: Rig):
    answer = await rig.client.post(
        "/cap", content=b"x" * (512 * 1024 + 1), headers={"Content-Type": CAP}
    )

    assert answer.status_code == 413
    assert rig.guarantee.asked == []


async def test_nothing_else_of_a_service_is_reached_from_outside(rig: Rig):
    for path in ("/v1/cap", "/v1/signals", "/v1/operator/outbox", "/openapi.json", "/cap/"):
        assert (await rig.client.post(path, json={})).status_code in {404, 405, 307}
    assert (await rig.client.get("/cap")).status_code == 405
    assert all(service.asked == [] for service in rig.services.values())


async def test_the_public_feed_is_read_without_a_token_and_asked_for_by_its_tag(rig: Rig):
    rig.guarantee.reads["/v1/public/bulletins"] = [{"id": "bul_1"}]

    answer = await rig.client.get(
        "/public/bulletins?jurisdiction=410100", headers={"If-None-Match": '"seen"'}
    )

    assert (answer.status_code, answer.json()) == (200, [{"id": "bul_1"}])
    (asked,) = rig.guarantee.asked
    assert asked.query == {"jurisdiction": "410100"}
    assert asked.headers["If-None-Match"] == '"seen"'
    assert "Authorization" not in asked.headers
