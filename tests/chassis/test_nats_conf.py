"""The generated nats.conf: who has which rights, tried against a running broker."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import nats
import nats.errors
import nats.js.errors
import pytest
from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig

from chassis import nats_conf, streams
from chassis.broker import Broker
from chassis.clock import Clock
from chassis.feed import Feed
from tests.chassis.rig import PUBLISHED, Rig, hearing, opened, rolled, shelf, until
from tests.databases import Postgres
from uem.stack import ports
from uem.stack.nats import EmbeddedNats

PASSWORDS = {name: f"{name}-pass-1" for name in ("sayer", "hearer", "other", "reader")}
HEARS = (hearing("sayer"), hearing("sayer", aggregate="shelf", state=True))
CONVERSATION = {
    "sayer": (PUBLISHED, ()),
    "hearer": ((), HEARS),
    "other": (PUBLISHED, ()),
}


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[EmbeddedNats]:
    """A broker that runs the generated configuration."""
    config = nats_conf.render(CONVERSATION, passwords=PASSWORDS, readers=["reader"])
    server = EmbeddedNats(tmp_path / "nats", ports.free(1)[0], config=config)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedNats]:
    """The same, without services: rights do not need anybody to be there."""
    config = nats_conf.render(CONVERSATION, passwords=PASSWORDS, readers=["reader"])
    folder = tmp_path_factory.mktemp("nats")
    server = EmbeddedNats(folder, ports.free(1)[0], config=config)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
async def running(postgres: Postgres, guarded: EmbeddedNats, tmp_path: Path) -> AsyncIterator[Rig]:
    """Sayer and hearer, each under its own name, started."""
    async with opened(postgres, guarded.dsn) as rig:
        for name, (published, subscriptions) in CONVERSATION.items():
            file = tmp_path / name
            file.write_text(PASSWORDS[name], encoding="utf-8")
            running = await rig.service(
                name,
                published=published,
                subscriptions=subscriptions,
                nats_user=name,
                nats_password_file=file,
            )
            running.start()
        yield rig


@asynccontextmanager
async def connected(server: EmbeddedNats, user: str) -> AsyncIterator[tuple[Client, list[str]]]:
    """Yield a bare client of that user, and what the broker refused to it."""
    refused: list[str] = []

    async def on_error(error: Exception) -> None:
        refused.append(str(error))

    client = await nats.connect(
        server.dsn,
        user=user,
        password=PASSWORDS[user],
        inbox_prefix=f"_INBOX.{user}".encode(),
        error_cb=on_error,
    )
    try:
        yield client, refused
    finally:
        await client.close()


async def test_services_say_and_hear_with_the_rights_they_have_been_given(running: Rig):
    sayer, hearer, _ = running.made

    await sayer.say(rolled(1), rolled(2, id="mar_x", mode="EXERCISE"), shelf(3))

    await until(lambda: has(hearer, 3))
    await until(lambda: all_sent(sayer))


@pytest.mark.parametrize(
    "subject",
    [
        "uem.sayer.marble.rolled.v1.41.01.05.000.mar_1",
        "uemx.sayer.marble.rolled.v1.41.01.05.000.mar_1",
        "uem.sayer.shelf.state.v1.41.01.05.000.she_1",
        "uem.other.unknown.rolled.v1.41.01.05.000.mar_1",
        "$JS.API.STREAM.DELETE.UEM_SAYER",
        "$JS.API.STREAM.PURGE.UEM_SAYER",
        "$JS.API.STREAM.UPDATE.UEM_SAYER",
        "$JS.API.STREAM.DELETE.UEM_OTHER",
        "$JS.API.CONSUMER.DELETE.UEM_SAYER.hearer-sayer-marble",
        "$JS.API.CONSUMER.MSG.NEXT.UEM_SAYER.hearer-sayer-marble",
        "$JS.API.CONSUMER.CREATE.UEM_SAYER.other-sayer-marble.uem.sayer.marble.>",
        "$JS.ACK.UEM_SAYER.hearer-sayer-marble.1.1.1.1.0",
        "_INBOX.sayer.x",
    ],
)
async def test_a_service_says_only_its_own_and_touches_nobody_elses(
    idle: EmbeddedNats, subject: str
):
    async with connected(idle, "other") as (client, refused):
        await client.publish(subject, b"{}")
        await client.flush()

        await until(lambda: told(refused))

    assert "permissions violation for publish" in refused[0].lower()


@pytest.mark.parametrize("subject", ["uem.>", "uem.sayer.>", "_INBOX.sayer.>", "$JS.API.>", ">"])
async def test_a_service_overhears_nothing(idle: EmbeddedNats, subject: str):
    async with connected(idle, "other") as (client, refused):
        await client.subscribe(subject)
        await client.flush()

        await until(lambda: told(refused))

    assert "permissions violation for subscription" in refused[0].lower()


async def test_a_service_cannot_widen_what_it_hears(guarded: EmbeddedNats, running: Rig):
    sayer, hearer, _ = running.made
    await sayer.say(rolled(1))
    await until(lambda: has(hearer, 1))
    wider = ConsumerConfig(
        name="hearer-sayer-marble",
        durable_name="hearer-sayer-marble",
        ack_policy=AckPolicy.EXPLICIT,
        filter_subject="uem.sayer.>",
    )

    async with connected(guarded, "hearer") as (client, refused):
        with pytest.raises(nats.errors.TimeoutError):  # a refused request gets no answer
            await client.jetstream().add_consumer("UEM_SAYER", wider, timeout=1)

    assert "permissions violation for publish" in refused[0].lower()


async def test_a_wrong_password_opens_nothing(idle: EmbeddedNats, caplog: pytest.LogCaptureFixture):
    broker = Broker("sayer", url=idle.dsn, user="sayer", password=PASSWORDS["other"])
    await broker.start()

    await until(lambda: told(caplog.messages))

    assert caplog.messages[0] == "broker.error"
    assert not broker.is_connected
    await broker.stop()


async def test_a_reader_follows_every_stream_but_touches_no_services_consumer(
    guarded: EmbeddedNats, running: Rig
):
    sayer, hearer, _ = running.made
    await sayer.say(rolled(1))
    await until(lambda: has(hearer, 1))

    async with AsyncExitStack() as stack:
        broker = Broker("reader", url=guarded.dsn, user="reader", password=PASSWORDS["reader"])
        await broker.start()
        stack.push_async_callback(broker.stop)
        feed = Feed(broker, Clock())
        following = feed.follow("UEM_SAYER", subjects=["uem.sayer.>"])
        first = asyncio.create_task(anext(following))
        await until(lambda: has_consumer(sayer, "UEM_SAYER", count=2))
        await sayer.say(rolled(2))
        assert (await first).envelope.version == 2
        await following.aclose()

        client, refused = await stack.enter_async_context(connected(guarded, "reader"))
        for subject in (
            "$JS.API.CONSUMER.DELETE.UEM_SAYER.hearer-sayer-marble",
            "$JS.API.CONSUMER.CREATE.UEM_SAYER.hearer-sayer-marble.uem.sayer.order.>",
            "$JS.API.CONSUMER.MSG.NEXT.UEM_SAYER.hearer-sayer-marble",
            "uem.sayer.marble.rolled.v1.41.01.05.000.mar_1",
        ):
            refused.clear()
            await client.publish(subject, b"{}")
            await until(lambda: told(refused))


def test_every_user_needs_a_password():
    with pytest.raises(KeyError, match="hearer"):
        nats_conf.render(CONVERSATION, passwords={"sayer": "x"})


def test_every_write_is_synced_and_the_same_declarations_give_the_same_text():
    text = nats_conf.render(CONVERSATION, passwords=PASSWORDS, store_dir="/data", port=4222)

    assert "sync_interval: always" in text
    assert text == nats_conf.render(CONVERSATION, passwords=PASSWORDS, store_dir="/data", port=4222)
    assert {s.name for s in streams.owned("sayer", PUBLISHED)} == {
        "UEM_SAYER",
        "UEMX_SAYER",
        "UEM_SAYER_STATE",
    }


async def has_consumer(sayer, stream, *, count):
    js = await sayer.runtime.broker.ready()
    return (await js.stream_info(stream)).state.consumer_count >= count


async def told(refused):
    return bool(refused)


async def has(hearer, count):
    return len(await hearer.effects()) >= count


async def all_sent(sayer):
    return await sayer.unsent() == 0
