"""A simulated database: rows are values, transactions commit whole, locks end with their holder."""

from __future__ import annotations

from collections.abc import Callable, Generator, Hashable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.simulation.world import Away, Point, World


class Database:
    """Tables by name; `restore` sets them back, sequences included."""

    def __init__(self, world: World, *tables: str) -> None:
        self.world = world
        self.tables: dict[str, dict[Any, Any]] = {name: {} for name in tables}
        self.sequence = 0
        self.incarnation = "1"  # the server's timeline: another one after a restore
        self.session = 0  # all sessions end when the server does
        self.locks: dict[Hashable, object] = {}
        self.shared: dict[Hashable, list[object]] = {}  # by those who may hold it beside each other
        self.backups: list[tuple[dict[str, dict[Any, Any]], int]] = []

    def __getitem__(self, table: str) -> dict[Any, Any]:
        return self.tables[table]

    def next(self) -> int:
        """The next of the sequence: given at once, whether or not anybody commits."""
        self.sequence += 1
        return self.sequence

    def back_up(self) -> None:
        """Keep how it is now."""
        self.backups.append(({n: dict(t) for n, t in self.tables.items()}, self.sequence))

    def restore(self) -> None:
        """Set it back to one of the backups; later ones are of a future that never was."""
        chosen = self.world.chance.randrange(len(self.backups))
        tables, self.sequence = self.backups[chosen]
        self.tables = {name: dict(table) for name, table in tables.items()}
        del self.backups[chosen + 1 :]
        self.incarnation = str(int(self.incarnation) + 1)
        self.end_sessions()

    def end_sessions(self) -> None:
        """Have every open transaction fail and every lock be free."""
        self.session += 1
        self.locks.clear()
        self.shared.clear()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Open a transaction; its locks are free when it ends, however it ends."""
        transaction = Transaction(self)
        try:
            yield transaction
        finally:
            transaction.release()


class Transaction:
    """Reads what is committed; what it writes happens at the commit, or never."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._session = database.session
        self._writes: list[Callable[[], None]] = []
        self._held: list[Hashable] = []
        self._shared: list[Hashable] = []

    def lock(self, keys: Iterable[Hashable]) -> Generator[Point, None, None]:
        """Wait for the locks, in the order given."""
        for key in keys:
            while not self._is_free(key):
                yield lambda key=key: self._is_free(key)  # type: ignore[misc]
            self.expect_session()
            self.database.locks[key] = self
            self._held.append(key)

    def share(self, key: Hashable) -> Generator[Point, None, None]:
        """Wait until nobody holds the lock alone, and hold it beside others."""
        while self.database.locks.get(key, self) is not self:
            yield lambda: self.database.locks.get(key, self) is self
        self.expect_session()
        self.database.shared.setdefault(key, []).append(self)
        self._shared.append(key)

    def _is_free(self, key: Hashable) -> bool:
        is_alone = all(one is self for one in self.database.shared.get(key, ()))
        return is_alone and self.database.locks.get(key, self) is self

    def try_lock(self, key: Hashable) -> bool:
        """Take the lock if it is free."""
        if self.database.locks.get(key, self) is not self:
            return False
        self.database.locks[key] = self
        self._held.append(key)
        return True

    def write(self, what: Callable[[], None]) -> None:
        """Have it happen with the commit."""
        self._writes.append(what)

    def put(self, table: str, key: Hashable, row: object) -> None:
        """Have the row stand there with the commit."""
        self._writes.append(lambda: self.database[table].__setitem__(key, row))

    def delete(self, table: str, key: Hashable) -> None:
        """Have the row be gone with the commit."""
        self._writes.append(lambda: self.database[table].pop(key, None) and None)

    def expect_session(self) -> None:
        """Raises Away when the server ended the session."""
        if self._session != self.database.session:
            raise Away("the session ended")

    def commit(self) -> Generator[Point, None, None]:
        """Have all of it happen; raises Away when it did not, or nobody can say."""
        yield None
        world = self.database.world
        self.expect_session()
        if world.strikes("commit refused"):
            raise Away("rolled back")
        for write in self._writes:
            write()
        self.release()
        if world.strikes("commit unknown"):
            raise Away("committed, and not told so")
        yield None

    def release(self) -> None:
        """Free its locks."""
        for key in self._held:
            if self.database.locks.get(key) is self:
                del self.database.locks[key]
        for key in self._shared:
            holders = self.database.shared.get(key, [])
            holders[:] = [one for one in holders if one is not self]
        self._held.clear()
        self._shared.clear()
