"""A registered station: where it stands, what it measures, and how often it should be heard."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import NewType

from chassis.errors import Invalid
from vocabulary import Place, parse_code

StationId = NewType("StationId", str)


class StationInvalid(Invalid):
    """The registration does not describe a station whose figures could be used."""

    slug = "station-invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A fixed source; `interval` is the time between two samples of one metric when it is well."""

    id: StationId
    version: int
    name: str
    place: Place
    jurisdiction: str
    metrics: tuple[str, ...]
    interval: timedelta


def register(
    before: Station | None,
    station: Station,
    *,
    known: Collection[str],
) -> Station:
    """The station as it is registered from now on, with the version of the one it replaces.

    Raises StationInvalid for a metric outside `known`, an interval that is not positive, or a
    jurisdiction that is no GB/T 2260 code.
    """
    _check_jurisdiction(station.jurisdiction)
    _check_metrics(station.metrics, known)
    if station.interval <= timedelta(0):
        raise StationInvalid(
            "The expected interval must be longer than zero.", field=("intervalSeconds",)
        )
    return replace(
        station,
        metrics=tuple(dict.fromkeys(station.metrics)),
        version=before.version if before else 0,
    )


def expected_samples(stations: Sequence[Station], metric: str, *, window: timedelta) -> int | None:
    """How many samples of `metric` the stations owe per `window`; None when none measures it."""
    owed = [max(1, window // station.interval) for station in stations if metric in station.metrics]
    return sum(owed) if owed else None


def _check_jurisdiction(code: str) -> None:
    try:
        parse_code(code)
    except ValueError as error:
        raise StationInvalid(str(error), field=("jurisdiction",)) from None


def _check_metrics(metrics: Sequence[str], known: Collection[str]) -> None:
    if not metrics:
        raise StationInvalid("A station measures at least one metric.", field=("metrics",))
    for index, metric in enumerate(metrics):
        if metric not in known:
            raise StationInvalid(
                f"{metric!r} is not a metric.",
                field=("metrics", str(index)),
                remedy=f"Use one of {', '.join(sorted(known))}.",
            )
