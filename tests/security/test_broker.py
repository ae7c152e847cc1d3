"""Abuse cases 41-46 of reliability.md §3.6: the broker and what consumers take from it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace

import nats
import nats.errors
import nats.js.errors
import pytest
from nats.aio.client import Client
from nats.js.api import ConsumerInfo

from chassis import logging, nats_conf, partners, telemetry
from chassis.clock import Clock
from chassis.partners import Partner
from tests.chassis.rig import PUBLISHED, Rig, Running, deliveries, hear, opened, rolled, until
from tests.databases import Postgres
from uem.stack import broker, ports
from uem.stack.nats import EmbeddedNats
from uem.stack.programs import APPLICATIONS

HOSPITAL = Partner(
    name="hospital",
    stream="UEM_SAYER",
    durable="hospital",
    filters=("uem.sayer.marble.rolled.v1.41.>", "uem.sayer.marble.stopped.v1.41.>"),
)
METRO = Partner(
    name="metro", stream="UEM_SAYER", durable="metro", filters=("uem.sayer.marble.rolled.v1.42.>",)
)
PARTNERS = (HOSPITAL, METRO)
USERS = ("sayer", "provisioner", HOSPITAL.user, METRO.user)
PASSWORDS = {name: f"{name}-9f3c" for name in USERS}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedNats]:
    """A broker with two partners on the streams of a service."""
    config = nats_conf.render({"sayer": (PUBLISHED, ())}, passwords=PASSWORDS, partners=PARTNERS)
    server = EmbeddedNats(tmp_path_factory.mktemp("nats"), ports.free(1)[0], config=config)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def stack_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedNats]:
    """A broker with the configuration that the embedded stack gives it."""
    packages = {one.name: one.package for one in APPLICATIONS}
    config = broker.config(packages, {name: f"{name}-9f3c" for name in packages})
    server = EmbeddedNats(tmp_path_factory.mktemp("nats"), ports.free(1)[0], config=config)
    server.start()
    yield server
    server.stop()


@asynccontextmanager
async def signed_in(server: EmbeddedNats, user: str) -> AsyncIterator[tuple[Client, list[str]]]:
    """Yield a client of the user, and what the broker refused to it."""
    refused: list[str] = []

    async def on_error(error: Exception) -> None:
        refused.append(str(error).lower())

    client = await nats.connect(
        server.dsn,
        user=user,
        password=f"{user}-9f3c",
        inbox_prefix=f"_INBOX.{user}".encode(),
        error_cb=on_error,
        allow_reconnect=False,
    )
    try:
        yield client, refused
    finally:
        await client.close()


async def is_told(refused: list[str]) -> bool:
    return bool(refused)


@pytest.fixture(scope="module")
async def said(
    postgres: Postgres, shared: EmbeddedNats, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Rig]:
    """Six marbles rolled in 41, on the stream; the durables of the partners made by us."""
    password = tmp_path_factory.mktemp("said") / "password"
    password.write_text(PASSWORDS["sayer"])
    async with opened(postgres, shared.dsn) as rig:
        sayer = await rig.service(
            "sayer", published=PUBLISHED, nats_user="sayer", nats_password_file=password
        )
        sayer.start()
        await sayer.say(*(rolled(number, id=f"mar_{number}") for number in range(6)))

        async def sent() -> bool:
            return await sayer.unsent() == 0

        await until(sent)
        async with signed_in(shared, "provisioner") as (client, _):
            await partners.declare(client.jetstream(), PARTNERS)
        yield rig


async def test_a_partner_pulls_and_acknowledges_its_own_durable(said: Rig, shared: EmbeddedNats):
    async with signed_in(shared, HOSPITAL.user) as (client, refused):
        pull = await client.jetstream().pull_subscribe_bind("hospital", stream="UEM_SAYER")
        messages = await pull.fetch(3, timeout=10)
        for message in messages:
            await message.ack_sync()

    assert [message.subject.split(".")[5] for message in messages] == ["41"] * 3
    assert refused == []
    found = await durable(shared, "hospital")
    assert found.ack_floor is not None
    assert found.ack_floor.stream_seq == 3


async def durable(server: EmbeddedNats, name: str) -> ConsumerInfo:
    """Return what we see of a partner's durable."""
    async with signed_in(server, "provisioner") as (client, _):
        found: ConsumerInfo = await client.jetstream().consumer_info("UEM_SAYER", name)
    return found


@pytest.mark.parametrize(
    "subject", ["uem.>", ">", "$JS.API.>", "_INBOX.>", "_INBOX.sayer.>", "$JS.ACK.>", "$SYS.>"]
)
async def test_41_a_partner_overhears_nothing(shared: EmbeddedNats, subject: str):
    async with signed_in(shared, HOSPITAL.user) as (client, refused):
        await client.subscribe(subject)
        await client.flush()

        await until(lambda: is_told(refused))

    assert "permissions violation for subscription" in refused[0]


@pytest.mark.parametrize(
    "subject",
    [
        "uem.org.incident.declared.v1.41.01.05.000.inc_1",
        "uem.org.grant.state.v1.41.01.05.000.grt_1",
        "uem.guarantee.signal.issued.v1.41.01.05.000.sig_1",
    ],
)
async def test_42_a_service_that_says_anothers_fact_is_refused(
    stack_broker: EmbeddedNats, subject: str
):
    async with signed_in(stack_broker, "analytics") as (client, refused):
        await client.publish(subject, b"{}")
        await client.flush()

        await until(lambda: is_told(refused))

    assert "permissions violation for publish" in refused[0]


