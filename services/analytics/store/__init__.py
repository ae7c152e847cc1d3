"""What analytics keeps: PostgreSQL for what is accepted and told, the warehouse for all history."""

from services.analytics.store.detection import open_detections, put_detection
from services.analytics.store.event_log import stage_events
from services.analytics.store.indicator import (
    forget_windows,
    indicators,
    known_indicators,
    put_indicators,
    put_readings,
    put_windows,
    reading_payload,
    told_readings,
    windows,
)
from services.analytics.store.jurisdiction import jurisdictions_with_boundary, put_jurisdiction
from services.analytics.store.load import (
    begin_load,
    finish_load,
    ledger,
    load_columns,
    newest_batch,
    oldest_batch,
    open_load,
    stage,
)
from services.analytics.store.observation import (
    forget_observations,
    lock_metric,
    payload,
    samples,
    take_observations,
    values_by_key,
)
from services.analytics.store.plan import put_plan, watched_thresholds
from services.analytics.store.rule import detection_rules, indicator_rules
from services.analytics.store.situation import counting_items, put_items
from services.analytics.store.station import (
    find_station,
    put_station,
    stations_by_id,
    stations_measuring,
)
from services.analytics.store.tables import DETECTION, INDICATOR, READING, STATION, metadata
from services.analytics.store.warehouse import (
    Warehouse,
    WarehouseAway,
    WarehouseLocked,
    embedded_url,
    open_warehouse,
)

__all__ = [
    "DETECTION",
    "INDICATOR",
    "READING",
    "STATION",
    "Warehouse",
    "WarehouseAway",
    "WarehouseLocked",
    "begin_load",
    "counting_items",
    "detection_rules",
    "embedded_url",
    "find_station",
    "finish_load",
    "forget_observations",
    "forget_windows",
    "indicator_rules",
    "indicators",
    "jurisdictions_with_boundary",
    "known_indicators",
    "ledger",
    "load_columns",
    "lock_metric",
    "metadata",
    "newest_batch",
    "oldest_batch",
    "open_detections",
    "open_load",
    "open_warehouse",
    "payload",
    "put_detection",
    "put_indicators",
    "put_items",
    "put_jurisdiction",
    "put_plan",
    "put_readings",
    "put_station",
    "put_windows",
    "reading_payload",
    "samples",
    "stage",
    "stage_events",
    "stations_by_id",
    "stations_measuring",
    "take_observations",
    "told_readings",
    "values_by_key",
    "watched_thresholds",
    "windows",
]
