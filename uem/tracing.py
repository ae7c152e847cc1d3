"""A story put together from what every service knows: events, their causes, and who heard them."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from uem.services import Answer, Services

PATH = "/v1/operator/trace"
AT_ONCE = 400  # keys in one question


@dataclass(frozen=True, slots=True)
class Hearing:
    """One consumer's commit of the event; `after_ms` counts from the event's own commit."""

    consumer: str
    outcome: str
    recorded_at: datetime
    after_ms: float


@dataclass(frozen=True, slots=True)
class Event:
    """One event with its times: wall times, and milliseconds from its commit."""

    event_id: str
    service: str
    aggregate: str
    event: str
    id: str
    version: int
    mode: str
    correlation_id: str
    causation_id: str | None
    occurred_at: datetime
    recorded_at: datetime
    stream: str
    stream_seq: int | None
    stored_ms: float | None
    after_cause_ms: float | None
    heard: tuple[Hearing, ...] = field(default=())

    def plain(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return {name: _plain(value) for name, value in asdict(self).items()}


def follow(services: Services, id: str) -> list[Event]:
    """Return every event of the stories that `id` belongs to, causes before their effects.

    `id` names an event, an object or a correlation; a story is everything of one correlation.
    Raises `Problem` when a service is away.
    """
    first = _ask(services, [id])
    correlations = {event["correlationId"] for event in first.said.values()}
    said = _ask(services, sorted(correlations)).said | first.said
    heard = _ask(services, sorted(said)).heard if said else []
    return put_together(said.values(), heard)


@dataclass(slots=True)
class _Known:
    said: dict[str, Answer] = field(default_factory=dict)
    heard: list[Answer] = field(default_factory=list)


def _ask(services: Services, keys: Sequence[str]) -> _Known:
    known = _Known()
    for name in services.addresses:
        for start in range(0, len(keys), AT_ONCE):
            answer = services.post(name, PATH, {"keys": list(keys[start : start + AT_ONCE])})
            known.said |= {one["eventId"]: one | {"service": name} for one in answer["said"]}
            known.heard += answer["heard"]
    return known


def put_together(said: Iterable[Answer], heard: Iterable[Answer]) -> list[Event]:
    """Return the events in the order of a tree: every cause before its effects, oldest first."""
    rows = {one["eventId"]: one for one in said}
    hearings: dict[str, list[Answer]] = {}
    for one in heard:
        hearings.setdefault(one["eventId"], []).append(one)
    effects: dict[str | None, list[Answer]] = {}
    for row in sorted(rows.values(), key=lambda one: (_instant(one["recordedAt"]), one["eventId"])):
        cause = row["causationId"] if row["causationId"] in rows else None
        effects.setdefault(cause, []).append(row)
    ordered: list[Event] = []
    waiting = list(reversed(effects.get(None, [])))
    while waiting:
        row = waiting.pop()
        ordered.append(_event(row, rows.get(row["causationId"]), hearings.get(row["eventId"], [])))
        waiting += reversed(effects.get(row["eventId"], []))
    return ordered


def _event(row: Answer, cause: Answer | None, heard: Iterable[Answer]) -> Event:
    recorded = _instant(row["recordedAt"])
    return Event(
        event_id=row["eventId"],
        service=row["service"],
        aggregate=row["aggregate"],
        event=row["event"],
        id=row["id"],
        version=row["version"],
        mode=row["mode"],
        correlation_id=row["correlationId"],
        causation_id=row["causationId"],
        occurred_at=_instant(row["occurredAt"]),
        recorded_at=recorded,
        stream=row["stream"],
        stream_seq=row["streamSeq"],
        stored_ms=_ms(recorded, _instant(row["storedAt"])) if row["storedAt"] else None,
        after_cause_ms=_ms(_instant(cause["recordedAt"]), recorded) if cause else None,
        heard=tuple(_hearing(one, recorded) for one in sorted(heard, key=_when)),
    )


def _hearing(one: Answer, since: datetime) -> Hearing:
    at = _instant(one["recordedAt"])
    return Hearing(one["consumer"], one["outcome"], at, _ms(since, at))


def _when(one: Answer) -> datetime:
    return _instant(one["recordedAt"])


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _ms(since: datetime, until: datetime) -> float:
    return round((until - since).total_seconds() * 1000, 1)


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON
    match value:
        case datetime():
            return value.isoformat()
        case list() | tuple():
            return [_plain(one) for one in value]
        case dict():
            return {name: _plain(one) for name, one in value.items()}
        case _:
            return value
