"""What travels between services: the message said, the message heard, and who hears what."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

import msgspec

if TYPE_CHECKING:
    from chassis.unit_of_work import UnitOfWork

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A fact to be told: `event` happened to the `aggregate` with this `id`.

    `area` is the lowest administrative code that contains it. `state=True` sends the body as the
    aggregate's full state to the state stream, where the last one per aggregate is kept.
    Times and correlation default to those of the unit of work.
    """

    aggregate: str
    event: str
    id: str
    area: str
    body: msgspec.Struct
    mode: str = "REAL"
    major: int = 1
    occurred_at: datetime | None = None
    correlation_id: str | None = None
    state: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A declaration that a service says `aggregate.event` with this body; `meaning` documents it."""

    aggregate: str
    event: str
    body: type[msgspec.Struct]
    meaning: str
    major: int = 1
    state: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming(Generic[T]):
    """A fact heard from a service, decoded, with where it comes from and what caused it.

    `version` is the gapless ordinal of the event in its aggregate.
    """

    body: T
    event_id: str
    type: str
    service: str
    aggregate: str
    event: str
    id: str
    area: str
    mode: str
    version: int
    time: datetime
    correlation_id: str
    causation_id: str | None = None


# `async def on_x(uow, event: Incoming[Body]) -> None`; with batch=True: (uow, Sequence[Incoming]).
Handler: TypeAlias = Callable[["UnitOfWork", Any], Awaitable[None]]

# What a falling due timer calls: (uow, payload); payload carries `due_at`, its true due time.
TimerHandler: TypeAlias = Callable[["UnitOfWork", Mapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What a service hears of one aggregate of another service, and what it does on each event.

    `on` maps "<event>.v<major>" to (body type, handler). `state=True` hears the state stream;
    `batch=True` takes many messages in one unit of work, one by one after an error; `every=True`
    with aggregate "*" and the one entry "*" hears everything that the service says.
    """

    service: str
    aggregate: str
    on: Mapping[str, tuple[Any, Handler]]
    state: bool = False
    batch: bool = False
    every: bool = False
