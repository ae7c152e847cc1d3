"""The service that says: its writers and its relays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from chassis.chains import Row
from tests.simulation.comparing import Comparing
from tests.simulation.database import Transaction
from tests.simulation.said import MARBLES, POLL, SHELVES, Flight, Said
from tests.simulation.world import Actor, Away, Broken


class Sayer(Comparing):
    """Its writers and its relays."""

    # writers

    def write(self) -> Actor:
        """Commit units of work on one or two aggregates, as long as the world is not calm."""
        world = self.world
        while True:
            yield lambda: not world.calm and self.written < world.plan.writes
            if self.db["refusal"]:
                yield world.now + 2.0
                continue
            self.written += 1
            try:
                yield from self._unit_of_work()
            except Away:
                continue
            yield world.now + world.chance.uniform(0.0, 1.0)

    def _unit_of_work(self) -> Actor:
        chance = self.world.chance
        chosen = sorted(chance.sample(MARBLES + SHELVES, chance.choice((1, 1, 2))))
        with self.db.transaction() as transaction:
            for identity in chosen:
                yield from transaction.share("outbox")
                if self.db["refusal"]:
                    return
                yield from transaction.lock([("head", identity)])
                self._append(transaction, identity, chance.choice((1, 1, 2)))
                yield None  # its rows have their numbers; others may commit later ones before it
            yield from transaction.commit()

    def _append(self, transaction: Transaction, identity: str, count: int) -> None:
        previous = self.db["head"].get(identity, (0, 0))[1]
        for _ in range(count):
            version = self.do.successor(previous, epoch=self.epoch())
            for row in self._render(identity, version, previous):
                transaction.put("outbox", row.seq, row)
            transaction.put("head", identity, (previous, version))
            previous = version

    def _render(self, identity: str, version: int, previous: int) -> Iterator[Said]:
        state = identity in SHELVES
        event = "state" if state else self.world.chance.choice(("rolled", "stopped", "renamed"))
        majors = (1, 2) if event == "renamed" else (1,)
        for major in majors:
            yield self._said(identity, event, (major, majors), (version, previous))

    # relay

    def relay(self, process: str) -> Actor:
        """Lead when the lock is free: mark, agree, fetch, start, pause, and again."""
        while True:
            with self.db.transaction() as session:
                try:
                    if session.try_lock("relay"):
                        self.world.tell(f"{process} leads")
                        yield from self._lead(process, session)
                except Away as away:
                    self.world.tell(f"{process} leads no more: {away}")
            yield self.world.now + POLL

    def _lead(self, process: str, session: Transaction) -> Actor:
        cargo = self.cargos[process] = self.do.cargo(window=2)
        while True:
            yield None
            session.expect_session()
            marks = cargo.take_marks()
            if marks:
                yield from self._mark(marks)
            yield None
            if self.broker.is_up:
                cargo = self.cargos[process] = yield from self._compare(cargo, session)
            if self._may_publish(cargo):
                session.expect_session()
                if cargo.wants_more:
                    cargo.add(said.row for said in self.do.unsent(self.rows(), cargo.in_hand)[:4])
                self._start(process, cargo)
            generation = self.broker.generation if self.broker.is_up else None
            yield self.world.now + max(
                0.05, cargo.idle_s(self.world.now, at_most=POLL, generation=generation)
            )

    def _may_publish(self, cargo: Any) -> bool:
        return self.broker.is_up and cargo.may_publish(self.broker.generation)

    def _start(self, process: str, cargo: Any) -> None:
        if self._may_publish(cargo):
            for row in cargo.start(self.world.now):
                ends = self.world.now + 5.0
                self.flights.append(Flight(row, cargo, process, self.broker.generation, ends))

    def network(self) -> Actor:
        """Carry publications to the broker and acknowledgements back, or not."""
        while True:
            yield lambda: bool(self.flights)
            flight = self.world.chance.choice(self.flights)
            self.flights.remove(flight)
            if self.world.strikes("publish lost") or not self._is_connected(flight):
                self._fail(flight)
            elif self.world.strikes("publish late"):
                self._fail(flight)
                self.flights.append(replace(flight, cargo=None))
                yield self.world.now + self.world.chance.choice((0.2, 6.0, 70.0))
            else:
                self._arrive(flight)

    @property
    def is_whole(self) -> bool:
        """Whether a loss of either side has been noticed, and made good from the other."""
        present = (self.broker.generation, self.db.incarnation)
        said_again = all(r.sent or r.stream_seq is None for r in self.db["outbox"].values())
        return self.compared == present and not self.db["refusal"] and said_again

    def land(self) -> None:
        """Have each publication under way arrive or be lost, unanswered."""
        for flight in self.flights:
            if self.broker.is_up and self.world.chance.random() < 0.5:
                self._arrive(replace(flight, cargo=None))
        self.flights, self.cargos = [], {}

    def _is_connected(self, flight: Flight) -> bool:
        return self.broker.is_up and flight.generation == self.broker.generation

    def _arrive(self, flight: Flight) -> None:
        row, cargo = flight.row, flight.cargo
        at = self.broker.publish(
            row.stream,
            event_id=row.event_id,
            subject=row.subject,
            headers=self.do.headers_of(row),
        )
        self.world.tell(
            f"{flight.sender} published {row.event_id} {row.aggregate_id} v{row.version:x} at {at}"
        )
        if at is not None:
            self._expect_predecessor(row)
        if at is None or self.world.strikes("publish answer lost"):
            if at is None and flight.cargo is not None:
                flight.cargo.lost_stream()
            self._fail(flight)
        elif cargo is not None and self._is_current(flight):
            cargo.sent(row, at)
            self._start(flight.sender, cargo)  # whether or not it still leads

    def _is_current(self, flight: Flight) -> bool:
        """Whether the sender still has that cargo: it was neither killed nor leads anew."""
        return self.cargos.get(flight.sender) is flight.cargo

    def _expect_predecessor(self, row: Row) -> None:
        """Raises Broken when an event is stored for the first time before the one it follows."""
        if row.event_id not in self.stored:
            self.stored.add(row.event_id)
            for said in self.db["outbox"].values():
                one = said.row
                is_before = one.aggregate_id == row.aggregate_id and one.version == row.previous
                if is_before and not said.sent and one.event_id not in self.stored:
                    raise Broken(f"ORDER: {row.event_id} stored before {one.event_id}")

    def _fail(self, flight: Flight) -> None:
        cargo = flight.cargo
        if cargo is not None and self._is_current(flight):
            cargo.failed(flight.row, self.world.now)
