"""A flood of invalid tokens costs its address a budget, and nobody the verification of signatures."""

from typing import Any

import httpx
import jwt
import pytest

from chassis import rates
from chassis.rates import Rate
from tests.harness import Harness
from tests.tokens import Issuer

HERE, ELSEWHERE = "203.0.113.7", "203.0.113.8"
BUDGET = 5


@pytest.fixture
def proofs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every token whose signature was looked at."""
    looked_at: list[str] = []
    decode = jwt.decode

    def note(token: str, *args: Any, **kwargs: Any) -> Any:
        looked_at.append(token)
        return decode(token, *args, **kwargs)

    monkeypatch.setattr(jwt, "decode", note)
    monkeypatch.setattr(rates, "INVALID_TOKENS", Rate(0.001, BUDGET))
    return looked_at


def forged(issuer: Issuer, number: int) -> str:
    token = issuer.token(subject=f"eve-{number}", roles=["viewer"])
    head, _, signature = token.rpartition(".")
    return f"{head}.{signature[:-4]}AAAA"


async def ask(org: Harness, token: str, address: str) -> httpx.Response:
    transport = httpx.ASGITransport(org.app, client=(address, 5000))
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        return await client.get("/v1/organizations", headers={"Authorization": f"Bearer {token}"})


async def test_beyond_its_budget_an_address_has_no_signature_verified(
    harness: Any, issuer: Issuer, proofs: list[str]
):
    org: Harness = await harness("org")
    known = issuer.token(subject="li", roles=["viewer"])
    assert (await ask(org, known, HERE)).status_code == 200
    proofs.clear()

    flood = [await ask(org, forged(issuer, number), HERE) for number in range(4 * BUDGET)]
    fresh = await ask(org, issuer.token(subject="wang", roles=["viewer"]), HERE)

    assert [one.status_code for one in flood[:BUDGET]] == [401] * BUDGET
    assert {one.status_code for one in flood[BUDGET:]} == {429}
    assert int(flood[-1].headers["Retry-After"]) > 60
    assert len(proofs) == BUDGET  # each invalid one once, and none for nothing
    assert fresh.status_code == 429
    # whoever was known is served, and other addresses are
    assert (await ask(org, known, HERE)).status_code == 200
    new = issuer.token(subject="zhou", roles=["viewer"])
    assert (await ask(org, new, ELSEWHERE)).status_code == 200


async def test_tokens_that_hold_cost_an_address_nothing(
    harness: Any, issuer: Issuer, proofs: list[str]
):
    org: Harness = await harness("org")
    people = [issuer.token(subject=f"p-{n}", roles=["viewer"]) for n in range(3 * BUDGET)]

    answers = [await ask(org, token, "203.0.113.9") for token in people]

    assert {one.status_code for one in answers} == {200}
    assert len(proofs) == len(people)
