"""The hub: no slow listener holds it up, what it cannot give it says, and resuming loses nothing."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.envelope import Envelope
from chassis.feed import Cursor, Gap, Told
from gateway.errors import GatewayError
from gateway.live import GAP, Heard, Hub, Positions
from gateway.live import hub as hub_module

MADE = datetime(2026, 6, 1, tzinfo=UTC)
ONE, TWO = "UEM_ORG", "UEM_PLANS"


def told(seq: int, stream: str = ONE, *, created: datetime = MADE) -> Told:
    about = Envelope(
        event_id=f"evt_{stream}_{seq}",
        type="uem.org.task.created.v1",
        service="org",
        aggregate="task",
        event="created",
        major=1,
        majors=(1,),
        id=f"tsk_{seq}",
        area="410100",
        mode="REAL",
        version=seq,
        previous=seq - 1,
        time=MADE,
        correlation_id="cor_1",
    )
    return Told(about, b'{"task": {"id": "x"}}', Cursor(stream, created, seq))


class Script:
    """A feed that says what the test says."""

    def __init__(self) -> None:
        self.queues: dict[str, asyncio.Queue[Told | Gap]] = {
            name: asyncio.Queue() for name in (ONE, TWO)
        }

    async def now(self, stream: str) -> Cursor:
        return Cursor(stream, MADE, 0)

    async def follow(
        self, stream: str, *, subjects: Any, after: Cursor | None
    ) -> AsyncIterator[Told]:
        while True:
            said = await self.queues[stream].get()
            self.queues[stream].task_done()
            if isinstance(said, Gap):
                raise said
            yield said

    async def say(self, *events: Told | Gap) -> None:
        for event in events:
            stream = event.cursor.stream if isinstance(event, Told) else event.now.stream
            await self.queues[stream].put(event)
        for queue in self.queues.values():
            await queue.join()
        await asyncio.sleep(0)


@pytest.fixture
async def rigged() -> AsyncIterator[Any]:
    script = Script()
    hub = Hub(script, (ONE, TWO), is_connected=lambda: True)  # type: ignore[arg-type]
    await hub.start()
    while len(hub.positions((ONE, TWO)).by_stream) < 2:  # noqa: ASYNC110 - no event for it
        await asyncio.sleep(0)
    yield SimpleNamespace(hub=hub, script=script)
    await hub.stop()


def everything(_: Heard) -> bool:
    return True


async def taken(listener: Any, count: int) -> list[int]:
    found = [await listener.next(5) for _ in range(count)]
    return [one.cursor.seq for one in found]


async def test_every_listener_gets_every_event_in_the_order_of_its_stream(rigged):
    async with (
        rigged.hub.listen((ONE,), everything, after=None) as first,
        rigged.hub.listen((ONE,), everything, after=None) as second,
    ):
        await rigged.script.say(told(1), told(2), told(3))

        assert await taken(first, 3) == [1, 2, 3]
        assert await taken(second, 3) == [1, 2, 3]


async def test_a_listener_that_takes_nothing_gets_a_gap_and_then_what_is_new(rigged):
    async with rigged.hub.listen((ONE,), everything, after=None) as slow:
        await rigged.script.say(*(told(seq) for seq in range(1, hub_module.WAITING + 10)))

        assert await slow.next(5) is GAP
        at = slow.positions.by_stream[ONE].seq
        await rigged.script.say(told(at + 1))
        assert await taken(slow, 1) == [at + 1]


async def test_a_slow_listener_costs_the_others_nothing(rigged):
    count = hub_module.WAITING + 10
    async with (
        rigged.hub.listen((ONE,), everything, after=None),
        rigged.hub.listen((ONE,), everything, after=None) as quick,
    ):
        for seq in range(1, count):
            await rigged.script.say(told(seq))
            assert await taken(quick, 1) == [seq]


async def test_a_loss_of_the_stream_is_a_gap_for_all_of_its_listeners_and_no_others(rigged):
    later = Cursor(ONE, datetime(2026, 6, 2, tzinfo=UTC), 0)
    async with (
        rigged.hub.listen((ONE,), everything, after=None) as hit,
        rigged.hub.listen((TWO,), everything, after=None) as other,
    ):
        await rigged.script.say(Gap(later))

        assert await hit.next(5) is GAP
        assert await other.next(0.01) is None
        assert hit.positions.by_stream[ONE] == later


async def test_a_quiet_listener_moves_on_past_what_it_did_not_want(rigged):
    async with rigged.hub.listen((ONE,), lambda _: False, after=None) as listener:
        await rigged.script.say(told(1), told(2))

        assert await listener.next(0.01) is None
        assert listener.positions.by_stream[ONE].seq == 2


async def test_resuming_within_memory_loses_and_doubles_nothing(rigged):
    await rigged.script.say(*(told(seq) for seq in range(1, 6)), told(1, TWO))
    after = Positions({ONE: Cursor(ONE, MADE, 2), TWO: Cursor(TWO, MADE, 0)})

    async with rigged.hub.listen((ONE, TWO), everything, after=after) as listener:
        await rigged.script.say(told(6))
        got = [await listener.next(5) for _ in range(5)]

    of_one = [one.cursor.seq for one in got if one.cursor.stream == ONE]
    assert of_one == [3, 4, 5, 6]
    assert [one.cursor.seq for one in got if one.cursor.stream == TWO] == [1]


async def test_resuming_from_before_memory_is_a_gap(rigged):
    await rigged.script.say(*(told(seq) for seq in range(1, hub_module.REMEMBERED + 3)))

    async with (
        rigged.hub.listen((ONE,), everything, after=Positions({ONE: Cursor(ONE, MADE, 0)})) as lost,
        rigged.hub.listen((ONE,), everything, after=Positions({ONE: Cursor(ONE, MADE, 2)})) as kept,
    ):
        assert await lost.next(5) is GAP
        assert await taken(kept, hub_module.REMEMBERED) == list(range(3, hub_module.REMEMBERED + 3))


async def test_a_cursor_without_the_stream_is_a_gap(rigged):
    async with rigged.hub.listen((ONE, TWO), everything, after=Positions({})) as listener:
        assert await listener.next(5) is GAP


@given(
    seqs=st.dictionaries(
        st.sampled_from([ONE, TWO, "UEMX_ORG"]), st.integers(0, 2**53), min_size=0
    ),
    created=st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_positions_are_read_as_they_were_written(seqs, created):
    positions = Positions({name: Cursor(name, created, seq) for name, seq in seqs.items()})

    assert Positions.parse(str(positions)) == positions


@given(st.text())
def test_any_other_text_is_refused_as_a_cursor(text):
    with contextlib.suppress(GatewayError):
        assert Positions.parse(str(Positions.parse(text))) == Positions.parse(text)


@pytest.mark.parametrize("text", ["nonsense", "!!!", "VUVN", "bm9wZTp6ejox"])
def test_a_refused_cursor_has_a_code(text):
    with pytest.raises(GatewayError) as refused:
        Positions.parse(text)

    assert refused.value.code == "CURSOR_INVALID"