async def test_42_a_consumer_refuses_an_event_whose_source_is_not_the_subjects_owner(rig: Rig):
    sayer, hearer = await rig.pair()
    await sayer.say(rolled(1))
    (true,) = await deliveries(sayer)
    sayer.start()
    hearer.start()
    await until(lambda: has_heard(hearer, 1))
    forged = dict(true.headers) | {"ce-source": "/uem/analytics", "ce-id": "evt_forged"}
    js = await sayer.runtime.broker.ready()

    await js.publish(true.subject, true.payload, headers=forged)

    await until(hearer.quarantined)
    (held,) = await hearer.quarantined()
    assert "source '/uem/analytics' on the subject of" in held.reason
    assert len(await hearer.effects()) == 1


async def has_heard(hearer: Running, count: int) -> bool:
    return len(await hearer.effects()) == count


async def test_43_a_partner_that_never_acknowledges_holds_up_nobody_but_itself(
    said: Rig, shared: EmbeddedNats
):
    (sayer, *_) = said.made
    async with signed_in(shared, HOSPITAL.user) as (client, _):
        js = client.jetstream()
        pull = await js.pull_subscribe_bind("hospital", stream="UEM_SAYER")
        for message in await pull.fetch(1, timeout=10):
            await message.nak()
    await sayer.say(rolled(7, area="420100"))
    async with signed_in(shared, METRO.user) as (client, _):
        js = client.jetstream()
        pull = await js.pull_subscribe_bind("metro", stream="UEM_SAYER")
        (message,) = await pull.fetch(1, timeout=10)
        await message.ack_sync()

    behind, other = await durable(shared, "hospital"), await durable(shared, "metro")
    assert (behind.num_pending or 0) + (behind.num_ack_pending or 0) > 0
    assert (other.num_pending, other.num_ack_pending) == (0, 0)


@pytest.mark.parametrize(
    "subject",
    [
        "$JS.API.STREAM.DELETE.UEM_SAYER",
        "$JS.API.STREAM.PURGE.UEM_SAYER",
        "$JS.API.STREAM.INFO.UEM_SAYER",
        "$JS.API.STREAM.MSG.GET.UEM_SAYER",
        "$JS.API.CONSUMER.DELETE.UEM_SAYER.hospital",
        "$JS.API.CONSUMER.DELETE.UEM_SAYER.metro",
        "$JS.API.CONSUMER.CREATE.UEM_SAYER.hospital",
        "$JS.API.CONSUMER.MSG.NEXT.UEM_SAYER.metro",
        "$JS.API.CONSUMER.INFO.UEM_SAYER.metro",
        "$JS.API.CONSUMER.INFO.UEM_SAYER.hospital",
        "$JS.ACK.UEM_SAYER.metro.1.1.1.1.0",
        "uem.sayer.marble.rolled.v1.41.01.05.000.mar_1",
    ],
)
async def test_44_a_partner_deletes_and_touches_nothing(shared: EmbeddedNats, subject: str):
    async with signed_in(shared, HOSPITAL.user) as (client, refused):
        with pytest.raises(nats.errors.TimeoutError):  # a refused request gets no answer
            await client.request(subject, b"{}", timeout=0.3)

        await until(lambda: is_told(refused))

    assert "permissions violation for publish" in refused[0]


def heard(outcome: str) -> float:
    """How many messages came to this, by what /metrics says."""
    counted = [
        line.rpartition(" ")[2]
        for line in telemetry.prometheus_text().decode().splitlines()
        if line.startswith("consumer_heard_total{") and f'outcome="{outcome}"' in line
    ]
    return sum(map(float, counted))


def alarm(caplog: pytest.LogCaptureFixture, event: str) -> str:
    """The one line of the log that tells of this."""
    (record,) = [one for one in caplog.records if one.getMessage() == event]
    return logging.JsonFormatter("hearer", Clock()).format(record)


async def test_45_an_old_version_under_a_new_event_id_is_skipped_and_counted(
    rig: Rig, caplog: pytest.LogCaptureFixture
):
    telemetry.configure("tests", None)
    before = heard("SKIPPED")
    sayer, hearer = await rig.pair()
    await sayer.say(rolled(1), rolled(2))
    first, second = await deliveries(sayer)
    again = replace(first, headers=dict(first.headers) | {"ce-id": "evt_forged"}, stream_seq=99)

    assert await hear(hearer, first, second, again) == ["APPLIED", "APPLIED", "SKIPPED"]
    assert [number for _, number in await hearer.effects()] == [1, 2]
    assert heard("SKIPPED") == before + 1
    assert "evt_forged" in alarm(caplog, "consumer.old")


async def test_46_an_event_after_a_gap_waits_and_is_never_applied_before_the_one_missing(
    rig: Rig, caplog: pytest.LogCaptureFixture
):
    telemetry.configure("tests", None)
    caplog.set_level("INFO", logger="chassis.consumer")
    before = heard("PARKED")
    sayer, hearer = await rig.pair()
    await sayer.say(rolled(1), rolled(2), rolled(3))
    first, second, third = await deliveries(sayer)

    assert await hear(hearer, first, third) == ["APPLIED", "PARKED"]
    assert [number for _, number in await hearer.effects()] == [1]
    assert await hearer.parked() == 1
    assert heard("PARKED") == before + 1
    assert third.headers["ce-id"] in alarm(caplog, "consumer.gap")

    await hear(hearer, second)
    assert [number for _, number in await hearer.effects()] == [1, 2, 3]
    assert await hearer.parked() == 0
