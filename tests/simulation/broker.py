"""A simulated JetStream: streams with a window for repetitions, durables with acks and redelivery."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tests.simulation.world import Away, World

ACK_WAIT = 30.0
WINDOW = 60.0  # shorter than the real one, so that schedules outlive it


@dataclass(frozen=True, slots=True)
class Stored:
    """One message of a stream."""

    seq: int
    event_id: str
    subject: str
    headers: dict[str, str]
    at: float


@dataclass(slots=True)
class Pending:
    """A delivered message that is not acknowledged."""

    due: float
    delivered: int


@dataclass(slots=True)
class Durable:
    """How far one consumer is with a stream."""

    prefix: str
    past: str = ""  # of the database that its acknowledgements came from
    next: int = 1
    pending: dict[int, Pending] = field(default_factory=dict)

    @property
    def floor(self) -> int:
        """Up to here everything is acknowledged."""
        return min(self.pending, default=self.next) - 1


@dataclass(slots=True)
class Stream:
    """Messages by sequence; `last_only` keeps one a subject."""

    created: int
    last_only: bool
    last_seq: int = 0
    messages: dict[int, Stored] = field(default_factory=dict)
    durables: dict[str, Durable] = field(default_factory=dict)
    last_of: dict[str, int] = field(default_factory=dict)
    first_of: dict[str, tuple[int, float]] = field(default_factory=dict)


class Broker:
    """One server; `generation` counts the connections that could be made to it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.streams: dict[str, Stream] = {}
        self.is_up = True
        self.generation = 1
        self._created = 0
        self._backups: list[dict[str, Stream]] = []

    def expect_up(self) -> None:
        """Raises Away while it is down."""
        if not self.is_up:
            raise Away("the broker")

    def stop(self) -> None:
        """End it; what is stored stays."""
        self.is_up = False

    def start(self) -> None:
        """Have it back, for new connections."""
        self.is_up = True
        self.generation += 1

    def back_up(self) -> None:
        """Keep its store as it is now."""
        self._backups.append(_copy(self.streams))

    def rewind(self) -> None:
        """Set its store back, when there is a backup."""
        if not self._backups:
            return
        chosen = self.world.chance.randrange(len(self._backups))
        self.streams = _copy(self._backups[chosen])
        del self._backups[chosen + 1 :]
        self.start()

    def lose_store(self) -> None:
        """Have nothing left."""
        self.streams, self._backups = {}, []
        self.start()

    def declare(self, name: str, *, last_only: bool) -> Stream:
        """Have the stream exist."""
        if name not in self.streams:
            self._created += 1
            self.streams[name] = Stream(self._created, last_only)
        return self.streams[name]

    def publish(
        self, name: str, *, event_id: str, subject: str, headers: dict[str, str]
    ) -> int | None:
        """Store the message unless its id is known; return its sequence, None without a stream."""
        stream = self.streams.get(name)
        if stream is None:
            return None
        seq, at = stream.first_of.get(event_id, (0, -WINDOW))
        if self.world.now - at < WINDOW:
            return seq
        stream.last_seq += 1
        if stream.last_only and subject in stream.last_of:
            del stream.messages[stream.last_of[subject]]
        stream.last_of[subject] = stream.last_seq
        stream.first_of[event_id] = (stream.last_seq, self.world.now)
        message = Stored(stream.last_seq, event_id, subject, headers, self.world.now)
        stream.messages[stream.last_seq] = message
        return stream.last_seq

    def take(self, name: str, consumer: str, *, limit: int) -> list[tuple[Stored, int]]:
        """Return messages with how often each has now been delivered: those due again first."""
        stream = self.streams[name]
        durable = stream.durables[consumer]
        taken: list[tuple[Stored, int]] = []
        for seq, pending in sorted(durable.pending.items()):
            if seq not in stream.messages:
                del durable.pending[seq]
            elif pending.due <= self.world.now and len(taken) < limit:
                pending.due = self.world.now + ACK_WAIT
                pending.delivered += 1
                taken.append((stream.messages[seq], pending.delivered))
        while durable.next <= stream.last_seq and len(taken) < limit:
            message = stream.messages.get(durable.next)
            if message is not None and message.subject.startswith(durable.prefix):
                durable.pending[durable.next] = Pending(self.world.now + ACK_WAIT, 1)
                taken.append((message, 1))
            durable.next += 1
        return taken

    def hurry(self) -> None:
        """Have everything that is under way delivered once more, at once."""
        for stream in self.streams.values():
            for durable in stream.durables.values():
                for pending in durable.pending.values():
                    pending.due = self.world.now

    def is_drained(self) -> bool:
        """Whether nothing waits for any durable."""
        return all(
            durable.next > stream.last_seq and not durable.pending.keys() & stream.messages.keys()
            for stream in self.streams.values()
            for durable in stream.durables.values()
        )

    def next_due(self, name: str, consumer: str) -> float | None:
        """When there is something to take: now, later, or only after a publication (None)."""
        durable = self.streams[name].durables[consumer]
        if durable.next <= self.streams[name].last_seq:
            return self.world.now
        return min((pending.due for pending in durable.pending.values()), default=None)

    def ack(self, name: str, consumer: str, seq: int) -> None:
        """Have it not come again, whichever delivery is meant: sequences are all that is told."""
        if self.is_up and name in self.streams and consumer in self.streams[name].durables:
            self.streams[name].durables[consumer].pending.pop(seq, None)

    def nak(self, name: str, consumer: str, seq: int, *, pause: float) -> None:
        """Have it come again after the pause."""
        if self.is_up and name in self.streams and consumer in self.streams[name].durables:
            pending = self.streams[name].durables[consumer].pending.get(seq)
            if pending is not None:
                pending.due = self.world.now + pause


def _copy(streams: dict[str, Stream]) -> dict[str, Stream]:
    return {
        name: replace(
            stream,
            messages=dict(stream.messages),
            durables={
                consumer: replace(
                    durable, pending={seq: replace(p) for seq, p in durable.pending.items()}
                )
                for consumer, durable in stream.durables.items()
            },
            last_of=dict(stream.last_of),
            first_of=dict(stream.first_of),
        )
        for name, stream in streams.items()
    }
