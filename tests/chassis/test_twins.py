"""What SQL chooses and its twin in Python, which the simulation believes, are the same."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from chassis import firing, marks, outbox, parking
from chassis.tables.messaging import (
    OUTBOX,
    OUTBOX_EPOCH,
    OUTBOX_HEAD,
    PARKED,
    QUARANTINE,
    WATERMARK,
)
from chassis.tables.state import TIMER
from tests.chassis.rig import PUBLISHED, Rig, rolled

NOW = datetime(2026, 6, 1, tzinfo=UTC)
KEY = ("marble", "mar_1")
LYING = {"subject": "s", "headers": {}, "payload": b"", "stream": "S", "stream_seq": 1}
SAID = {
    "aggregate": "shelf",
    "previous": 0,
    "major": 1,
    "stream": "S",
    "subject": "s",
    "type": "t",
    "headers": {},
    "payload": b"",
    "occurred_at": NOW,
}
instants = st.integers(-2, 2).map(lambda seconds: NOW + timedelta(seconds=seconds))
once_with_a_database = settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

timers = st.lists(
    st.fixed_dictionaries(
        {
            "due_at": instants,
            "retry_at": st.none() | instants,
            "stopped_at": st.none() | st.none() | st.just(NOW),
        }
    ),
    max_size=5,
)
parked_rows = st.lists(
    st.fixed_dictionaries(
        {
            "version": st.integers(1, 6),
            "previous": st.integers(0, 5),
            "retry_at": st.none() | instants,
        }
    ),
    max_size=5,
    unique_by=lambda row: row["version"],  # else either may be first
)
versions = st.builds(
    lambda epoch, ordinal: (epoch << outbox.EPOCH_SHIFT) | ordinal,
    st.integers(0, 3),
    st.integers(1, 2**32),
)


@once_with_a_database
@given(rows=timers)
async def test_the_timer_that_fires_next(rig: Rig, rows):
    database = await _database(rig)
    about = {"command": "ring", "payload": {}, "correlation_id": "cor", "scheduled_at": NOW}
    async with database.runtime.engine.begin() as db:
        await db.execute(delete(TIMER))
        for number, row in enumerate(rows):
            await db.execute(insert(TIMER).values(key=f"t{number}", **row, **about))
        stored = list(await db.execute(select(TIMER)))

        taken = await firing._take(db, NOW, NOW)

    chosen = firing.earliest(stored, now=NOW, wall=NOW)
    assert (taken and taken.key) == (chosen and chosen.key)


@once_with_a_database
@given(
    rows=parked_rows,
    watermark=st.integers(0, 5),
    held=st.sampled_from((None, None, None, "held", "resolved", "of another")),
)
async def test_the_parked_message_whose_turn_it_is(rig: Rig, rows, watermark, held):
    database = await _database(rig)
    async with database.runtime.engine.begin() as db:
        for table in (PARKED, WATERMARK, QUARANTINE):
            await db.execute(delete(table))
        for row in rows:
            for name in (KEY, ("marble", "mar_2")):
                values = _of(name) | {"event_id": f"evt_{name}_{row['version']}"}
                await db.execute(insert(PARKED).values(**values, **LYING, **row))
        if watermark:
            await db.execute(insert(WATERMARK).values(**_of(KEY), version=watermark))
        if held is not None:
            await db.execute(insert(QUARANTINE).values(**_entry(held)))

        found = await parking.next_in_turn(db, "b", KEY, now=NOW)
        due = await parking.waiting(db, ["b"], now=NOW, limit=9)

    twins = [SimpleNamespace(**row) for row in rows]
    turn = parking.turn(twins, watermark=watermark, is_held=held == "held", now=NOW)
    assert (found and found.version) == (turn and turn.version)
    assert (("b", KEY) in due) == (turn is not None)


@once_with_a_database
@given(head=st.none() | versions, epoch=st.integers(0, 3))
async def test_the_next_version_of_an_aggregate(rig: Rig, head, epoch):
    database = await _database(rig)
    async with database.runtime.engine.begin() as db:
        for table in (OUTBOX, OUTBOX_HEAD, OUTBOX_EPOCH):
            await db.execute(delete(table))
        if epoch:
            await db.execute(insert(OUTBOX_EPOCH).values(epoch=epoch, reason="restored"))
        if head is not None:
            at = {"aggregate": KEY[0], "aggregate_id": KEY[1]}
            await db.execute(insert(OUTBOX_HEAD).values(**at, version=head, previous=0))

    await database.say(rolled(1))

    (row,) = await database.rows(OUTBOX)
    previous = head or 0
    assert (row.version, row.previous) == (outbox.successor(previous, epoch=epoch), previous)


@once_with_a_database
@given(
    rows=st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), min_size=1, max_size=5),
    orders=st.randoms(use_true_random=False),
)
async def test_the_states_that_need_not_be_said(rig: Rig, rows, orders):
    database = await _database(rig)
    versions = [*range(1, len(rows) + 1)]
    orders.shuffle(versions)
    placed = [
        {
            "version": version,
            "aggregate_id": "she_1" if first else "she_2",
            "state": state,
            "sent": sent,
        }
        for version, (first, state, sent) in zip(versions, rows, strict=True)
    ]
    async with database.runtime.engine.begin() as db:
        await db.execute(delete(OUTBOX))
        for row in placed:
            values = {name: value for name, value in row.items() if name != "sent"}
            sent_at = NOW if row["sent"] else None
            await db.execute(
                insert(OUTBOX).values(
                    **SAID, **values, event_id=f"evt_{row['version']}", sent_at=sent_at
                )
            )

        await marks.skip_superseded(db)
        query = select(OUTBOX.c.version).where(OUTBOX.c.sent_at.is_(None))
        waiting = set(await db.scalars(query))

    assert waiting == {
        row["version"] for row in placed if not row["sent"] and not _skips(row, placed)
    }


def _skips(row, rows):
    stored = (r["version"] for r in rows if r["sent"] and r["aggregate_id"] == row["aggregate_id"])
    return row["state"] and marks.is_superseded(row["version"], max(stored, default=0))


async def _database(rig: Rig):
    """Return one service, the same for all examples."""
    return rig.made[0] if rig.made else await rig.service(published=PUBLISHED)


def _of(key):
    return {"consumer": "b", "aggregate": key[0], "aggregate_id": key[1]}


def _entry(held):
    values = {"id": "qua_1", **_of(KEY), **LYING, "reason": "hopeless", "attempts": 1}
    if held == "of another":
        values["aggregate_id"] = "mar_3"
    if held == "resolved":
        values |= {"resolved_at": NOW, "resolution": "DISCARDED"}
    return values
