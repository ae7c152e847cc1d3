"""The appender: everything recorded is linked once, whatever fails, and anchored with the broker."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import nats
import nats.errors
import nats.js.errors
import pytest
from sqlalchemy import func, select, text

from chassis import nats_conf, telemetry
from chassis.audit import anchor, anchoring, appender, queries
from chassis.audit.appender import Appender
from chassis.audit.record import FIELDS
from chassis.audit.verifier import Fault, Finding, Verifier
from chassis.clock import Clock
from chassis.streams import AUDIT
from chassis.tables.audit import LINK, RECORD
from tests.chassis.rig import PUBLISHED, Rig, Running, until
from uem.stack import ports
from uem.stack.nats import EmbeddedNats

INSERT = RECORD.insert()
CLOCK = Clock()


def row(number: int, **about: Any) -> dict[str, Any]:
    values = {
        "id": f"aud_{number}",
        "decision_id": f"aud_{number}",
        "recorded_at": CLOCK.wall(),
        "decided_at": CLOCK.now(),
        "subject": "ali",
        "action": "fill",
        "decision": "PERMITTED",
        "policies": ["fill-jar"],
        "object_kind": "jar",
        "object_id": f"jar_{number}",
        "mode": "REAL",
        "correlation_id": "cor_1",
    }
    return values | about


async def record(service: Running, *numbers: int) -> None:
    await service.execute(INSERT.values([row(number) for number in numbers]))


async def linked(service: Running) -> list[str]:
    rows = await service.rows(LINK)
    return [one.record_id for one in sorted(rows, key=lambda one: one.position)]


@asynccontextmanager
async def appending(service: Running, *, every_s: float = 0.0) -> AsyncIterator[Appender]:
    """The service's appender and its broker, as one process of it runs them."""
    working = Appender(service.runtime, service.runtime.broker, anchor_every_s=every_s)
    await service.runtime.broker.start()
    await working.start()
    try:
        yield working
        await working.drain()
    finally:
        await working.stop()
        await service.runtime.broker.stop()


async def anchors(service: Running, url: str) -> list[anchor.Anchor]:
    """Return what the stream holds of the service, in order."""
    client = await nats.connect(url)
    js = client.jetstream()
    found: list[anchor.Anchor] = []
    seq = 0
    try:
        while True:
            message = await js.get_msg(
                AUDIT.name, subject=anchoring.subject(service.name), seq=seq + 1, next=True
            )
            seq = message.seq or 0
            found.append(msgspec.json.decode(message.data or b"", type=anchor.Anchor))
    except nats.js.errors.NotFoundError:
        return found
    finally:
        await client.close()


async def findings(service: Running, url: str, *, keys: anchor.Keys | None = None) -> list[Finding]:
    anchored = await anchors(service, url)
    async with service.runtime.reading.connect() as db:
        links = (await queries.links(db, after=0, limit=1000)).nodes
        unlinked = (await queries.unlinked(db)).nodes
    verifier = Verifier(service.name, keys or {})
    return list(verifier.verify(links, anchored, unlinked, now=CLOCK.wall()))


async def faults(service: Running, url: str) -> list[tuple[Fault, str | None]]:
    return [(found.fault, found.record_id) for found in await findings(service, url)]


async def tamper(service: Running, *statements: str) -> None:
    """Do what an owner of the database can do who switches the triggers off."""
    async with service.runtime.engine.begin() as db:
        await db.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            await db.execute(text(statement))


def at(service: Running, count: int) -> Any:
    async def are_linked() -> bool:
        return len(await service.rows(LINK)) >= count

    return are_linked


async def chained(rig: Rig, count: int) -> Running:
    """A service with so many records, linked and anchored."""
    service = await rig.service()
    async with appending(service):
        await record(service, *range(1, count + 1))
        await until(at(service, count))
    return service


async def test_what_is_recorded_is_linked_in_order_and_the_head_anchored_at_the_drain(rig: Rig):
    service = await chained(rig, 5)

    assert await linked(service) == [f"aud_{n}" for n in range(1, 6)]
    assert (await anchors(service, rig.nats_url))[-1].position == 5
    assert await findings(service, rig.nats_url) == []


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        (
            ["UPDATE audit_record SET subject = 'bo' WHERE id = 'aud_3'"],
            [(Fault.EDITED, "aud_3")],
        ),
        (["DELETE FROM audit_record WHERE id = 'aud_3'"], [(Fault.DELETED, "aud_3")]),
        (
            [
                "DELETE FROM audit_record WHERE id = 'aud_3'",
                "DELETE FROM audit_link WHERE position = 3",
            ],
            [(Fault.DELETED, None)],
        ),
        (
            [
                "UPDATE audit_link SET record_id = 'x' WHERE position = 2",
                "UPDATE audit_link SET record_id = 'aud_2' WHERE position = 4",
                "UPDATE audit_link SET record_id = 'aud_4' WHERE position = 2",
            ],
            [(Fault.REORDERED, "aud_4"), (Fault.REORDERED, "aud_2")],
        ),
        (
            [
                "DELETE FROM audit_link WHERE position > 3",
                "DELETE FROM audit_record WHERE seq > 3",
            ],
            [(Fault.TRUNCATED, None)],
        ),
    ],
    ids=["edit", "delete", "delete-with-link", "reorder", "truncate"],
)
async def test_what_an_owner_of_the_database_does_to_it_is_found_and_named(
    rig: Rig, statements: list[str], found: list[tuple[Fault, str | None]]
):
    service = await chained(rig, 5)

    await tamper(service, *statements)

    assert await faults(service, rig.nats_url) == found


