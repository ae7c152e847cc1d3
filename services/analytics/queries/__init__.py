"""What readers are shown."""

from services.analytics.queries.detection import DetectionView, detections
from services.analytics.queries.event_log import EventView, LinkView, events, links
from services.analytics.queries.indicator import (
    PointView,
    ReadingView,
    present_readings,
    readings,
    series,
)
from services.analytics.queries.load import LedgerView, ledger
from services.analytics.queries.rule import RulesView, rules
from services.analytics.queries.situation import SituationView, situations
from services.analytics.queries.station import StationView, station, station_view, stations

__all__ = [
    "DetectionView",
    "EventView",
    "LedgerView",
    "LinkView",
    "PointView",
    "ReadingView",
    "RulesView",
    "SituationView",
    "StationView",
    "detections",
    "events",
    "ledger",
    "links",
    "present_readings",
    "readings",
    "rules",
    "series",
    "situations",
    "station",
    "station_view",
    "stations",
]
