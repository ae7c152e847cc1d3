"""Places on the ground: WGS 84 points, distances, and conversion from the systems that Chinese maps deliver."""

import math
from dataclasses import dataclass
from enum import StrEnum

EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG
_GCJ_A = 6_378_245.0  # m, Krasovsky 1940 semi-major axis used by GCJ-02
_GCJ_EE = 0.006_693_421_622_965_943  # its first eccentricity squared


class Crs(StrEnum):
    """Coordinate systems accepted at the border; CGCS2000 equals WGS 84 within decimetres."""

    WGS84 = "WGS84"
    CGCS2000 = "CGCS2000"
    GCJ02 = "GCJ02"
    BD09 = "BD09"


@dataclass(frozen=True, slots=True)
class Place:
    """A point, WGS 84 degrees; raises ValueError outside -180..180, -90..90."""

    longitude: float
    latitude: float

    def __post_init__(self) -> None:
        if not (-180 <= self.longitude <= 180 and -90 <= self.latitude <= 90):
            message = (
                f"longitude {self.longitude}, latitude {self.latitude} is not on Earth: swapped?"
            )
            raise ValueError(message)


def distance_m(one: Place, other: Place) -> float:
    """Great-circle distance in metres (haversine)."""
    lat1, lat2 = math.radians(one.latitude), math.radians(other.latitude)
    half_lat = (lat2 - lat1) / 2
    half_lon = math.radians(other.longitude - one.longitude) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord)))


def to_wgs84(longitude: float, latitude: float, crs: Crs) -> Place:
    """The WGS 84 point of coordinates given in `crs`, within a metre for GCJ-02 and BD-09."""
    match crs:
        case Crs.WGS84 | Crs.CGCS2000:
            return Place(longitude, latitude)
        case Crs.GCJ02:
            return _gcj02_to_wgs84(longitude, latitude)
        case Crs.BD09:
            return _gcj02_to_wgs84(*_bd09_to_gcj02(longitude, latitude))


def _bd09_to_gcj02(longitude: float, latitude: float) -> tuple[float, float]:
    x, y = longitude - 0.0065, latitude - 0.006
    spin = math.pi * 3000.0 / 180.0
    radius = math.hypot(x, y) - 0.00002 * math.sin(y * spin)
    angle = math.atan2(y, x) - 0.000003 * math.cos(x * spin)
    return radius * math.cos(angle), radius * math.sin(angle)


def _gcj02_to_wgs84(longitude: float, latitude: float) -> Place:
    """Invert the offset by fixed-point iteration: it contracts, four rounds reach centimetres."""
    lon, lat = longitude, latitude
    for _ in range(4):
        shifted_lon, shifted_lat = _wgs84_to_gcj02(lon, lat)
        lon, lat = lon + longitude - shifted_lon, lat + latitude - shifted_lat
    return Place(lon, lat)


def _wgs84_to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    if not (72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271):
        return lon, lat  # GCJ-02 shifts only inside this box
    d_lat, d_lon = _offset_lat(lon - 105, lat - 35), _offset_lon(lon - 105, lat - 35)
    rad = math.radians(lat)
    magic = 1 - _GCJ_EE * math.sin(rad) ** 2
    d_lat = math.degrees(d_lat * magic * math.sqrt(magic) / (_GCJ_A * (1 - _GCJ_EE)))
    d_lon = math.degrees(d_lon * math.sqrt(magic) / (_GCJ_A * math.cos(rad)))
    return lon + d_lon, lat + d_lat


def _waves(t: float, *, parts: tuple[tuple[float, float], ...]) -> float:
    return sum(amplitude * math.sin(t * frequency * math.pi) for amplitude, frequency in parts)


def _offset_lat(x: float, y: float) -> float:
    base = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    return base + 2 / 3 * (
        _waves(x, parts=((20, 6), (20, 2)))
        + _waves(y, parts=((20, 1), (40, 1 / 3)))
        + _waves(y, parts=((160, 1 / 12), (320, 1 / 30)))
    )


def _offset_lon(x: float, y: float) -> float:
    base = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    return base + 2 / 3 * (
        _waves(x, parts=((20, 6), (20, 2)))
        + _waves(x, parts=((20, 1), (40, 1 / 3)))
        + _waves(x, parts=((150, 1 / 12), (300, 1 / 30)))
    )
