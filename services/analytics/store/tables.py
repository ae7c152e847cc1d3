"""The tables of analytics in PostgreSQL: what is accepted, what is told, what waits for the warehouse."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from chassis import database, documents
from chassis.policy import Visible

metadata = database.metadata()

INSTANT = DateTime(timezone=True)

STATION = documents.table(
    "station",
    metadata,
    Column("jurisdiction", Text, nullable=False),
    Column("metrics", ARRAY(Text), nullable=False),
    Index("ix_station_metrics", "metrics", postgresql_using="gin"),
)

# Accepted samples: the key refuses repeats, the rest is what windows are made of. Kept for
# domain.RETENTION; the whole history is in the warehouse.
OBSERVATION = Table(
    "observation",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column("mode", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("jurisdiction", Text, nullable=False),
    Column("metric", Text, nullable=False),
    Column("observed_at", INSTANT, nullable=False),
    Column("value", Float, nullable=False),
    Index("ix_observation_window", "mode", "metric", "source", "observed_at"),
    Index("ix_observation_observed_at", "observed_at"),
)

# The newest window of each source: what a jurisdiction's reading is combined from.
STATION_WINDOW = Table(
    "station_window",
    metadata,
    Column("mode", Text, primary_key=True),
    Column("indicator", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("jurisdiction", Text, nullable=False),
    Column("as_of", INSTANT, nullable=False),
    Column("value", Float, nullable=False),
    Column("samples", Integer, nullable=False),
)

# One row per indicator and jurisdiction: as last evaluated, and as last told.
INDICATOR = Table(
    "indicator",
    metadata,
    Column("mode", Text, primary_key=True),
    Column("indicator", Text, primary_key=True),
    Column("jurisdiction", Text, primary_key=True),
    Column("as_of", INSTANT, nullable=False),
    Column("value", Float),
    Column("quality", Float),
    Column("told_as_of", INSTANT),
    Column("told_value", Float),
    Column("told_quality", Float),
    Column("told_revision", Integer, nullable=False),
)

# Readings as they were told; a late sample revises them in place (the warehouse keeps every one).
READING = Table(
    "reading",
    metadata,
    Column("mode", Text, primary_key=True),
    Column("indicator", Text, primary_key=True),
    Column("jurisdiction", Text, primary_key=True),
    Column("as_of", INSTANT, primary_key=True),
    Column("value", Float),
    Column("quality", Float),
    Column("revision", Integer, nullable=False),
    Column("told_at", INSTANT, nullable=False),
    Index("ix_reading_page", "mode", "as_of", "indicator", "jurisdiction"),
)

DETECTION = documents.table(
    "detection",
    metadata,
    Column("mode", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("colour", Text, nullable=False),
    Column("indicator", Text, nullable=False),
    Column("jurisdiction", Text, nullable=False),
    Column("raised_at", INSTANT, nullable=False),
    Column("cleared_at", INSTANT),
    Index(
        "uq_detection_open",
        "mode",
        "rule",
        "colour",
        "indicator",
        "jurisdiction",
        unique=True,
        postgresql_where=text("cleared_at IS NULL"),
    ),
    Index("ix_detection_raised_at", "raised_at", "id"),
)

# Copies of what other services publish; the newest version of each.
JURISDICTION = Table(
    "jurisdiction",
    metadata,
    Column("code", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("parent", Text),
    Column("boundary_geojson", Text),
)

PLAN = Table(
    "plan",
    metadata,
    Column("id", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("plan_version", Text, nullable=False),
    Column("jurisdiction", Text, nullable=False),
    Column("thresholds", LargeBinary, nullable=False),  # JSON of the watched thresholds
)

SITUATION_ITEM = Table(
    "situation_item",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("mode", Text, nullable=False),
    Column("jurisdiction", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("open", Integer, nullable=False),  # 1 counts, 0 does not
    Column("sealed", Boolean),
    Column("at", INSTANT, nullable=False),
    Column("incident_id", Text),
    Index("ix_situation_item_incident_id", "incident_id"),
    Index("ix_situation_item_open", "mode", "kind", "at", postgresql_where=text("open = 1")),
    info={"visible": Visible(area="jurisdiction", sealed="sealed")},
)

# Rows on their way into the warehouse, in batches as they were accepted.
LOAD = Table(
    "load",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("opened_at", INSTANT, nullable=False),
)

BATCH = Table(
    "batch",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("load_id", Text, ForeignKey("load.id")),
    Index("ix_batch_staged", "kind", "id", postgresql_where=text("load_id IS NULL")),
    Index("ix_batch_load_id", "load_id"),
)

LOADED = Table(
    "loaded",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("rows", BigInteger, nullable=False),
)

# The number of the last logged event: one row, whose lock makes numbers follow commits, gapless.
LOG_POSITION = Table(
    "log_position",
    metadata,
    Column("log", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
)
