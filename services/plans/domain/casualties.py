"""Dead and missing people of one incident together, as the rules of 2012 and later count them."""

from collections.abc import Sequence
from datetime import datetime

from services.plans.domain.incident import Incident
from vocabulary import INDICATORS, Figure

DEAD_OR_MISSING = "dead_or_missing"
_PARTS = ("deaths", "missing")


def dead_or_missing(incidents: Sequence[Incident], now: datetime) -> Figure:
    """The largest sum that any incident gives: 0 without incidents, unknown while a part is.

    A plan that has to act on the dead alone while nobody has counted the missing reads `deaths`, too.
    """
    unit = INDICATORS[DEAD_OR_MISSING].unit
    if not incidents:
        return Figure(DEAD_OR_MISSING, 0.0, unit, "org", now, now)
    sums = [pair for pair in (_sum(incident, unit) for incident in incidents) if pair is not None]
    if not sums:
        as_of = max(one.as_of for one in incidents)
        return Figure(DEAD_OR_MISSING, None, unit, "org", as_of, now)
    return max(sums, key=lambda pair: pair[0])[1]


def _sum(incident: Incident, unit: str) -> tuple[float, Figure] | None:
    parts = {one.metric: one for one in incident.figures if one.metric in _PARTS}
    values = [one.value for one in parts.values() if one.value is not None]
    if len(values) < len(_PARTS):
        return None
    together = sum(values)
    return together, Figure(
        metric=DEAD_OR_MISSING,
        value=together,
        unit=unit,
        source=" + ".join(dict.fromkeys(parts[name].source for name in _PARTS)),
        observed_at=max(one.observed_at for one in parts.values()),
        recorded_at=max(one.recorded_at for one in parts.values()),
    )
