"""What goes wrong: which kinds in which schedule, and how often."""

from __future__ import annotations

from collections.abc import Callable

from tests.simulation.broker import Broker
from tests.simulation.database import Database
from tests.simulation.hearer import Hearer
from tests.simulation.sayer import Sayer
from tests.simulation.world import Actor, World

SAYERS = ("sayer-1", "sayer-2")
HEARERS = ("hearer-1", "hearer-2")

# Chance at each opportunity, of the schedules in which the kind is at work.
RATES = {
    "commit refused": 0.04,
    "commit unknown": 0.04,
    "publish lost": 0.08,
    "publish late": 0.06,
    "publish answer lost": 0.10,
    "ack lost": 0.10,
    "poison hopeless": 0.05,
    "poison failing": 0.06,
    "poison broken": 0.04,
    "poison killer": 0.02,
    "timer fails": 0.15,
    "timer hopeless": 0.05,
    "kill": 0.012,
    "pause": 0.012,
    "sessions end": 0.006,
    "broker down": 0.006,
    "broker rewound": 0.004,
    "broker store lost": 0.003,
    "delivered again": 0.02,
    "time jumps": 0.01,
    "sayer restored": 0.004,
    "hearer restored": 0.004,
}


# Outbox and stream each stand for the other: nobody can know what both have lost.
ONE_AT_A_TIME = {"broker rewound", "broker store lost", "sayer restored"}


def choose(world: World) -> None:
    """Have about half of the kinds at work in this schedule, some of them much."""
    for kind, rate in RATES.items():
        if world.chance.random() < 0.45:
            world.rates[kind] = rate * world.chance.choice((0.5, 1.0, 1.0, 2.5))


class Faults:
    """Those that strike from outside, between any two steps."""

    def __init__(self, world: World, broker: Broker, sayer: Sayer, hearer: Hearer) -> None:
        self.world, self.broker, self.sayer, self.hearer = world, broker, sayer, hearer
        self.kinds: dict[str, Callable[[], None]] = {
            "kill": lambda: world.kill(world.chance.choice(SAYERS + HEARERS)),
            "pause": self._pause,
            "sessions end": lambda: world.chance.choice((sayer.db, hearer.db)).end_sessions(),
            "broker down": broker.stop,
            "broker rewound": broker.rewind,
            "broker store lost": broker.lose_store,
            "delivered again": broker.hurry,
            "time jumps": lambda: setattr(
                world, "now", world.now + world.chance.choice((1.0, 31.0, 90.0))
            ),
            "sayer restored": lambda: self._restore(sayer.db, SAYERS),
            "hearer restored": lambda: self._restore(hearer.db, HEARERS),
        }

    def strike(self) -> None:
        """Let each kind have its chance; keep a backup of everything now and then."""
        for kind, happen in self.kinds.items():
            if kind not in self.world.rates:
                continue
            may = kind not in ONE_AT_A_TIME or self.sayer.is_whole
            if may and self.world.strikes(kind):
                happen()
        if self.world.chance.random() < 0.03:
            self.world.chance.choice(
                (self.broker.back_up, self.sayer.db.back_up, self.hearer.db.back_up)
            )()

    def nurse(self) -> Actor:
        """Bring the broker back after a while."""
        while True:
            yield lambda: not self.broker.is_up
            yield self.world.now + self.world.chance.uniform(0.2, 40.0)
            if not self.broker.is_up:
                self.broker.start()
                self.world.tell("broker back")

    def _pause(self) -> None:
        process = self.world.chance.choice(SAYERS + HEARERS)
        until = self.world.now + self.world.chance.choice((0.5, 6.0, 35.0, 80.0))
        for one in self.world.running:
            if one.process == process:
                one.asleep_until = until
        self.world.tell(f"{process} sleeps until {until:.1f}")

    def _restore(self, database: Database, processes: tuple[str, ...]) -> None:
        """Set a database back; its service was stopped before, and its publications have landed."""
        if not database.backups:
            return
        for process in processes:
            self.world.kill(process)
        if database is self.sayer.db:
            self.sayer.land()
        database.restore()
