"""What the saying service has said: its outbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chassis import envelope, subjects
from chassis.cargo import Cargo
from chassis.chains import Row
from chassis.envelope import Envelope
from tests.simulation.broker import Broker
from tests.simulation.database import Database
from tests.simulation.decisions import Decisions
from tests.simulation.world import World

NAME = "a"
POLL = 1.0
AREA = "410105"
MARBLES = ("m0", "m1", "m2")
SHELVES = ("s0", "s1")
STREAMS = {subjects.live_stream(NAME): False, subjects.state_stream(NAME): True}


@dataclass(frozen=True, slots=True)
class Said:
    """One row of the outbox."""

    row: Row
    state: bool
    sent: bool = False
    stream_seq: int | None = None
    at: float = 0.0

    @property
    def seq(self) -> int:
        """Its place in the outbox."""
        return self.row.seq


@dataclass(slots=True)
class Flight:
    """A publication on its way; it may arrive when its sender is long gone."""

    row: Row
    cargo: Any  # None: nobody waits for the answer
    sender: str
    generation: int
    ends: float


class Outbox:
    """Tables: outbox by seq, head by aggregate, stream met by name, epoch, refusal."""

    def __init__(self, world: World, broker: Broker, do: Decisions) -> None:
        self.world, self.broker, self.do = world, broker, do
        self.db = Database(world, "outbox", "head", "met", "epoch", "refusal")
        self.flights: list[Flight] = []
        self.ids = 0
        self.written = 0
        self.cargos: dict[str, Cargo] = {}
        self.compared = (0, "")
        self.stored: set[str] = set()

    def rows(self) -> list[Said]:
        """The outbox in its order."""
        return [self.db["outbox"][seq] for seq in sorted(self.db["outbox"])]

    def epoch(self) -> int:
        """The present epoch."""
        return max(self.db["epoch"], default=0)

    def _said(
        self,
        identity: str,
        event: str,
        told: tuple[int, tuple[int, ...]],
        place: tuple[int, int],
    ) -> Said:
        self.ids += 1
        major, majors = told
        aggregate = "shelf" if event == "state" else "marble"
        about = Envelope(
            event_id=f"evt_{self.ids}",
            type=envelope.event_type(NAME, aggregate, event, major=major),
            service=NAME,
            aggregate=aggregate,
            event=event,
            major=major,
            majors=majors,
            id=identity,
            area=AREA,
            mode="REAL",
            version=0,
            previous=0,
            time=self.world.instant(),
            correlation_id="cor",
        )
        row = Row(
            seq=self.db.next(),
            event_id=about.event_id,
            aggregate=aggregate,
            aggregate_id=identity,
            version=place[0],
            previous=place[1],
            stream=subjects.stream(NAME, "REAL", state=event == "state"),
            subject=subjects.build(
                NAME, aggregate, event=event, major=major, area=AREA, id=identity, mode="REAL"
            ),
            headers=envelope.write(about),
            payload=b"{}",
        )
        return Said(row, event == "state", at=self.world.now)
