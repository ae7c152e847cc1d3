"""Abuse cases 33 to 37 and 39 by number: what a body may hold, and what becomes of it."""

import asyncio
import gzip
import json

import pytest

from chassis import guard, limits
from tests.services.guarantee import messages
from tests.services.org import city

JSON = {"Content-Type": "application/json"}
CAP = {"Content-Type": "application/cap+xml"}
REPORT = {
    "source": "12345",
    "jurisdiction": "410100",
    "text": "water",
    "observedAt": "2026-06-01T08:00:00Z",
}
LAUGHS = (
    '<!DOCTYPE a [<!ENTITY l0 "ha">'
    + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    + "]><alert>&l9;</alert>"
)
EXTERNAL = '<!DOCTYPE a [<!ENTITY x SYSTEM "%s">]><alert>&x;</alert>'


@pytest.fixture
async def org(harness):
    opened = await harness("org")
    await city.settle(opened)
    return opened


@pytest.fixture
async def officer(org):
    async with org.client(roles=["duty_officer"], org=city.OFFICE, areas=["410100"]) as client:
        yield client


@pytest.fixture
async def agency(harness):
    opened = await harness("guarantee")
    async with opened.client(roles=["agency"], org=messages.SENDER) as client:
        yield client


@pytest.mark.parametrize(
    "document",
    [
        LAUGHS,
        EXTERNAL % "file://FILE",
        EXTERNAL % "http://127.0.0.1:PORT/x",
        "<a>" * 60_000 + "</a>" * 60_000,
        "<alert" + " ".join(f' a{n}=""' for n in range(20_000)) + "/>",
        "<alert>\x00</alert>",
        "",
    ],
    ids=["laughs", "file", "http", "nested", "attributes", "nul", "empty"],
)
async def test_33_xml_that_grows_fetches_or_nests(agency, document, tmp_path):
    fetched = []
    (tmp_path / "secret").write_text("canary-33")
    server = await asyncio.start_server(lambda *_: fetched.append(1), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    aimed = document.replace("PORT", str(port)).replace("FILE", str(tmp_path / "secret"))
    async with server:
        answer = await agency.post("/v1/cap", content=aimed, headers=CAP)

    assert 400 <= answer.status_code < 500
    assert fetched == []
    assert "canary-33" not in answer.text


async def test_33_xml_of_two_hundred_thousand_levels_is_too_large(agency):
    nested = "<a>" * 200_000 + "</a>" * 200_000
    answer = await agency.post("/v1/cap", content=nested, headers=CAP)

    assert (answer.status_code, answer.json()["slug"]) == (413, "too-large")


async def test_34_fifty_mebibytes(officer):
    async def endless():
        for _ in range(50):
            yield b" " * 1024 * 1024

    answer = await officer.post("/v1/reports", content=endless(), headers=JSON)

    assert (answer.status_code, answer.json()["slug"]) == (413, "too-large")
    assert answer.headers["Connection"] == "close"


async def test_34_a_body_that_never_ends(officer, monkeypatch):
    async def prompt(scope, receive, *, limit):
        return await limits.body_of(scope, receive, limit=limit, within_s=0.05)

    async def slow():
        yield b"{"
        await asyncio.get_running_loop().create_future()

    monkeypatch.setattr(guard, "body_of", prompt)
    answer = await officer.post("/v1/reports", content=slow(), headers=JSON)

    assert (answer.status_code, answer.json()["slug"]) == (408, "request-timeout")


async def test_35_a_bomb_of_gzip(officer):
    bomb = gzip.compress(b" " * 50_000_000)
    answer = await officer.post(
        "/v1/reports", content=bomb, headers={**JSON, "Content-Encoding": "gzip"}
    )

    assert (answer.status_code, answer.json()["slug"]) == (413, "too-large")


async def test_35_what_is_packed_as_it_should_be_is_taken(officer):
    packed = gzip.compress(json.dumps(REPORT).encode())
    answer = await officer.post(
        "/v1/reports", content=packed, headers={**JSON, "Content-Encoding": "gzip"}
    )

    assert (answer.status_code, answer.json()["text"]) == (201, "water")


@pytest.mark.parametrize(
    "hostile",
    [
        r'"a\u0000b"',
        r'"\ud800"',
        r'"\udfff\ud800"',
        "1" + "0" * 400,
        "1e999",
        "NaN",
        "-Infinity",
        "9223372036854775808",
        "[" * 100 + "]" * 100,
    ],
)
@pytest.mark.parametrize("member", ["text", "place", "expectedVersion", "unknown"])
async def test_36_what_cannot_be_stored(officer, member, hostile):
    body = json.dumps({**REPORT, member: "HERE"}).replace('"HERE"', hostile)
    answer = await officer.post("/v1/reports", content=body.encode(), headers=JSON)

    assert (answer.status_code, answer.json()["slug"]) == (422, "invalid-input")


@pytest.mark.parametrize(
    "path",
    [
        "/v1/reports?first=9223372036854775808",
        "/v1/reports?first=" + "1" * 400,
        "/v1/reports?first=NaN",
        "/v1/reports?after=%00",
        "/v1/reports?after=" + "A" * 4000,
        "/v1/reports/%00",
        "/v1/reports?jurisdiction=%00",
        "/v1/reports/%ED%A0%80",
    ],
)
async def test_36_nor_in_an_address(officer, path):
    answer = await officer.get(path)

    assert answer.status_code in (404, 422)


HOSTILE_TEXT = [
    "'; DROP TABLE report; --",
    "%' OR '1'='1",
    "$.** ? (@ == 1)",
    "\\%_",
    "{{7*7}}${jndi:ldap://x}",
]


@pytest.mark.parametrize("text", HOSTILE_TEXT)
async def test_37_what_means_something_to_a_database_is_only_text(officer, text):
    kept = await officer.post("/v1/reports", json=REPORT | {"text": text})
    found = await officer.get("/v1/incidents", params={"text": text})
    shown = await officer.get(f"/v1/reports/{kept.json()['id']}")

    assert shown.json()["text"] == text
    assert (found.status_code, found.json()["nodes"]) == (200, [])


async def test_39_script_and_bidi_and_line_ends_are_kept_as_text(officer, capfd):
    text = "<script>alert(1)</script> \u202egnp.exe\u2069 a\r\nlevel=error forged"
    kept = await officer.post("/v1/reports", json=REPORT | {"text": text})
    shown = await officer.get(f"/v1/reports/{kept.json()['id']}")
    await officer.get("/v1/reports/x%0D%0Alevel%3Derror%20forged")

    assert shown.json()["text"] == text
    assert shown.headers["Content-Type"].startswith("application/json")
    assert not any(line.startswith("level=error") for line in capfd.readouterr().err.splitlines())
