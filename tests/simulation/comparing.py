"""Comparing outbox and streams, and finishing a restore."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from chassis.chains import Row
from chassis.reconcile import Sight, Verdict
from chassis.restore import Place
from tests.simulation.broker import Stored, Stream
from tests.simulation.database import Transaction
from tests.simulation.said import STREAMS, Outbox, Said
from tests.simulation.world import Actor, Away, Point


class Comparing(Outbox):
    """Compares outbox and streams, and finishes a restore, with the chassis' decisions."""

    # comparing, restoring

    def _compare(self, cargo: Any, session: Transaction) -> Generator[Point, None, Any]:
        """Compare, once for each connection; return the cargo to go on with."""
        generation = self.broker.generation
        if cargo.may_publish(generation):
            return cargo
        marks = cargo.take_marks()
        if marks:
            yield from self._mark(marks)
        found = {n: self.broker.declare(n, last_only=last) for n, last in STREAMS.items()}
        session.expect_session()
        with self.db.transaction() as transaction:
            yield from transaction.lock(["met"])
            refused = bool(self.db["refusal"])
            for name, stream in found.items():
                refused |= self._settle(transaction, name, stream)
            yield from transaction.commit()
        self.compared = (generation, self.db.incarnation)
        return cargo.compared(generation, agrees=not refused)

    def _mark(self, marks: Sequence[tuple[int, int]]) -> Actor:
        def mark() -> None:
            for seq, at in marks:
                if seq in outbox:
                    outbox[seq] = replace(outbox[seq], sent=True, stream_seq=at)

        with self.db.transaction() as transaction:
            yield from transaction.share("outbox")
            outbox = self.db["outbox"]
            transaction.write(mark)
            yield from transaction.commit()

    def _settle(self, transaction: Transaction, name: str, stream: Stream) -> bool:
        """Compare one stream with the outbox; return whether the outbox has forgotten something."""
        met = self.db["met"].get(name)
        is_same = met is None or met[0] == stream.created
        before = met[1] if met is not None else 0
        until = self.do.accepted(before, is_same_stream=is_same, last_seq=stream.last_seq)
        if met != (stream.created, until):
            transaction.put("met", name, (stream.created, until))
        highest = [r.stream_seq or 0 for r in self.rows() if r.row.stream == name]
        forgotten, unmarked = self._forgotten(stream, until)
        verdict = self.do.judge(
            nothing_forgotten=not forgotten,
            is_same_stream=is_same,
            last_seq=stream.last_seq,
            highest=max(highest, default=0),
        )
        self.world.tell(f"{name} and outbox: {verdict.name}")
        changed: dict[int, Said] = {}
        if verdict is Verdict.STREAM_BEHIND:
            changed |= dict(self._rewound(name, after=stream.last_seq if is_same else 0))
        if verdict is Verdict.OUTBOX_BEHIND:
            transaction.put("refusal", 1, name)
        else:
            changed |= self._noted(dict(self.db["outbox"]) | changed, unmarked)
        for seq, said in changed.items():
            transaction.put("outbox", seq, said)
        return verdict is Verdict.OUTBOX_BEHIND

    def _forgotten(self, stream: Stream, until: int) -> tuple[list[Stored], list[Stored]]:
        """Return what the stream holds and the outbox does not, and what is known but not marked."""
        known = {said.row.event_id: said.stream_seq for said in self.rows()}
        forgotten, unmarked = [], []
        looking = self.do.look_back(stream.last_seq, until=until)
        sight: Sight | None = None
        try:
            while True:
                seq = looking.send(sight)
                message = stream.messages.get(seq)
                sight = Sight.ABSENT
                if message is not None and message.event_id not in known:
                    sight = Sight.FORGOTTEN
                    forgotten.append(message)
                elif message is not None:
                    sight = Sight.MARKED if known[message.event_id] == seq else Sight.KNOWN
                    if sight is Sight.KNOWN:
                        unmarked.append(message)
        except StopIteration:
            return forgotten[::-1], unmarked[::-1]

    def _rewound(self, name: str, *, after: int) -> Iterator[tuple[int, Said]]:
        for said in self.rows():
            lost = said.row.stream == name and (said.stream_seq or 0) > after
            is_last = said.row.version == self.db["head"][said.row.aggregate_id][1]
            if lost and (not said.state or is_last):
                yield said.seq, replace(said, sent=False)

    def _noted(self, outbox: dict[int, Said], unmarked: Iterable[Stored]) -> dict[int, Said]:
        """Mark what the stream turns out to hold, and the states that it superseded."""
        at = {message.event_id: message.seq for message in unmarked}
        changed = {
            seq: replace(said, sent=True, stream_seq=at[said.row.event_id])
            for seq, said in outbox.items()
            if said.row.event_id in at
        }
        return changed | self._skipped(outbox | changed) if changed else {}

    def _skipped(self, outbox: dict[int, Said]) -> dict[int, Said]:
        stored: dict[str, int] = {}
        for said in outbox.values():
            row = said.row
            if said.state and said.sent:
                stored[row.aggregate_id] = max(row.version, stored.get(row.aggregate_id, 0))
        return {
            seq: replace(said, sent=True)
            for seq, said in outbox.items()
            if said.state
            and not said.sent
            and self.do.is_superseded(said.row.version, stored.get(said.row.aggregate_id, 0))
        }

    def finish_restore(self) -> Actor:
        """Open a new epoch when the service refuses writes, as its operator does."""
        while True:
            yield lambda: bool(self.db["refusal"]) and self.broker.is_up
            yield self.world.now + 1.0
            if not self.broker.is_up or not set(STREAMS) <= set(self.broker.streams):
                continue
            try:
                with self.db.transaction() as transaction:
                    yield from transaction.lock(self.do.finish_locks)
                    if not self.broker.is_up or not set(STREAMS) <= set(self.broker.streams):
                        continue
                    self._finish(transaction)
                    yield from transaction.commit()
                self.world.tell(f"restore finished: epoch {self.epoch()}")
            except Away:
                continue

    def _finish(self, transaction: Transaction) -> None:
        outbox = dict(self.db["outbox"])
        heads = dict(self.db["head"])
        changed: dict[int, Said] = {}
        forgotten: set[str] = set()
        versions: list[int] = []
        for name in STREAMS:
            stream = self.broker.streams[name]
            met = self.db["met"].get(name, (stream.created, 0))
            lost, unmarked = self._forgotten(stream, met[1])
            forgotten |= {message.subject.rpartition(".")[2] for message in lost}
            versions += [int(message.headers["ce-version"]) for message in lost]
            noted = self._noted(outbox, unmarked)
            outbox |= noted
            changed |= noted
            transaction.put("met", name, (stream.created, stream.last_seq))
        epoch = self.do.next_epoch(self.epoch(), versions)
        if epoch != self.epoch():
            transaction.put("epoch", epoch, True)
        for said in self._copies(outbox, heads, forgotten):
            outbox[said.seq] = changed[said.seq] = said
        self._renumber(outbox, heads, changed, epoch=epoch)
        for seq, said in changed.items():
            transaction.put("outbox", seq, said)
        for identity, head in heads.items():
            transaction.put("head", identity, head)
        transaction.delete("refusal", 1)

    def _copies(
        self, outbox: dict[int, Said], heads: dict[str, tuple[int, int]], forgotten: set[str]
    ) -> Iterator[Said]:
        for said in list(outbox.values()):
            row = said.row
            is_last = row.version == heads[row.aggregate_id][1]
            if said.state and said.sent and is_last and row.aggregate_id in forgotten:
                yield self._said(
                    row.aggregate_id, "state", (1, (1,)), (row.version + 1, row.version)
                )

    def _renamed(self, row: Row) -> Row:
        self.ids += 1
        event_id = f"evt_{self.ids}"
        return replace(row, event_id=event_id, headers={**row.headers, "ce-id": event_id})

    def _renumber(
        self,
        outbox: dict[int, Said],
        heads: dict[str, tuple[int, int]],
        changed: dict[int, Said],
        *,
        epoch: int,
    ) -> None:
        skipped = self._skipped(outbox)
        outbox |= skipped
        changed |= skipped
        places = []
        for _, s in sorted(outbox.items()):
            place = Place(
                s.seq, (s.row.aggregate, s.row.aggregate_id), s.row.version, s.row.previous
            )
            if not s.sent and s.stream_seq is None:
                places.append(place)
        told = {
            ((s.row.aggregate, s.row.aggregate_id), s.row.version)
            for s in outbox.values()
            if s.sent or s.stream_seq is not None
        }
        for place in self.do.renumber(places, epoch=epoch, told=told):
            said = outbox[place.seq]
            row = replace(said.row, version=place.version, previous=place.previous)
            if said.state:
                row = self._renamed(row)
            changed[place.seq] = replace(said, row=row)
            heads[place.key[1]] = (place.previous, place.version)
