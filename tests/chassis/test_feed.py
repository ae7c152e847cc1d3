"""Following a stream: live, resumed, and told when something is gone."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nats.js.api import StreamConfig, StreamInfo, StreamState

from chassis.broker import Broker
from chassis.clock import Clock
from chassis.feed import Cursor, Feed, Gap, Told, is_gone
from tests.chassis.rig import PUBLISHED, Rig, Running, rolled, shelf, until
from uem.stack.nats import EmbeddedNats

BORN = datetime(2026, 6, 1, 8, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
async def sayer(own_rig: Rig) -> Running:
    running = await own_rig.service(published=PUBLISHED)
    running.start()
    await running.say(rolled(1), shelf(1))
    await until(lambda: all_sent(running))
    return running


@pytest.fixture
async def feed(broker: EmbeddedNats) -> AsyncIterator[Feed]:
    connection = Broker("reader", url=broker.dsn)
    await connection.start()
    yield Feed(connection, Clock())
    await connection.stop()


@pytest.fixture
def follow(feed: Feed, sayer: Running) -> Callable[..., AsyncGenerator[Told, None]]:
    def follow(*, state: bool = False, after: Cursor | None = None) -> AsyncGenerator[Told, None]:
        stream = f"UEM_{sayer.name.upper()}" + ("_STATE" if state else "")
        return feed.follow(stream, subjects=[f"uem.{sayer.name}.>"], after=after)

    return follow


async def test_what_is_said_from_now_on_is_told_in_order(sayer, feed, follow):
    following = follow()
    first = asyncio.create_task(anext(following))
    await until(lambda: is_followed(sayer))

    await sayer.say(rolled(2), rolled(3))

    told = [await first, await anext(following)]
    assert [t.envelope.version for t in told] == [2, 3]
    assert [t.payload for t in told] == [b'{"number":2}', b'{"number":3}']
    await following.aclose()


async def test_a_reader_resumes_after_the_last_event_it_has_seen(sayer, follow, feed):
    start = await feed.now(f"UEM_{sayer.name.upper()}")
    await sayer.say(*(rolled(n) for n in range(2, 6)))
    following = follow(after=start)
    seen = [await anext(following), await anext(following)]
    await following.aclose()

    resumed = follow(after=Cursor.parse(str(seen[-1].cursor)))

    assert [(await anext(resumed)).envelope.version for _ in range(2)] == [4, 5]
    await resumed.aclose()


async def test_a_restarted_broker_leaves_no_hole(sayer, follow, feed, broker):
    following = follow(after=await feed.now(f"UEM_{sayer.name.upper()}"))
    await sayer.say(rolled(2))
    seen = [(await anext(following)).envelope.version]

    broker.kill()
    broker.start()
    await sayer.say(rolled(3), rolled(4))

    seen += [(await anext(following)).envelope.version for _ in range(2)]
    assert seen == [2, 3, 4]
    await following.aclose()


async def test_a_cursor_whose_successors_are_gone_is_a_gap(sayer, follow, feed):
    stream = f"UEM_{sayer.name.upper()}"
    old = await feed.now(stream)
    await sayer.say(*(rolled(n) for n in range(2, 6)))
    await until(lambda: all_sent(sayer))
    js = await sayer.runtime.broker.ready()
    await js.purge_stream(stream, seq=5)

    with pytest.raises(Gap) as gap:
        await anext(follow(after=old))

    assert gap.value.now.seq == 5
    following = follow(after=gap.value.now)
    await sayer.say(rolled(6))
    assert (await anext(following)).envelope.version == 6
    await following.aclose()


async def test_a_stream_made_anew_is_a_gap(sayer, follow, feed):
    stream = f"UEM_{sayer.name.upper()}"
    old = await feed.now(stream)
    js = await sayer.runtime.broker.ready()
    config = (await js.stream_info(stream)).config
    await js.delete_stream(stream)
    await js.add_stream(config)

    with pytest.raises(Gap):
        await anext(follow(after=old))


async def test_replaced_states_are_no_gap(sayer, follow, feed):
    old = await feed.now(f"UEM_{sayer.name.upper()}_STATE")
    for number in range(2, 6):
        await sayer.say(shelf(number))
        await until(lambda: all_sent(sayer))

    following = follow(state=True, after=old)

    assert (await anext(following)).envelope.version == 5
    await following.aclose()


def info(*, first: int, last: int, created: datetime = BORN, per_subject: int = -1) -> StreamInfo:
    state = StreamState(messages=0, bytes=0, first_seq=first, last_seq=last, consumer_count=0)
    config = StreamConfig(name="S", max_msgs_per_subject=per_subject)
    return StreamInfo(config=config, state=state, created=created)


@pytest.mark.parametrize(
    ("stream", "gone"),
    [
        (info(first=1, last=9), False),
        (info(first=8, last=9), False),
        (info(first=9, last=9), True),
        (info(first=10, last=9), True),  # emptied: 8 and 9 were there
        (info(first=9, last=9, per_subject=1), False),
        (info(first=1, last=6), True),  # an older store
        (info(first=1, last=9, created=BORN + timedelta(seconds=1)), True),
    ],
)
def test_what_is_gone_after_the_seventh_event(stream, gone):
    assert is_gone(stream, Cursor("S", BORN, 7)) is gone


@given(
    st.datetimes(min_value=datetime(2020, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(0, 2**63),
)
def test_a_cursor_survives_being_written_down(created, seq):
    cursor = Cursor("UEM_ORG_STATE", created, seq)

    assert Cursor.parse(str(cursor)) == cursor


@pytest.mark.parametrize("text", ["", "S", "S:1", "S:x:1", "S:1:x", "S:1:1:1"])
def test_a_text_that_is_no_cursor_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        Cursor.parse(text)


async def is_followed(sayer):
    js = await sayer.runtime.broker.ready()
    return (await js.stream_info(f"UEM_{sayer.name.upper()}")).state.consumer_count == 1


async def all_sent(sayer):
    return await sayer.unsent() == 0
