"""Fixtures that every test may use: PostgreSQL, NATS, tokens, services under test."""

import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import settings

from chassis.settings import Deployment
from tests.databases import Postgres
from tests.harness import Harness
from tests.tokens import Issuer
from uem.stack import ports
from uem.stack.nats import EmbeddedNats
from uem.stack.postgres import EmbeddedPostgres

# for make check: the same examples each time, and fewer, since coverage doubles what each one costs
# how long an example takes says more of the machine than of the code
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
settings.register_profile("check", settings.get_profile("ci"), max_examples=25)
LOOPBACK = ("127.", "::1", "localhost")
# nothing of a test outlives it, so nothing need be flushed
UNSAFE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


@pytest.fixture(scope="session", autouse=True)
def only_loopback() -> Iterator[None]:
    """No test talks to the network."""
    original = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            assert str(address[0]).startswith(LOOPBACK), f"a test connects to {address}"
        original(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        yield


@pytest.fixture(scope="session")
async def postgres(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Postgres]:
    """One embedded cluster for the session."""
    cluster = EmbeddedPostgres(
        tmp_path_factory.mktemp("postgres"), ports.free(1)[0], settings=UNSAFE
    )
    cluster.start()
    lender = Postgres(cluster.dsn)
    try:
        yield lender
    finally:
        await lender.close()
        cluster.stop()


@pytest.fixture(scope="session")
def nats_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One embedded NATS server with JetStream for the session."""
    server = EmbeddedNats(tmp_path_factory.mktemp("nats"), ports.free(1)[0])
    server.start()
    try:
        yield server.dsn
    finally:
        server.stop()


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Issuer:
    """The issuer whose tokens the services under test accept."""
    return Issuer.make(tmp_path_factory.mktemp("issuer"))


@pytest.fixture
async def harness(postgres: Postgres, issuer: Issuer) -> AsyncIterator[Callable[..., Any]]:
    """`plans = await harness("plans")`: a service by name, or an app, on an empty database."""
    async with AsyncExitStack() as stack:

        async def open_(
            service: str | FastAPI, *, deployment: Deployment = Deployment.REHEARSAL
        ) -> Harness:
            opened = Harness.open(service, postgres, issuer, deployment=deployment)
            return await stack.enter_async_context(opened)

        yield open_
