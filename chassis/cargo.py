"""What a leading relay has in hand, from reading a row until its mark is committed, without I/O."""

from __future__ import annotations

from collections.abc import Iterable

from chassis.chains import Chains, Row

WINDOW = 256  # publications under way, each of another aggregate
LOW_WATER = 500  # rows in hand; below it more are fetched


class Cargo:
    """One per leadership, or refusal: a publication of an earlier one ends in its own, unread.

    A row is in hand while it waits, is under way, or is stored and not marked; only what is not
    in hand is fetched. Nothing is published over a connection on which streams and outbox have
    not been found to agree.
    """

    def __init__(self, *, window: int = WINDOW) -> None:
        self._window = window
        self._chains = Chains(window=window)
        self._stored: dict[int, int] = {}
        self._agreed_with = 0

    @property
    def in_hand(self) -> list[int]:
        """The rows that are not to be fetched."""
        return [*self._chains.known, *self._stored]

    @property
    def in_flight(self) -> int:
        """How many publications are under way."""
        return self._chains.in_flight

    @property
    def wants_more(self) -> bool:
        """Whether so few rows wait that more should be fetched."""
        return len(self._chains.known) < LOW_WATER

    def agree(self, generation: int) -> None:
        """Note that streams and outbox agree, as seen over that connection."""
        self._agreed_with = generation

    def compared(self, generation: int, *, agrees: bool) -> Cargo:
        """Return the cargo to go on with after a comparison over that connection.

        While writes are refused it is an empty one: finishing the restore renumbers what waits,
        and a row in hand would be said with the version that it had before.
        """
        if not agrees:
            return Cargo(window=self._window)
        self.agree(generation)
        return self

    def may_publish(self, generation: int) -> bool:
        """Whether they agreed over that very connection."""
        return self._agreed_with == generation

    def add(self, rows: Iterable[Row]) -> None:
        """Queue fetched rows, given in their order."""
        self._chains.add(rows)

    def start(self, now: float) -> list[Row]:
        """Return the rows to publish now; never two of one aggregate."""
        return self._chains.start(now)

    def sent(self, row: Row, stream_seq: int) -> None:
        """Note where the broker has stored it: it is to be marked, its successor may follow."""
        self._chains.sent(row)
        self._stored[row.seq] = stream_seq

    def failed(self, row: Row, now: float) -> None:
        """Note that the outcome is unknown or bad: the same row again after a growing pause."""
        self._chains.failed(row, now)

    def lost_stream(self) -> None:
        """Note that a stream is gone: nothing more until it is declared and compared again."""
        self._agreed_with = 0

    def take_marks(self) -> list[tuple[int, int]]:
        """Return (row, sequence in the stream) of what is stored; the caller commits these marks."""
        marks, self._stored = list(self._stored.items()), {}
        return marks

    def idle_s(self, now: float, *, at_most: float, generation: int | None) -> float:
        """Return for how long there is nothing to do, seconds; `generation`: None is no connection.

        The end of a pause after a failure is nothing to do while nothing may be published.
        """
        retry = self._chains.next_retry()
        if retry is None or generation is None or not self.may_publish(generation):
            return at_most
        return min(at_most, max(0.0, retry - now))
