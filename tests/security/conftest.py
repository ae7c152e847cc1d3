"""Fixtures of the abuse cases."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import pytest
from fastapi import FastAPI

from chassis.auth import Verifier
from gateway.app import create_app
from gateway.errors import Service
from gateway.settings import Settings
from gateway.upstream import Deadlines
from tests.chassis.rig import Rig, opened
from tests.databases import Postgres
from tests.harness import Harness
from tests.tokens import Issuer


@pytest.fixture
async def rig(postgres: Postgres, nats_url: str) -> AsyncIterator[Rig]:
    """Services about nothing on the session's broker."""
    async with opened(postgres, nats_url, shares_broker=True) as rig:
        yield rig


READ = '{ jurisdiction(code: "410100") { code } }'


@dataclass(slots=True)
class Doors:
    """A service and the gateway, each asked over HTTP with whatever stands for a token."""

    service: Harness
    gateway: FastAPI

    @contextmanager
    def trusting(self, verifier: Verifier) -> Iterator[None]:
        """Have both believe what another verifier believes, for a while."""
        state, endpoint = self.service.app.state, self.gateway.state.endpoint
        before = state.verifier, endpoint.verifier
        state.verifier = endpoint.verifier = verifier
        try:
            yield
        finally:
            state.verifier, endpoint.verifier = before

    async def ask(self, authorization: str | None, **headers: str) -> dict[str, int]:
        """Return the status with which each answers."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if authorization is not None:
            given["Authorization"] = authorization
        async with self.service.anonymous() as client:
            read = await client.get("/v1/organizations", headers=given)
        transport = httpx.ASGITransport(self.gateway)
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
            asked = await client.post("/graphql", json={"query": READ}, headers=given)
        codes = [one["extensions"].get("code") for one in asked.json().get("errors") or []]
        unknown = asked.status_code == 401 or codes == ["UNAUTHENTICATED"]
        return {"service": read.status_code, "gateway": 401 if unknown else asked.status_code}


@pytest.fixture(scope="module")
async def doors(postgres: Postgres, issuer: Issuer) -> AsyncIterator[Doors]:
    """The organization system and a gateway that trust the tests' issuer."""
    settings = Settings(
        urls={service: "http://127.0.0.1:1" for service in Service},
        issuers=(issuer.trusted,),
        deadlines=Deadlines(connect_s=0.2, read_s=0.2, command_s=0.2),
    )
    app = create_app(settings)
    async with (
        app.router.lifespan_context(app),
        Harness.open("org", postgres, issuer) as service,
    ):
        yield Doors(service, app)
