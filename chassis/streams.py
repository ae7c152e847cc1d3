"""The streams that a service owns: what they hold and how long, declared at every start."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from nats.js import JetStreamContext
from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType, StreamConfig, StreamInfo
from nats.js.errors import NotFoundError

from chassis import logging, subjects
from chassis.messages import Published

log = logging.get(__name__)

MAX_AGE = timedelta(days=30)  # the outbox keeps everything and can be rewound
DUPLICATE_WINDOW = timedelta(minutes=10)  # an optimisation; the inbox is the guarantee
MAX_MESSAGE = 256 * 1024
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """One stream: its name, the subjects in it, and its limits.

    `keeps` is how many messages of each subject stay, null for all. From an `indelible` stream
    nobody can take a single message away, not even an administrator.
    """

    name: str
    subjects: tuple[str, ...]
    max_bytes: int  # reserved by the broker when the stream is made
    max_age: timedelta | None
    keeps: int | None = None
    indelible: bool = False

    @property
    def last_only(self) -> bool:
        """Whether a later message of a subject replaces the one before."""
        return self.keeps == 1

    def config(self, *, replicas: int) -> StreamConfig:
        """Return the broker's configuration: a full stream refuses, it never drops silently."""
        return StreamConfig(
            name=self.name,
            subjects=list(self.subjects),
            retention=RetentionPolicy.LIMITS,
            storage=StorageType.FILE,
            discard=DiscardPolicy.NEW,
            max_bytes=self.max_bytes,
            max_age=0 if self.max_age is None else self.max_age.total_seconds(),
            max_msg_size=MAX_MESSAGE,
            max_msgs_per_subject=-1 if self.keeps is None else self.keeps,
            duplicate_window=DUPLICATE_WINDOW.total_seconds(),
            num_replicas=replicas,
            allow_direct=True,
            deny_delete=self.indelible,
            deny_purge=self.indelible,
        )


HEADS = "uem.audit.head"
# Heads of the audit's chains, of all services. 100 000 are 69 days of one each minute without a
# pause; by then a later one covers all that an earlier one did. Sized for four such services.
AUDIT = Stream(
    name="UEM_AUDIT",
    subjects=(f"{HEADS}.*",),
    max_bytes=256 * MIB,
    max_age=None,
    keeps=100_000,
    indelible=True,
)


@dataclass(frozen=True, slots=True)
class Found:
    """A declared stream as the broker has it: the sequence of its last message, 0 when none.

    `created` is its identity: a stream made anew after a loss bears another.
    """

    stream: Stream
    last_seq: int
    created: datetime


def owned(service: str, published: Iterable[Published]) -> tuple[Stream, ...]:
    """Return the streams of a service that says this: live, exercise, and last states.

    Raises ValueError when an aggregate is told both by events and by state: the streams would
    overlap, and a reader of one would miss versions.
    """
    events = sorted({one.aggregate for one in published if not one.state})
    states = sorted({one.aggregate for one in published if one.state})
    both = set(events) & set(states)
    if both:
        raise ValueError(f"{service} tells {sorted(both)} both by events and by state")
    found = []
    if events:
        found.append(
            Stream(
                name=subjects.live_stream(service),
                subjects=_filters(service, events, root=subjects.LIVE_ROOT),
                max_bytes=256 * MIB,
                max_age=MAX_AGE,
            )
        )
        found.append(
            Stream(
                name=subjects.exercise_stream(service),
                subjects=_filters(service, events, root=subjects.EXERCISE_ROOT),
                max_bytes=128 * MIB,
                max_age=MAX_AGE,
            )
        )
    if states:
        found.append(
            Stream(
                name=subjects.state_stream(service),
                subjects=_filters(service, states, root=subjects.LIVE_ROOT),
                max_bytes=64 * MIB,
                max_age=None,
                keeps=1,
            )
        )
    return tuple(found)


async def declare(
    js: JetStreamContext, streams: Iterable[Stream], *, replicas: int = 1
) -> list[Found]:
    """Have every stream exist as configured; return how far each has come. Safe to repeat."""
    found = []
    for stream in streams:
        info = await _declare(js, stream, replicas=replicas)
        if info.created is None:
            raise RuntimeError(f"the broker does not say when {stream.name} was created")
        found.append(Found(stream, last_seq=info.state.last_seq, created=info.created))
    return found


async def _declare(js: JetStreamContext, stream: Stream, *, replicas: int) -> StreamInfo:
    wanted = stream.config(replicas=replicas)
    try:
        present = await js.stream_info(stream.name)
    except NotFoundError:
        log.info("stream.created", stream=stream.name)
        return await js.add_stream(wanted)
    if all(_agrees(present.config, wanted, name) for name in _DECLARED):
        return present
    log.info("stream.updated", stream=stream.name)
    return await js.update_stream(
        present.config.evolve(**{name: getattr(wanted, name) for name in _DECLARED})
    )


_DECLARED = (
    "subjects",
    "discard",
    "max_bytes",
    "max_age",
    "max_msg_size",
    "max_msgs_per_subject",
    "duplicate_window",
    "num_replicas",
    "allow_direct",
)


def _agrees(present: StreamConfig, wanted: StreamConfig, name: str) -> bool:
    one, other = getattr(present, name), getattr(wanted, name)
    return sorted(one) == sorted(other) if name == "subjects" else one == other


def _filters(service: str, aggregates: Iterable[str], *, root: str) -> tuple[str, ...]:
    return tuple(subjects.wildcard(service, aggregate, root=root) for aggregate in aggregates)
