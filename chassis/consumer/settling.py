"""How a message is settled: which steps, in which order, decided without doing any of them.

Each protocol is a generator: it yields the next step, is sent its result or thrown its error. The
channel performs the steps on PostgreSQL and NATS, `tests/simulation` on simulated ones.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias, TypeVar

from chassis.attempts import Attempts
from chassis.errors import Quarantine

MAX_ATTEMPTS = 8  # with the pauses below about 50 s of trying
FIRST_PAUSE = timedelta(milliseconds=200)
LONGEST_PAUSE = timedelta(seconds=30)

Key: TypeAlias = tuple[str, str]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CountAttempt:
    """Count an attempt, committed before it is made; answers with Attempts."""


@dataclass(frozen=True, slots=True)
class Apply:
    """Have the deliveries their effect, in one committed transaction; answers with the successors."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Have the message in quarantine, committed."""

    reason: str
    error: str | None = None
    tries: int = 1


@dataclass(frozen=True, slots=True)
class Forget:
    """Count attempts at the message no longer."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Keep what went wrong, and have the broker deliver the message again after a pause."""

    error: Exception


@dataclass(frozen=True, slots=True)
class Ack:
    """Tell the broker that we have it; nobody may mind when that gets lost."""


@dataclass(frozen=True, slots=True)
class Drain:
    """Apply the parked messages of these aggregates whose turn has come."""

    keys: frozenset[Key]


@dataclass(frozen=True, slots=True)
class NextParked:
    """Answer with the parked message whose turn it is, its attempt counted; or with None."""


@dataclass(frozen=True, slots=True)
class ApplyParked:
    """Have it its effect if it is still its turn; answers whether it is parked no longer."""


@dataclass(frozen=True, slots=True)
class Tell:
    """Log what went wrong; it is tried again after the pause that was counted."""

    error: Exception


Step: TypeAlias = (
    CountAttempt | Apply | Hold | Forget | Retry | Ack | Drain | NextParked | ApplyParked | Tell
)
Steps: TypeAlias = Generator[Step, Any, T]


def settle(delivered: int) -> Steps[None]:
    """Have a message that came for the `delivered`-th time applied, parked or in quarantine.

    It is acknowledged only after that is committed; whatever goes wrong, it comes again.
    """
    try:
        successors = yield from _take(delivered)
    except Exception as error:  # whatever the handler raised: counted, and tried again
        yield Retry(error)
        return
    yield Ack()
    yield Drain(successors)


def settle_together(delivered: Iterable[int]) -> Steps[bool]:
    """Have first deliveries applied in one transaction; return False when one by one is better."""
    if any(number > 1 for number in delivered):
        return False
    try:
        successors = yield Apply()
        yield Ack()
        yield Drain(successors)
    except Exception:  # told when it is met again, one by one
        return False
    return True


def drain() -> Steps[int]:
    """Apply the parked messages of an aggregate, one after the other; return how many.

    One that fails keeps its place and is tried again after a growing pause, one that is hopeless
    goes into quarantine and holds the rest.
    """
    applied = 0
    while (attempts := (yield NextParked())) is not None:
        if is_given_up(attempts):
            yield Hold(f"given up after {attempts} attempts", tries=attempts)
            break
        try:
            is_done = yield ApplyParked()
        except Quarantine as hopeless:
            yield Hold(str(hopeless))
            break
        except Exception as error:  # whatever the handler raised: told, and parked as it was
            yield Tell(error)
            break
        if not is_done:
            break
        applied += 1
    return applied


def is_given_up(made: int) -> bool:
    """Whether a message that was tried so often is tried no more."""
    return made >= MAX_ATTEMPTS


def may_answer(*, taken_in: int, present: int) -> bool:
    """Whether a delivery of connection `taken_in` may be acknowledged over the present one.

    A broker that has lost its store meanwhile knows another message by the same sequence.
    """
    return taken_in == present


def by_aggregate(messages: Sequence[T], key: Callable[[T], Hashable]) -> list[list[T]]:
    """Return the messages in chains: those of one aggregate after one another."""
    chains: dict[Hashable, list[T]] = {}
    for message in messages:
        chains.setdefault(key(message), []).append(message)
    return list(chains.values())


async def perform(steps: Steps[T], do: Callable[[Step], Awaitable[Any]]) -> T:
    """Return what the protocol comes to when each of its steps is done by `do`."""
    try:
        step = next(steps)
        while True:
            try:
                answer = await do(step)
            except Exception as error:  # the protocol decides what each means
                step = steps.throw(error)
            else:
                step = steps.send(answer)
    except StopIteration as end:
        result: T = end.value
        return result


def _take(delivered: int) -> Steps[frozenset[Key]]:
    again = delivered > 1
    if again:
        tried: Attempts = yield CountAttempt()
        if is_given_up(tried.number - 1):
            yield _given_up(tried)
            yield Forget()
            return frozenset()
    try:
        successors: frozenset[Key] = yield Apply()
    except Quarantine as hopeless:
        yield Hold(str(hopeless))
        return frozenset()
    if again:
        yield Forget()
    return successors


def _given_up(tried: Attempts) -> Hold:
    made = tried.number - 1
    return Hold(
        f"given up after {made} attempts",
        error=tried.last_error or "the process ended each time",
        tries=made,
    )
