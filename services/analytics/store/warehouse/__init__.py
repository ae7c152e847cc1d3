"""The warehouse: ClickHouse SQL, in an embedded engine of this process or on a cluster.

The engine is imported when it is opened: everything else of the service runs without it.
"""

import asyncio
import functools
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from chassis.errors import Unavailable
from services.analytics.domain import Kind, Load
from services.analytics.store.warehouse import ddl
from services.analytics.store.warehouse.ddl import TABLES
from services.analytics.store.warehouse.lock import Holder, WarehouseLocked, hold

__all__ = [
    "TABLES",
    "Holder",
    "Warehouse",
    "WarehouseAway",
    "WarehouseLocked",
    "ddl",
    "embedded_url",
    "open_warehouse",
]

T = TypeVar("T")
# the range of the columns' type, DateTime64
_FIRST, _LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2299, 12, 31, tzinfo=UTC)
READERS = 2  # threads beside the one that writes; the machine class has two cores


class WarehouseAway(Unavailable):
    """The warehouse does not answer; what is accepted meanwhile waits in PostgreSQL."""

    slug = "warehouse-away"


@dataclass(frozen=True, slots=True)
class _Threads:
    """One writing thread and a few reading ones; each has a client of its own."""

    write: ThreadPoolExecutor
    read: ThreadPoolExecutor


class Warehouse:
    """An open warehouse. Calls run in worker threads, so the event loop is never held up."""

    def __init__(self, connect: Callable[[], Any], resources: ExitStack) -> None:
        self._connect = connect
        self._resources = resources
        self._local = threading.local()
        self._clients: list[Any] = []
        self._threads = _Threads(
            ThreadPoolExecutor(1, "warehouse-write"), ThreadPoolExecutor(READERS, "warehouse-read")
        )

    async def insert(self, load: Load, columns: Sequence[Sequence[object]]) -> None:
        """Leave the rows of this load in the warehouse once, however often this is called for it.

        `columns` are in the order of the table. The load's id is the token by which the engine
        drops a repeated insert.
        """
        table = TABLES[load.kind]
        data = [*columns, [load.id] * load.rows]
        settings = {
            "insert_deduplication_token": load.id,
            "insert_deduplicate": 1,
            "distributed_foreground_insert": 1,  # on a cluster: acknowledged by the shard itself
        }
        await self._in(
            self._threads.write,
            lambda client: client.insert(
                str(load.kind),
                data,
                column_names=[*table.names, "load_id"],
                column_oriented=True,
                settings=settings,
            ),
        )

    async def query(
        self, sql: str, parameters: Mapping[str, object] | None = None
    ) -> list[dict[str, Any]]:
        """The rows that `sql` gives, by column name; instants are aware UTC."""
        asked = {name: _within(value) for name, value in (parameters or {}).items()}
        result = await self._in(
            self._threads.read, lambda client: client.query(sql, parameters=asked)
        )
        names = result.column_names
        return [dict(zip(names, map(_aware, row), strict=True)) for row in result.result_rows]

    async def rows_of(self, load: Load) -> int:
        """How many rows of the load have arrived."""
        found = await self.query(
            f"SELECT count() AS rows FROM {load.kind} WHERE load_id = {{id:String}}",  # noqa: S608
            {"id": load.id},
        )
        return int(found[0]["rows"])

    async def count(self, kind: Kind) -> int:
        """How many rows of this kind the warehouse holds."""
        found = await self.query(f"SELECT count() AS rows FROM {kind}")  # noqa: S608 - an enum
        return int(found[0]["rows"])

    async def create(self, statements: Sequence[str]) -> None:
        """Run the statements that leave every table in place."""
        for statement in statements:
            await self._in(self._threads.write, functools.partial(_command, sql=statement))

    def close(self) -> None:
        """End the threads, close the clients, release the lock."""
        self._threads.write.shutdown()
        self._threads.read.shutdown()
        for client in self._clients:
            client.close()
        self._resources.close()

    async def _in(self, threads: ThreadPoolExecutor, work: Callable[[Any], T]) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(threads, lambda: self._call(work))

    def _call(self, work: Callable[[Any], T]) -> T:
        from clickhouse_connect.driver.exceptions import OperationalError

        try:
            return work(self._client())
        except (OperationalError, OSError) as error:
            raise WarehouseAway("The warehouse does not answer.", remedy="Retry.") from error

    def _client(self) -> Any:  # noqa: ANN401 - an untyped driver
        """The client of this thread."""
        from clickhouse_connect.driver.exceptions import ClickHouseError

        if not hasattr(self._local, "client"):
            try:
                self._local.client = self._connect()
            except ClickHouseError as error:
                because = str(error).splitlines()[0]
                raise WarehouseAway(f"The warehouse cannot be opened: {because}") from error
            self._clients.append(self._local.client)
        return self._local.client


def embedded_url(data_dir: Path) -> str:
    """The address of the embedded engine in this service's folder."""
    return f"chdb://{(data_dir / 'warehouse').resolve()}"


async def open_warehouse(url: str, *, cluster: str | None, now: datetime) -> Warehouse:
    """Open the warehouse at `url` with every table in place.

    `chdb:///folder` is the embedded engine, one process at a time; anything else a server's DSN,
    on which `cluster` names the cluster to create the tables on. `now` is wall time. Raises
    WarehouseLocked and WarehouseAway.
    """
    with ExitStack() as resources:
        if _is_embedded(url):
            resources.enter_context(hold(_folder(url), now=now))
        warehouse = Warehouse(_connector(url), resources.pop_all())
    try:
        await warehouse.create(ddl.clustered(cluster) if cluster else ddl.embedded())
    except BaseException:
        warehouse.close()
        raise
    return warehouse


def _command(client: Any, *, sql: str) -> None:  # noqa: ANN401 - an untyped driver
    client.command(sql)


def _is_embedded(url: str) -> bool:
    return urlsplit(url).scheme == "chdb"


def _folder(url: str) -> Path:
    return Path(urlsplit(url).path)


def _connector(url: str) -> Callable[[], Any]:
    def connect() -> Any:  # noqa: ANN401 - a client of an untyped driver
        import clickhouse_connect

        # a server's session takes one query at a time, so none is asked for; embedded has no such thing
        options: dict[str, Any] = {} if _is_embedded(url) else {"autogenerate_session_id": False}
        return clickhouse_connect.get_client(dsn=url, **options)

    return connect


def _within(value: object) -> object:
    """An instant that the engine can compare with: none it holds lies beyond the nearest of them."""
    return min(max(value, _FIRST), _LAST) if isinstance(value, datetime) else value


def _aware(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    return value
