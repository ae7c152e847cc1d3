CREATE TABLE IF NOT EXISTS observation
(
    mode LowCardinality(String),
    source LowCardinality(String),
    jurisdiction LowCardinality(String),
    metric LowCardinality(String),
    value Float64,
    unit LowCardinality(String),
    observed_at DateTime64(6, 'UTC'),
    recorded_at DateTime64(6, 'UTC'),
    observation_id String,
    load_id String
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(observed_at)
ORDER BY (mode, metric, source, observed_at)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS reading
(
    mode LowCardinality(String),
    indicator LowCardinality(String),
    jurisdiction LowCardinality(String),
    as_of DateTime64(6, 'UTC'),
    value Nullable(Float64),
    unit LowCardinality(String),
    window_seconds UInt32,
    quality Nullable(Float64),
    revision UInt32,
    told_at DateTime64(6, 'UTC'),
    load_id String
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(as_of)
ORDER BY (mode, indicator, jurisdiction, as_of, revision)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS event_log
(
    seq UInt64,
    event_id String,
    service LowCardinality(String),
    aggregate LowCardinality(String),
    event LowCardinality(String),
    major UInt16,
    id String,
    area LowCardinality(String),
    mode LowCardinality(String),
    version UInt64,
    time DateTime64(6, 'UTC'),
    heard_at DateTime64(6, 'UTC'),
    correlation_id String,
    causation_id String,
    payload String,
    load_id String,
    INDEX by_correlation correlation_id TYPE bloom_filter GRANULARITY 1,
    INDEX by_event event_id TYPE bloom_filter GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(time)
ORDER BY (seq)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;
