"""What the reads share: documents decoded, modes, prefixes of codes."""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from chassis import batches
from services.guarantee.domain.ledger import Ledger
from vocabulary import Mode, Place

T = TypeVar("T")
_LEVEL_ENDS = (2, 4, 6, 9, 12)  # province, city, county, township, village in GB/T 2260


def document(text: str, of: type[T]) -> T:
    """Return the aggregate that a stored document holds."""
    return msgspec.json.decode(text, type=of)


def mode_of(args: Mapping[str, Any]) -> Mode:
    """Return the mode that a batch asks for: REAL unless it says EXERCISE."""
    return batches.argument(args, "mode", Mode, Mode.REAL)


def ledger_of(args: Mapping[str, Any]) -> Ledger:
    """Return the ledger that a batch asks for: the real one unless it names an exercise."""
    exercise = batches.argument(args, "exerciseId", str, "") or None
    return Ledger(mode_of(args) if exercise is None else Mode.EXERCISE, exercise)


def prefix_of(code: str) -> str:
    """Return the digits with which the code of every division inside begins; "" for the nation."""
    if not code.strip("0"):
        return ""
    ends = (code[:end] for end in _LEVEL_ENDS if not code[end:].strip("0"))
    return next(ends, code)  # a key that is no code names itself only


class PlaceView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A point, WGS 84 degrees."""

    longitude: float
    latitude: float


def place_view(place: Place | None) -> PlaceView | None:
    """Show a place, if it is known."""
    return None if place is None else PlaceView(longitude=place.longitude, latitude=place.latitude)
