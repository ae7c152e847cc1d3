"""Values inside CAP elements: times, references, polygons and circles, read leniently and said so."""

import re
from datetime import UTC, datetime

from services.guarantee.domain.cap.message import Circle, Finding, Named, Reference, Ring

_STRICT_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", re.ASCII)
_LENIENT_TIME = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)(?P<gap>T|t|\s+)(?P<clock>\d\d:\d\d:\d\d)(?P<fraction>\.\d+)?"
    r"\s*(?P<offset>Z|z|[+-]\d\d:?\d\d)?",
    re.ASCII,
)
_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)"
_PAIR = re.compile(rf"({_NUMBER}),({_NUMBER})", re.ASCII)
_CIRCLE = re.compile(rf"({_NUMBER}),\s*({_NUMBER})\s+({_NUMBER})", re.ASCII)
_NAME = re.compile(r"[^\s,<&]+")
LOCAL_OFFSET = "+08:00"  # GB/T messages write China standard time without an offset
EARTH_KM = 20_037  # half the Earth's girth: no larger radius means anything


class Unreadable(ValueError):
    """A value that cannot be meant; the text says why."""


def read_time(value: str) -> tuple[datetime, tuple[str, ...]]:
    """Return the instant in UTC and the codes of what had to be overlooked. Raises Unreadable."""
    matched = _LENIENT_TIME.fullmatch(value)
    if matched is None:
        raise Unreadable(f"{value[:40]!r} is not a time like 2021-07-20T06:02:00+08:00")
    offset = matched["offset"] or LOCAL_OFFSET
    offset = "+00:00" if offset in "Zz" else offset
    try:
        local = datetime.fromisoformat(f"{matched['day']}T{matched['clock']}{offset}")
        instant = local.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unreadable(f"{value[:40]!r} is not a moment of any calendar") from None
    return instant, _overlooked(value, matched)


def _overlooked(value: str, matched: re.Match[str]) -> tuple[str, ...]:
    if _STRICT_TIME.fullmatch(value):
        return ()
    said = {
        "time-z": (matched["offset"] or "") in {"Z", "z"},
        "time-blank": matched["gap"] not in "Tt",
        "time-offset-assumed": matched["offset"] is None,
        "time-fraction": matched["fraction"] is not None,
    }
    return tuple(code for code, is_so in said.items() if is_so) or ("time-form",)


def write_time(instant: datetime) -> str:
    """Return the instant as CAP wants it: seconds, numeric offset, never Z."""
    return instant.replace(microsecond=0).isoformat()


def is_name(value: str) -> bool:
    """Whether a text can be an identifier or sender: no blank, comma, < or & (CAP 1.2 §3.2.1)."""
    return _NAME.fullmatch(value) is not None


def read_references(value: str) -> tuple[Reference, ...]:
    """Return the triples sender,identifier,sent separated by blanks. Raises Unreadable."""
    return tuple(_reference(triple) for triple in _triples(value))


def _triples(value: str) -> list[str]:
    """Split at blanks, but keep the blank that a lenient sender writes inside a time."""
    triples: list[str] = []
    for word in value.split():
        if triples and "," not in word:
            triples[-1] = f"{triples[-1]} {word}"
        else:
            triples.append(word)
    return triples


def _reference(triple: str) -> Reference:
    parts = triple.split(",")
    if len(parts) != 3 or not (is_name(parts[0]) and is_name(parts[1])):
        raise Unreadable(f"{triple[:60]!r} is not sender,identifier,sent")
    sent, _ = read_time(parts[2])
    return Reference(parts[0], parts[1], sent)


def read_ring(value: str) -> tuple[Ring, Finding | None]:
    """Return the closed ring, and a note when it had to be closed. Raises Unreadable."""
    points = tuple(_point(pair) for pair in value.split())
    if points and points[0] != points[-1]:
        points = (*points, points[0])
        note = Finding("polygon-closed", "the last pair was not the first; it was added", "polygon")
    else:
        note = None
    if len(points) < 4:
        raise Unreadable("a polygon needs four pairs, the last equal to the first")
    return points, note


def _point(pair: str) -> tuple[float, float]:
    matched = _PAIR.fullmatch(pair)
    if matched is None:
        raise Unreadable(f"{pair[:40]!r} is not latitude,longitude")
    return _on_earth(float(matched[1]), float(matched[2]))


def _on_earth(latitude: float, longitude: float) -> tuple[float, float]:
    if abs(latitude) > 90:
        raise Unreadable(f"latitude {latitude:g} is impossible: swapped with longitude?")
    if abs(longitude) > 180:
        raise Unreadable(f"longitude {longitude:g} is impossible")
    return latitude, longitude


def read_circle(value: str) -> Circle:
    """Return the circle of "lat,lon radius" with the radius in kilometres. Raises Unreadable."""
    matched = _CIRCLE.fullmatch(value)
    if matched is None:
        raise Unreadable(f"{value[:40]!r} is not latitude,longitude radius")
    latitude, longitude = _on_earth(float(matched[1]), float(matched[2]))
    radius_km = float(matched[3])
    if not 0 <= radius_km <= EARTH_KM:
        raise Unreadable(f"a radius of {radius_km:g} km is impossible")
    return Circle(latitude, longitude, radius_km)


def named(pairs: tuple[Named, ...], names: frozenset[str]) -> tuple[str, ...]:
    """Return the values whose name, without regard to case, is one of `names` (lower case)."""
    return tuple(one.value for one in pairs if one.name.strip().lower() in names)
