"""Two issuers that call somebody the same name speak of two people, wherever a name is a key."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from chassis import rates
from chassis.auth import Verifier
from chassis.clock import Clock
from chassis.issuers import Issuer as Trusted
from tests.harness import Harness
from tests.security.districts import CITY, HERE, settle
from tests.tokens import AUDIENCE, Issuer

HOSPITAL = "https://hospital.test"
ORGANIZATION = {"nameZh": "办", "nameEn": "Office", "kind": "DEPARTMENT", "jurisdiction": HERE}


class Twins:
    """One name, borne by somebody of the city and by somebody of the hospital."""

    def __init__(self, org: Harness, city: Issuer, hospital: Issuer) -> None:
        self.org = org
        self.city, self.hospital = city, hospital

    @asynccontextmanager
    async def clients(
        self, *roles: str
    ) -> AsyncIterator[tuple[httpx.AsyncClient, httpx.AsyncClient]]:
        about: dict[str, Any] = {"subject": "wang", "roles": roles, "areas": [HERE]}
        async with self.org.anonymous() as one, self.org.anonymous() as other:
            one.headers["Authorization"] = f"Bearer {self.city.token(**about)}"
            token = self.hospital.token(**about, iss=HOSPITAL)
            other.headers["Authorization"] = f"Bearer {token}"
            yield one, other


@pytest.fixture
async def twins(harness: Any, issuer: Issuer, tmp_path: Path) -> Twins:
    org: Harness = await harness("org")
    await settle(org)
    hospital = Issuer.make(tmp_path)
    trusted = Trusted(name=HOSPITAL, jwks_file=hospital.jwks_file, realm="hospital")
    org.app.state.verifier = Verifier([issuer.trusted, trusted], audience=AUDIENCE, clock=Clock())
    return Twins(org, issuer, hospital)


async def test_a_key_of_one_is_no_key_of_the_other(twins: Twins):
    key = {"Idempotency-Key": "key-1"}
    async with twins.clients("operator") as (one, other):
        first = await one.put("/v1/organizations/org_a", json=ORGANIZATION, headers=key)
        second = await other.put("/v1/organizations/org_b", json=ORGANIZATION, headers=key)

    assert [first.status_code, second.status_code] == [200, 200]
    assert [first.json()["id"], second.json()["id"]] == ["org_a", "org_b"]


async def test_what_is_given_to_one_is_not_given_to_the_other(twins: Twins):
    given = {
        "subject": "wang@hospital",
        "role": "operator",
        "area": HERE,
        "validTo": "2026-06-02T00:00:00Z",
        "reason": "night shift",
    }
    async with twins.org.client(subject="chief", roles=["operator"], areas=[CITY]) as chief:
        assert (await chief.post("/v1/grants", json=given)).status_code == 201
    async with twins.clients("viewer") as (one, other):
        answers = [
            await client.put("/v1/organizations/org_a", json=ORGANIZATION)
            for client in (one, other)
        ]

    assert [answer.status_code for answer in answers] == [403, 200]


@pytest.mark.parametrize(
    ("disabled", "left"), [("wang", [401, 200]), ("wang@hospital", [200, 401])]
)
async def test_the_account_of_one_is_disabled_and_the_others_stands(
    twins: Twins, disabled: str, left: list[int]
):
    async with twins.org.client(subject="chief", roles=["operator"]) as chief:
        done = await chief.post(f"/v1/accounts/{disabled}/disable", json={"reason": "stolen"})
        assert done.status_code == 200, done.text
    async with twins.clients("viewer") as (one, other):
        answers = [await client.get("/v1/organizations") for client in (one, other)]

    assert [answer.status_code for answer in answers] == left


async def test_neither_is_answered_for_what_the_other_asks(twins: Twins):
    verifier: Verifier = twins.org.app.state.verifier
    async with twins.clients("viewer") as clients:
        callers = [await verifier.caller(one.headers["Authorization"]) for one in clients]

    assert [one.subject for one in callers] == ["wang", "wang@hospital"]
    assert len({rates.name_of(one, "203.0.113.1") for one in callers}) == 2


async def test_who_did_it_is_told_apart_in_the_audit(twins: Twins):
    async with twins.clients("operator") as clients:
        for index, client in enumerate(clients):
            await client.put(f"/v1/organizations/org_{index}", json=ORGANIZATION)
    async with twins.org.client(roles=["operator"]) as operator:
        found = await operator.get("/v1/operator/audit/records", params={"first": 2})

    assert {one["subject"] for one in found.json()["nodes"]} == {"wang", "wang@hospital"}