async def test_a_tail_cut_off_and_grown_again_is_still_found_and_alarms(rig: Rig, caplog):
    service = await chained(rig, 5)
    await tamper(
        service,
        "DELETE FROM audit_link WHERE position > 3",
        "DELETE FROM audit_record WHERE seq > 3",
    )

    other = await rig.again(service)
    async with appending(other) as working:
        await record(other, 6, 7)
        await until(at(other, 5))
        await until(lambda: is_met(working))

    assert "audit.chain_is_not_the_anchored" in caplog.messages
    assert working.chain_ok() == 0
    assert [fault for fault, _ in await faults(service, rig.nats_url)] == [Fault.REWRITTEN]


async def is_met(working: Appender) -> bool:
    return working._met > 0


async def test_what_a_crash_left_unlinked_is_linked_by_the_next_process(rig: Rig):
    service = await rig.service()
    await record(service, 1, 2)  # and the process ended before it linked them

    async with appending(await rig.again(service)):
        await until(at(service, 2))

    assert await linked(service) == ["aud_1", "aud_2"]
    assert await findings(service, rig.nats_url) == []


async def test_a_record_whose_transaction_was_late_is_linked_later_and_not_forgotten(rig: Rig):
    service = await rig.service()
    async with appending(service):
        async with service.runtime.engine.begin() as late:
            await late.execute(INSERT.values(row(1)))
            await record(service, 2)
            await until(at(service, 1))
            assert await linked(service) == ["aud_2"]
        await until(at(service, 2))

    assert await linked(service) == ["aud_2", "aud_1"]
    assert await findings(service, rig.nats_url) == []


async def test_two_appenders_take_turns_and_the_second_takes_over(rig: Rig):
    service = await rig.service()
    other = await rig.again(service)
    async with appending(other):
        async with appending(service):
            await record(service, 1)
            await until(at(service, 1))
        await record(service, 2)
        await until(at(service, 2))

    assert await linked(service) == ["aud_1", "aud_2"]
    assert await findings(service, rig.nats_url) == []


async def test_without_their_lock_two_appenders_still_cannot_fork_the_chain(rig: Rig, monkeypatch):
    locks = iter(range(1, 100))
    service = await rig.service()
    other = await rig.again(service)
    monkeypatch.setattr(appender, "_LOCK", next(locks))
    async with appending(service):
        await record(service, 1)
        await until(at(service, 1))
        monkeypatch.setattr(appender, "_LOCK", next(locks))  # now each believes that it leads
        async with appending(other):
            for number in range(2, 12):
                await record(service, number)
            await until(at(service, 11))

    assert sorted(await linked(service)) == sorted(f"aud_{n}" for n in range(1, 12))
    assert [
        f for f in await findings(service, rig.nats_url) if f.fault is not Fault.TRUNCATED
    ] == []


async def test_records_are_linked_while_the_broker_is_away_and_anchored_when_it_is_back(
    own_rig: Rig, broker: EmbeddedNats
):
    telemetry.configure("tests", None)
    broker.stop()
    service = await own_rig.service()
    async with appending(service) as working:
        await record(service, 1)
        await until(at(service, 1))
        await until(lambda: is_behind(working))

        await asyncio.to_thread(broker.start)
        await until(lambda: is_anchored(working))

    (only,) = await anchors(service, broker.dsn)
    assert (only.position, only.count, only.signature) == (1, 1, None)
    told = telemetry.prometheus_text().decode()
    assert "audit_anchor_age_seconds" in told
    assert "audit_unlinked" in told


async def is_behind(working: Appender) -> bool:
    return working.behind_s() > 0


async def is_anchored(working: Appender) -> bool:
    return working._last is not None and working.behind_s() == 0


