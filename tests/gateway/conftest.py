"""The gateway over four fake services, asked as a frontend asks it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from gateway.app import create_app
from gateway.errors import Service
from gateway.settings import Settings
from gateway.upstream import Deadlines
from tests.gateway import world
from tests.gateway.fakes import FakeService
from tests.gateway.sockets import broker, gateway
from tests.tokens import Issuer

__all__ = ["broker", "gateway"]  # fixtures of the feeds

Json = Any
Ask = Callable[..., Awaitable[Json]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gateway answered to one document."""

    status: int
    data: Json
    errors: list[Json]

    @property
    def codes(self) -> list[str]:
        return [error.get("extensions", {}).get("code") for error in self.errors]


@dataclass(slots=True)
class Rig:
    """A running gateway, the services behind it and a duty officer's client."""

    app: FastAPI
    services: Mapping[Service, FakeService]
    client: httpx.AsyncClient
    token: str

    async def ask(self, document: str, *, anonymous: bool = False, **variables: Json) -> Answer:
        response = await self.client.post(
            "/graphql",
            json={"query": document, "variables": variables},
            headers={} if anonymous else {"Authorization": f"Bearer {self.token}"},
        )
        body = response.json()
        return Answer(response.status_code, body.get("data"), body.get("errors") or [])

    def __getattr__(self, name: str) -> FakeService:
        return self.services[Service(name.upper())]


@pytest.fixture
def officer(issuer: Issuer) -> str:
    return token_of_officer(issuer)


def token_of_officer(issuer: Issuer) -> str:
    """The token of a duty officer who may do everything that the operations do."""
    return issuer.token(
        roles=["viewer", "duty_officer", "commander"],
        org=world.FLOOD_COMMAND,
        areas=["410100"],
        posts=["duty"],
        person="per_1",
    )


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[FastAPI]:
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def settings(issuer: Issuer) -> Settings:
    return settings_of(issuer)


def settings_of(issuer: Issuer) -> Settings:
    return Settings(
        urls={service: "http://127.0.0.1:1" for service in Service},
        issuers=(issuer.trusted,),
        deadlines=Deadlines(connect_s=1.0, read_s=1.0, command_s=1.0),
    )


@pytest.fixture
async def rig(settings: Settings, officer: str) -> AsyncIterator[Rig]:
    async with rigged(settings, officer) as found:
        yield found


@asynccontextmanager
async def rigged(settings: Settings, officer: str) -> AsyncIterator[Rig]:
    services = world.services()
    urls = {service: await fake.start() for service, fake in services.items()}
    async with (
        running(replace(settings, urls=urls)) as app,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://gateway.test"
        ) as client,
    ):
        yield Rig(app, services, client, officer)
    for fake in services.values():
        await fake.stop()
