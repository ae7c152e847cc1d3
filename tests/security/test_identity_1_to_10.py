"""Abuse cases 1-10 of reliability.md §3.6: who is believed, at a service and at the gateway."""

import base64
import hmac
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from chassis.auth import Verifier
from chassis.clock import Clock
from contracts.org import v1 as org
from tests.security.conftest import Doors
from tests.tokens import AUDIENCE, ISSUER, KEY_ID, Issuer

REFUSED = {"service": 401, "gateway": 401}
BELIEVED = {"service": 200, "gateway": 200}
LATER, BEFORE = timedelta(minutes=10), timedelta(minutes=-10)


def bearer(token: str) -> str:
    return f"Bearer {token}"


def officer(issuer: Issuer, **about: Any) -> str:
    return bearer(issuer.token(**{"roles": ["duty_officer"], "areas": ["410100"]} | about))


def part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def claims() -> dict[str, Any]:
    now = Clock().wall().timestamp()
    about = {"iss": ISSUER, "aud": AUDIENCE, "sub": "mallory", "roles": ["operator"]}
    return about | {"iat": now, "exp": now + 300}


async def test_a_token_in_order_is_believed_at_both_doors(doors: Doors, issuer: Issuer):
    assert await doors.ask(officer(issuer)) == BELIEVED


async def test_01_without_a_token_nothing_is_told(doors: Doors):
    assert await doors.ask(None) == REFUSED
    assert await doors.ask("Basic dXNlcjpwYXNz") == REFUSED


async def test_02_an_unsigned_token_is_refused(doors: Doors):
    header = part({"alg": "none", "typ": "at+jwt", "kid": KEY_ID})

    assert await doors.ask(f"Bearer {header}.{part(claims())}.") == REFUSED


async def test_03_a_public_rsa_key_is_no_secret_to_sign_with(
    doors: Doors, issuer: Issuer, tmp_path: Path
):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    shown = json.loads(RSAAlgorithm.to_jwk(key.public_key())) | {"kid": "rsa", "alg": "RS256"}
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps({"keys": [shown]}))
    trusted = Issuer(issuer.key, file).trusted
    verifier = Verifier([trusted], audience=AUDIENCE, clock=Clock())
    headers = {"kid": "rsa", "typ": "at+jwt"}
    genuine = jwt.encode(claims(), key, algorithm="RS256", headers=headers)
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    signed = f"{part(headers | {'alg': 'HS256'})}.{part(claims())}"
    mac = hmac.digest(public, signed.encode(), "sha256")
    forged = f"{signed}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"

    with doors.trusting(verifier):
        assert await doors.ask(bearer(genuine)) == BELIEVED
        assert await doors.ask(bearer(forged)) == REFUSED


@pytest.mark.parametrize(
    "times", [{"exp": BEFORE}, {"nbf": LATER}, {"iat": LATER, "exp": 2 * LATER}, {"exp": 2 * LATER}]
)
async def test_04_a_token_out_of_its_time_or_for_too_long_is_refused(
    doors: Doors, issuer: Issuer, times: dict[str, timedelta]
):
    now = Clock().wall()

    found = await doors.ask(officer(issuer, **{name: now + by for name, by in times.items()}))

    assert found == REFUSED


@pytest.mark.parametrize(
    "about", [{"aud": "another"}, {"iss": "https://somebody.else"}, {"iss": f"{ISSUER}/"}]
)
async def test_05_a_token_for_or_from_somebody_else_is_refused(
    doors: Doors, issuer: Issuer, about: dict[str, str]
):
    assert await doors.ask(officer(issuer, **about)) == REFUSED


@pytest.mark.parametrize("kind", ["JWT", None])
async def test_06_an_id_token_is_refused(doors: Doors, issuer: Issuer, kind: str | None):
    assert await doors.ask(officer(issuer, headers={"typ": kind})) == REFUSED


@pytest.mark.parametrize("kid", ["../../etc/passwd", "' OR 1=1 --", "a" * 2000, "", "\u0000"])
async def test_07_a_key_id_is_only_looked_up(doors: Doors, issuer: Issuer, kid: str):
    assert await doors.ask(officer(issuer, headers={"kid": kid})) == REFUSED


async def test_07_a_flood_of_unknown_key_ids_is_one_look_at_the_keys(
    doors: Doors, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
):
    read = type(issuer.jwks_file).read_bytes
    looks: list[str] = []

    def counted(path: Any) -> bytes:
        looks.append(str(path))
        return read(path)

    monkeypatch.setattr(type(issuer.jwks_file), "read_bytes", counted)
    for number in range(20):
        token = officer(issuer, headers={"kid": f"unknown-{number}"})
        assert await doors.ask(token) == REFUSED

    assert looks.count(str(issuer.jwks_file)) <= 2  # one for each door


@pytest.mark.parametrize("hint", ["jku", "x5u"])
async def test_08_where_a_token_says_its_key_lies_is_not_looked_at(
    doors: Doors, issuer: Issuer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hint: str
):
    async def fetched(*_: object, **__: object) -> None:
        raise AssertionError("something was fetched")

    monkeypatch.setattr("chassis.keys._fetched", fetched)
    stranger = Issuer.make(tmp_path)
    place = {hint: "https://attacker.test/jwks"}

    assert await doors.ask(officer(stranger, headers=place)) == REFUSED
    assert await doors.ask(officer(issuer, headers=place)) == BELIEVED


async def test_08_a_key_that_a_token_brings_is_not_believed(
    doors: Doors, issuer: Issuer, tmp_path: Path
):
    stranger = Issuer.make(tmp_path)
    (brought,) = json.loads(stranger.jwks_file.read_text())["keys"]

    assert await doors.ask(officer(stranger, headers={"jwk": brought})) == REFUSED
    assert await doors.ask(officer(issuer, headers={"jwk": brought})) == BELIEVED


@pytest.mark.parametrize("name", ["plans", "guarantee"])
async def test_09_a_disabled_account_is_refused_everywhere_once_org_has_said_so(
    harness: Any, name: str
):
    service = await harness(name)
    path = {"plans": "/v1/plans", "guarantee": "/v1/resources"}[name]
    account: dict[str, Any] = {"id": "acc_1", "subject": "mallory"}
    about = {"service": "org", "aggregate": "account", "event": "state", "area": "000000"}
    async with service.client(subject="mallory", areas=["410100"]) as client:
        assert (await client.get(path)).status_code == 200

        disabled = org.Account(**account, disabled_since=service.clock.now())
        await service.deliver(org.AccountState(account=disabled), **about, id="acc_1")
        refused = await client.get(path)
        assert (refused.status_code, refused.json()["slug"]) == (401, "account-disabled")

        await service.deliver(org.AccountState(account=org.Account(**account)), **about, id="acc_1")
        assert (await client.get(path)).status_code == 200


async def test_10_headers_that_name_a_user_are_not_looked_at(doors: Doors, issuer: Issuer):
    spoofed = {"X_User": "operator", "X_Forwarded_For": "127.0.0.1", "X_Roles": "operator"}

    assert await doors.ask(None, **spoofed) == REFUSED
    async with doors.service.client(subject="ali", roles=["viewer"], areas=["410100"]) as client:
        refused = await client.get("/v1/operator/quarantine", headers={"X-Roles": "operator"})
    assert refused.status_code == 403
