"""The log as readers see it: events in order, and the hand-offs between services that they show."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from chassis import paging
from services.analytics import store
from vocabulary import Mode


class EventView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One event; `time` is business time, `heardAt` the machine time at which the log had it."""

    seq: int
    event_id: str
    service: str
    aggregate: str
    event: str
    major: int
    id: str
    area: str
    mode: Mode
    version: int
    time: datetime
    heard_at: datetime
    correlation_id: str
    causation_id: str | None
    payload: msgspec.Raw


class LinkView(
    msgspec.Struct, frozen=True, kw_only=True, rename={"source": "from", "target": "to"}
):
    """One hand-off: what `to` said because it heard `event` from `from`, and how long it took.

    Business time is that of the facts, machine time the wall clock's between the log's hearing of
    cause and effect. Each of the two has the median and the 99th percentile, exact, in ms.
    """

    source: str
    target: str
    event: str
    effect: str
    count: int
    business_p50_ms: float = msgspec.field(name="businessP50Ms")
    business_p99_ms: float = msgspec.field(name="businessP99Ms")
    machine_p50_ms: float = msgspec.field(name="machineP50Ms")
    machine_p99_ms: float = msgspec.field(name="machineP99Ms")


async def events(
    warehouse: store.Warehouse,
    request: paging.PageRequest,
    *,
    areas: Sequence[str],
    correlation: str | None,
    service: str | None,
    mode: Mode,
) -> paging.Page[EventView]:
    """A page of the log in the order in which it was written; nothing below a cursor is added.

    Only of areas whose code begins with one of `areas`.
    """
    where, parameters = _where(areas, correlation=correlation, service=service, mode=mode)
    rows = await warehouse.query(
        f"""
        SELECT * EXCEPT (load_id) FROM event_log
        WHERE seq > {{after:UInt64}} AND {where}
        ORDER BY seq LIMIT {{most:UInt32}}
        """,  # noqa: S608 - fixed clauses, values are parameters
        {**parameters, "after": _position(request.after), "most": request.first + 1},
    )
    kept = rows[: request.first]
    total = None
    if request.count:
        counted = await warehouse.query(
            f"SELECT count() AS total FROM event_log WHERE {where}",  # noqa: S608 - as above
            parameters,
        )
        total = int(counted[0]["total"])
    return paging.Page(
        nodes=[_event(row) for row in kept],
        has_next_page=len(rows) > request.first,
        end_cursor=_cursor(kept[-1]["seq"]) if kept else None,
        total_count=total,
    )


async def links(
    warehouse: store.Warehouse,
    *,
    areas: Sequence[str],
    mode: Mode,
    since: datetime | None,
    correlation: str | None,
) -> list[LinkView]:
    """Every pair of services of which one acted on the other's event, by event and effect.

    Only effects in areas whose code begins with one of `areas`.
    """
    where, parameters = _where(areas, correlation=correlation, service=None, mode=mode, of="effect")
    if since is not None:
        where += " AND effect.time >= {since:DateTime64(6, 'UTC')}"
        parameters["since"] = since
    rows = await warehouse.query(
        f"""
        SELECT cause.service AS source, effect.service AS target,
               concat(cause.aggregate, '.', cause.event) AS heard,
               concat(effect.aggregate, '.', effect.event) AS said,
               count() AS number,
               quantilesExact(0.5, 0.99)(dateDiff('microsecond', cause.time, effect.time))
                   AS business_us,
               quantilesExact(0.5, 0.99)(dateDiff('microsecond', cause.heard_at, effect.heard_at))
                   AS machine_us
        FROM event_log AS effect
        GLOBAL INNER JOIN event_log AS cause ON effect.causation_id = cause.event_id
        WHERE cause.service != effect.service AND {where}
        GROUP BY source, target, heard, said
        ORDER BY source, target, heard, said
        """,  # noqa: S608 - fixed clauses, values are parameters
        parameters,
    )
    return [_link(row) for row in rows]


def _where(
    areas: Sequence[str],
    *,
    correlation: str | None,
    service: str | None,
    mode: Mode,
    of: str = "event_log",
) -> tuple[str, dict[str, object]]:
    clauses = [
        f"{of}.mode = {{mode:String}}",
        f"arrayExists(start -> startsWith({of}.area, start), {{areas:Array(String)}})",
    ]
    parameters: dict[str, object] = {"mode": mode.value, "areas": list(areas)}
    if correlation is not None:
        clauses.append(f"{of}.correlation_id = {{correlation:String}}")
        parameters["correlation"] = correlation
    if service is not None:
        clauses.append(f"{of}.service = {{service:String}}")
        parameters["service"] = service
    return " AND ".join(clauses), parameters


def _event(row: Mapping[str, Any]) -> EventView:
    made = dict(row)
    made["mode"] = Mode(made["mode"])
    made["causation_id"] = made["causation_id"] or None
    made["payload"] = msgspec.Raw(made["payload"].encode())
    return EventView(**made)


def _link(row: Mapping[str, Any]) -> LinkView:
    business, machine = row["business_us"], row["machine_us"]
    return LinkView(
        source=row["source"],
        target=row["target"],
        event=row["heard"],
        effect=row["said"],
        count=row["number"],
        business_p50_ms=business[0] / 1000,
        business_p99_ms=business[1] / 1000,
        machine_p50_ms=machine[0] / 1000,
        machine_p99_ms=machine[1] / 1000,
    )


def _cursor(position: int) -> str:
    return base64.urlsafe_b64encode(f"e{position}".encode()).decode().rstrip("=")


def _position(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        if not text.startswith("e") or not text[1:].isdecimal():
            raise ValueError(text)
        return int(text[1:])
    except (ValueError, binascii.Error) as error:
        raise paging.CursorInvalid(
            "The cursor is not one that this list gave out.",
            field=("after",),
            remedy="Start again without `after`.",
        ) from error
