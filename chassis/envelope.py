"""The envelope of an event: CloudEvents 1.0 attributes as headers, binary mode, percent-encoded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, unquote

from chassis import subjects

PREFIX = "ce-"
# Printable ASCII goes as it is, except what the CloudEvents HTTP and NATS bindings escape: ' " %'.
_SAFE = "".join(chr(c) for c in range(0x21, 0x7F) if chr(c) not in '"%')


class Malformed(ValueError):
    """The message is not an event of ours: its subject or its headers cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Everything said about an event but its body.

    `version` and `previous` are the aggregate's versions after and before it. `majors` are the
    major versions in which the same fact is told, each by a message of its own.
    """

    event_id: str
    type: str
    service: str
    aggregate: str
    event: str
    major: int
    majors: tuple[int, ...]
    id: str
    area: str
    mode: str
    version: int
    previous: int
    time: datetime
    correlation_id: str
    causation_id: str | None = None


def source(service: str) -> str:
    """Return the CloudEvents source of a service."""
    return f"/uem/{service}"


def event_type(service: str, aggregate: str, event: str, *, major: int) -> str:
    """Return the CloudEvents type, the same for live events and exercises."""
    return f"uem.{service}.{aggregate}.{event}.v{major}"


def write(envelope: Envelope) -> dict[str, str]:
    """Return the headers that `read` understands; values that need it are percent-encoded."""
    attributes = {
        "specversion": "1.0",
        "id": envelope.event_id,
        "type": envelope.type,
        "source": source(envelope.service),
        "subject": envelope.id,
        "time": envelope.time.isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "area": envelope.area,
        "mode": envelope.mode,
        "majors": ",".join(str(major) for major in envelope.majors),
        "correlationid": envelope.correlation_id,
        "causationid": envelope.causation_id or "",
        **versions(envelope.version, previous=envelope.previous),
    }
    return {
        name if name.startswith(PREFIX) else PREFIX + name: quote(value, safe=_SAFE)
        for name, value in attributes.items()
        if value
    }


def versions(version: int, *, previous: int) -> dict[str, str]:
    """Return the headers that tell the event's place in its aggregate."""
    return {f"{PREFIX}version": str(version), f"{PREFIX}previous": str(previous)}


def read(subject: str, headers: Mapping[str, str]) -> Envelope:
    """Return the envelope of a message. Raises Malformed when subject and headers do not agree."""
    try:
        return _read(subjects.parse(subject), headers)
    except (KeyError, ValueError) as error:
        raise Malformed(f"not an event: {error}") from error


def _read(subject: subjects.Subject, headers: Mapping[str, str]) -> Envelope:
    attributes = {
        name.removeprefix(PREFIX): unquote(value, errors="strict")
        for name, value in headers.items()
        if name.startswith(PREFIX)
    }
    said = event_type(subject.service, subject.aggregate, subject.event, major=subject.major)
    expected = {"type": said, "source": source(subject.service), "subject": subject.id}
    for name, value in expected.items():
        if attributes[name] != value:
            raise ValueError(f"{name} {attributes[name]!r} on the subject of {value!r}")
    mode = attributes["mode"]
    if subjects.root(mode) != subject.root:
        raise ValueError(f"mode {mode} under {subject.root}")
    return Envelope(
        event_id=attributes["id"],
        type=said,
        service=subject.service,
        aggregate=subject.aggregate,
        event=subject.event,
        major=subject.major,
        majors=tuple(int(major) for major in attributes["majors"].split(",")),
        id=subject.id,
        area=attributes.get("area", ""),
        mode=mode,
        version=int(attributes["version"]),
        previous=int(attributes["previous"]),
        time=_instant(attributes["time"]),
        correlation_id=attributes["correlationid"],
        causation_id=attributes.get("causationid"),
    )


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"time {text!r} has no offset")
    return instant
