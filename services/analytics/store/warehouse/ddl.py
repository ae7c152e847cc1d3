"""The warehouse's tables, declared once and rendered for the embedded engine and for a cluster."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.analytics.domain import Kind

# An insert that was acknowledged survives a power cut: parts and their directory are synced.
_DURABLE = ("fsync_after_insert = 1", "fsync_part_directory = 1")
_REMEMBERED = 1000  # tokens of past inserts; at most one load is ever in doubt


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `load_id` is added to every table by the rendering."""

    name: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WarehouseTable:
    """A table: its columns in the order of staged payloads, its order and its partitions."""

    kind: Kind
    columns: tuple[Column, ...]
    order_by: str
    partition_by: str
    indexes: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The column names in the order of staged payloads."""
        return tuple(column.name for column in self.columns)


_CODE = "LowCardinality(String)"
_INSTANT = "DateTime64(6, 'UTC')"

TABLES = {
    table.kind: table
    for table in (
        WarehouseTable(
            kind=Kind.OBSERVATION,
            columns=(
                Column("mode", _CODE),
                Column("source", _CODE),
                Column("jurisdiction", _CODE),
                Column("metric", _CODE),
                Column("value", "Float64"),
                Column("unit", _CODE),
                Column("observed_at", _INSTANT),
                Column("recorded_at", _INSTANT),
                Column("observation_id", "String"),
            ),
            order_by="mode, metric, source, observed_at",
            partition_by="toYYYYMM(observed_at)",
        ),
        WarehouseTable(
            kind=Kind.READING,
            columns=(
                Column("mode", _CODE),
                Column("indicator", _CODE),
                Column("jurisdiction", _CODE),
                Column("as_of", _INSTANT),
                Column("value", "Nullable(Float64)"),
                Column("unit", _CODE),
                Column("window_seconds", "UInt32"),
                Column("quality", "Nullable(Float64)"),
                Column("revision", "UInt32"),
                Column("told_at", _INSTANT),
            ),
            order_by="mode, indicator, jurisdiction, as_of, revision",
            partition_by="toYYYYMM(as_of)",
        ),
        WarehouseTable(
            kind=Kind.EVENT,
            columns=(
                Column("seq", "UInt64"),
                Column("event_id", "String"),
                Column("service", _CODE),
                Column("aggregate", _CODE),
                Column("event", _CODE),
                Column("major", "UInt16"),
                Column("id", "String"),
                Column("area", _CODE),
                Column("mode", _CODE),
                Column("version", "UInt64"),
                Column("time", _INSTANT),
                Column("heard_at", _INSTANT),
                Column("correlation_id", "String"),
                Column("causation_id", "String"),
                Column("payload", "String"),
            ),
            order_by="seq",
            partition_by="toYYYYMM(time)",
            indexes=(
                "INDEX by_correlation correlation_id TYPE bloom_filter GRANULARITY 1",
                "INDEX by_event event_id TYPE bloom_filter GRANULARITY 1",
            ),
        ),
    )
}


def embedded() -> tuple[str, ...]:
    """The statements that leave the embedded engine with every table."""
    window = f"non_replicated_deduplication_window = {_REMEMBERED}"
    return tuple(
        _create(table, table.kind, engine="MergeTree", cluster="", settings=(window, *_DURABLE))
        for table in TABLES.values()
    )


def clustered(cluster: str) -> tuple[str, ...]:
    """The statements that leave every node of the cluster with local and distributed tables."""
    on = f" ON CLUSTER {_quoted(cluster)}"
    window = f"replicated_deduplication_window = {_REMEMBERED}"
    statements = []
    for table in TABLES.values():
        local = f"{table.kind}_local"
        path = f"/clickhouse/tables/{{shard}}/{{database}}/{local}"
        engine = f"ReplicatedMergeTree('{path}', '{{replica}}')"
        create = _create(table, local, engine=engine, cluster=on, settings=(window, *_DURABLE))
        spread = (
            f"CREATE TABLE IF NOT EXISTS {table.kind}{on} AS {local}\n"
            f"ENGINE = Distributed({_quoted(cluster)}, currentDatabase(), {local},"
            " cityHash64(load_id))"
        )
        statements += [create, spread]
    return tuple(statements)


def _create(
    table: WarehouseTable, name: str, *, engine: str, cluster: str, settings: Sequence[str]
) -> str:
    columns = [f"{column.name} {column.type}" for column in table.columns]
    body = ",\n    ".join([*columns, "load_id String", *table.indexes])
    return (
        f"CREATE TABLE IF NOT EXISTS {name}{cluster}\n(\n    {body}\n)\n"
        f"ENGINE = {engine}\n"
        f"PARTITION BY {table.partition_by}\n"
        f"ORDER BY ({table.order_by})\n"
        f"SETTINGS {', '.join(settings)}"
    )


def _quoted(name: str) -> str:
    if not name.replace("_", "").replace("-", "").isalnum():
        message = f"cluster name {name!r} is not made of letters, digits, '_' and '-'"
        raise ValueError(message)
    return f"`{name}`"
