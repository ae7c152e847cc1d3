"""One measured value as a collector sent it: read, converted to its metric's unit, or refused."""

import hashlib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec

from services.analytics.domain.indicator import Metric
from services.analytics.domain.jurisdiction import Locator
from services.analytics.domain.station import Station
from vocabulary import Mode, Place

FUTURE_TOLERANCE = timedelta(minutes=2)  # clocks of collectors; users.md §7 mistake 7
RETENTION = timedelta(days=7)  # how long keys are kept, so how old a sample may be: longest window
# (24 h) + longest lateness (24 h), and a week of outage of a collector that buffers
MAX_TEXT = 128  # characters of a station, metric, unit or observation id


class LinePlace(msgspec.Struct, frozen=True):
    """A point, WGS 84 degrees, of an observation that no registered station made."""

    longitude: float
    latitude: float


class Line(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """One line of NDJSON: who measured what, when, in which unit."""

    metric: str
    value: float
    unit: str
    observed_at: datetime
    station: str | None = None
    place: LinePlace | None = None
    observation_id: str | None = None
    mode: Mode = Mode.REAL


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why one line was not accepted; `line` counts from 1."""

    line: int
    code: str
    message: str


class Refused(Exception):
    """A line that cannot be accepted: stable code and a message that says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Observation:
    """An accepted value, in the unit of its metric; `key` is the same for the same measurement."""

    key: bytes
    mode: Mode
    source: str
    jurisdiction: str
    metric: str
    value: float
    unit: str
    observed_at: datetime
    observation_id: str | None


_DECODER = msgspec.json.Decoder(Line)
_NOT_NUMBERS = (b"NaN", b"Infinity")

# Factors to the first unit of each group; exact by definition (SI, international foot and knot).
_LINEAR = (
    {"mm": 1.0, "cm": 10.0, "m": 1000.0, "in": 25.4, "ft": 304.8},
    {"m/s": 1.0, "km/h": 1 / 3.6, "kn": 1852 / 3600, "mph": 0.44704},
)
_TO_CELSIUS: Mapping[str, Callable[[float], float]] = {
    "K": lambda value: value - 273.15,
    "°F": lambda value: (value - 32) / 1.8,
}


def read_line(raw: bytes) -> Line:
    """The line as it was meant; raises Refused saying which member is wrong."""
    try:
        line = _DECODER.decode(raw)
    except msgspec.ValidationError as error:
        raise Refused("LINE_INVALID", str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        if any(word in raw for word in _NOT_NUMBERS):
            raise Refused("VALUE_NOT_FINITE", "NaN and Infinity are not measurements.") from None
        raise Refused("LINE_NOT_JSON", f"Each line is one JSON object: {error}.") from None
    _check_texts(line)
    return line


def accept(
    line: Line,
    *,
    now: datetime,
    metrics: Mapping[str, Metric],
    stations: Mapping[str, Station],
    locate: Locator,
) -> Observation:
    """The observation that the line tells, in its metric's own unit.

    Raises Refused: unknown metric or station, a unit that does not convert, a value that is not
    finite or not plausible, a time more than two minutes ahead of `now` or older than keys are kept.
    """
    metric = metrics.get(line.metric)
    if metric is None:
        raise Refused("METRIC_UNKNOWN", f"{line.metric!r} is none of {', '.join(sorted(metrics))}.")
    observed_at = _check_time(line.observed_at, now)
    value = _plausible(convert(line.value, line.unit, metric.unit), metric)
    source, jurisdiction = _source(line, stations, locate)
    return Observation(
        key=_key(line, source, observed_at),
        mode=line.mode,
        source=source,
        jurisdiction=jurisdiction,
        metric=metric.name,
        value=value,
        unit=metric.unit,
        observed_at=observed_at,
        observation_id=line.observation_id,
    )


def convert(value: float, unit: str, to: str) -> float:
    """`value` of `unit` in unit `to`; raises Refused UNIT_NOT_CONVERTIBLE when they differ in kind."""
    if unit == to:
        return value
    if to == "°C" and unit in _TO_CELSIUS:
        return _TO_CELSIUS[unit](value)
    for factors in _LINEAR:
        if unit in factors and to in factors:
            return value * factors[unit] / factors[to]
    raise Refused("UNIT_NOT_CONVERTIBLE", f"{unit!r} cannot be converted to {to!r}.")


def _check_texts(line: Line) -> None:
    texts = {
        "metric": line.metric,
        "unit": line.unit,
        "station": line.station,
        "observationId": line.observation_id,
    }
    for name, text in texts.items():
        if text is not None and (not 0 < len(text) <= MAX_TEXT or not text.isprintable()):
            raise Refused("LINE_INVALID", f"{name} is 1-{MAX_TEXT} printable characters.")


def _check_time(observed_at: datetime, now: datetime) -> datetime:
    if observed_at.tzinfo is None:
        raise Refused("LINE_INVALID", "observedAt needs its offset, e.g. +08:00.")
    try:
        instant = observed_at.astimezone(UTC)
    except OverflowError:
        raise Refused("LINE_INVALID", "observedAt lies outside the years 1 to 9999.") from None
    if instant > now + FUTURE_TOLERANCE:
        raise Refused(
            "OBSERVED_IN_FUTURE",
            f"It is {now.isoformat()}; observedAt may be at most 2 minutes ahead.",
        )
    if instant < now - RETENTION:
        raise Refused(
            "OBSERVED_TOO_OLD",
            f"Samples are taken up to {RETENTION.days} days back: beyond that a repeat could not"
            " be told from a new one.",
        )
    return instant


def _plausible(value: float, metric: Metric) -> float:
    if not math.isfinite(value):
        raise Refused("VALUE_NOT_FINITE", "The value must be finite.")
    if not metric.minimum <= value <= metric.maximum:
        raise Refused(
            "VALUE_OUT_OF_RANGE",
            f"{metric.name} lies between {metric.minimum:g} and {metric.maximum:g} {metric.unit}.",
        )
    return value


def _source(line: Line, stations: Mapping[str, Station], locate: Locator) -> tuple[str, str]:
    match line.station, line.place:
        case (str() as name, None):
            return _station(stations, name, line.metric)
        case (None, LinePlace() as place):
            return _place(place, locate)
        case _:
            raise Refused("STATION_OR_PLACE", "Give either station or place.")


def _station(stations: Mapping[str, Station], name: str, metric: str) -> tuple[str, str]:
    station = stations.get(name)
    if station is None:
        raise Refused("STATION_UNKNOWN", f"Register {name!r} first: PUT /v1/stations/{name}.")
    if metric not in station.metrics:
        raise Refused(
            "METRIC_NOT_MEASURED",
            f"{name!r} is registered for {', '.join(station.metrics)}, not for {metric}.",
        )
    return station.id, station.jurisdiction


def _place(given: LinePlace, locate: Locator) -> tuple[str, str]:
    try:
        place = Place(given.longitude, given.latitude)
    except ValueError as error:
        raise Refused("LINE_INVALID", str(error)) from None
    jurisdiction = locate(place)
    if jurisdiction is None:
        raise Refused(
            "PLACE_OUTSIDE_JURISDICTIONS",
            "No known jurisdiction's boundary contains the place; name a station instead.",
        )
    return f"at:{place.longitude:.5f},{place.latitude:.5f}", jurisdiction  # 5 digits: about 1 m


def _key(line: Line, source: str, observed_at: datetime) -> bytes:
    """A station has one value of a metric at an instant; at a place several may report, by id."""
    named = line.observation_id if line.station is None else None
    identity = (line.mode, source, line.metric, observed_at.isoformat(), named)
    return hashlib.blake2b(msgspec.json.encode(identity), digest_size=16).digest()