async def test_anchors_are_signed_follow_one_another_and_are_made_only_when_the_head_moved(
    rig: Rig, tmp_path: Path
):
    file = tmp_path / "audit.pem"
    file.write_text(anchor.new_key())
    service = await rig.service(audit_key_file=file)
    async with appending(service) as working:
        for number in (1, 2, 3):
            await record(service, number)
            await until(at(service, number))
            await until(lambda: is_anchored(working))

    found = await anchors(service, rig.nats_url)
    public = anchor.read_public_key(file)
    keys = {anchor.name_of(public): public}
    assert [one.position for one in found] == [1, 2, 3]
    assert [one.count for one in found] == [1, 1, 1]
    assert await findings(service, rig.nats_url, keys=keys) == []
    assert all(anchor.is_genuine(one, keys) for one in found)


async def test_the_head_is_anchored_once_a_minute_and_at_the_end(rig: Rig):
    service = await rig.service()
    async with appending(service, every_s=60.0) as working:
        await record(service, 1)
        await until(lambda: is_anchored(working))
        for number in (2, 3):
            await record(service, number)
            await until(at(service, number))

    assert [one.position for one in await anchors(service, rig.nats_url)] == [1, 3]


async def test_what_a_window_does_not_hold_the_next_one_does(rig: Rig, monkeypatch):
    monkeypatch.setattr(appender, "WINDOW", 3)
    monkeypatch.setattr(appender, "BATCH", 2)
    service = await rig.service()
    await record(service, *range(1, 11))

    async with appending(service):
        await until(at(service, 10))

    assert await linked(service) == [f"aud_{n}" for n in range(1, 11)]


async def test_a_running_service_appends_and_its_drain_anchors(rig: Rig):
    service = await rig.service(published=PUBLISHED)
    service.start()
    await record(service, 1)
    await until(at(service, 1))
    await record(service, 2)
    await service.stop()

    assert await linked(service) == ["aud_1", "aud_2"]
    assert (await anchors(service, rig.nats_url))[-1].position == 2


async def test_nobody_but_a_service_adds_its_head_and_nobody_takes_one_away(tmp_path: Path):
    passwords = {name: f"{name}-pass-1" for name in ("sayer", "other")}
    config = nats_conf.render({name: ((), ()) for name in passwords}, passwords=passwords)
    server = EmbeddedNats(tmp_path / "nats", ports.free(1)[0], config=config)
    server.start()
    try:
        await _try_everything(server, passwords)
    finally:
        server.stop()


async def _try_everything(server: EmbeddedNats, passwords: dict[str, str]) -> None:
    refused: list[str] = []

    async def on_error(error: Exception) -> None:
        refused.append(str(error).lower())

    clients = {
        name: await nats.connect(
            server.dsn,
            user=name,
            password=password,
            inbox_prefix=f"_INBOX.{name}".encode(),
            error_cb=on_error,
        )
        for name, password in passwords.items()
    }
    head = anchor.Anchor(service="sayer", position=1, hash="00" * 32, count=1, at=CLOCK.wall())
    sayer, other = (clients[name].jetstream(timeout=1) for name in ("sayer", "other"))
    await anchoring.declare(sayer, replicas=1)
    await anchoring.declare(other, replicas=1)
    seq = await anchoring.add(sayer, head, after=0)
    with pytest.raises(nats.js.errors.BadRequestError):  # another leader was faster
        await anchoring.add(sayer, head, after=0)
    assert await anchoring.last(sayer, "sayer") == anchoring.Stored(seq, head)

    for subject in (
        "uem.audit.head.sayer",
        *(
            f"$JS.API.STREAM.{verb}.{AUDIT.name}"
            for verb in ("PURGE", "DELETE", "UPDATE", "MSG.DELETE")
        ),
    ):
        refused.clear()
        await clients["other"].publish(subject, b"{}")
        await clients["other"].flush()

        async def was_refused() -> bool:
            return bool(refused)

        await until(was_refused)
        assert "permissions violation for publish" in refused[0]
    for client in clients.values():
        await client.close()


async def test_not_even_an_administrator_empties_the_stream_of_heads(rig: Rig):
    await chained(rig, 1)

    client = await nats.connect(rig.nats_url)
    try:
        js = client.jetstream()
        for attempt in (js.purge_stream(AUDIT.name), js.delete_msg(AUDIT.name, 1)):
            with pytest.raises(nats.js.errors.APIError):
                await attempt
    finally:
        await client.close()


async def test_a_record_is_the_row_that_the_database_holds(rig: Rig):
    service = await rig.service()
    await service.execute(INSERT.values(row(1, before_hash=b"\x01" * 32, after_hash=b"\x02" * 32)))

    async with service.runtime.reading.connect() as db:
        (one,) = (await queries.unlinked(db)).nodes
        seq = await db.scalar(select(func.max(RECORD.c.seq)))

    assert (one.seq, one.before_hash, one.after_hash) == (seq, "01" * 32, "02" * 32)
    assert set(FIELDS) == set(RECORD.c.keys())
