"""Travel times between places: great circle × circuity at the speed of the hour, plus turnout; an estimate."""

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone

import numpy as np
from numpy.typing import NDArray

from services.guarantee.domain.rule import DispatchRule
from vocabulary import Place
from vocabulary.place import EARTH_RADIUS_M

QUALITY = "estimate"
LOCAL_TIME = timezone(timedelta(hours=8))  # the hour classes of the speeds are of this clock

Minutes = NDArray[np.float64]


def minutes_between(
    origins: Sequence[Place | None],
    destinations: Sequence[Place | None],
    *,
    depart_at: datetime,
    rule: DispatchRule,
) -> Minutes:
    """Return minutes of travel, origins down and destinations across; NaN where a place is unknown."""
    metres = _metres(_radians(origins), _radians(destinations))
    speed_m_min = rule.speed_km_h[depart_at.astimezone(LOCAL_TIME).hour] * 1000 / 60
    minutes: Minutes = metres * rule.circuity / speed_m_min + rule.turnout_minutes
    return minutes


def _radians(places: Sequence[Place | None]) -> NDArray[np.float64]:
    known = [(np.nan, np.nan) if one is None else (one.latitude, one.longitude) for one in places]
    return np.radians(np.array(known, dtype=np.float64).reshape(-1, 2))


def _metres(origins: NDArray[np.float64], ends: NDArray[np.float64]) -> NDArray[np.float64]:
    lat, lon = origins[:, :1], origins[:, 1:]
    half_lat, half_lon = (ends[:, 0] - lat) / 2, (ends[:, 1] - lon) / 2
    chord = np.sin(half_lat) ** 2 + np.cos(lat) * np.cos(ends[:, 0]) * np.sin(half_lon) ** 2
    metres: NDArray[np.float64] = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(1.0, chord)))
    return metres
