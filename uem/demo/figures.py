"""Figures of a play, computed from what the system itself recorded and from nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from uem.demo.scenario import Measure, Scenario

LEVELS = ("LEVEL_IV", "LEVEL_III", "LEVEL_II", "LEVEL_I")


@dataclass(frozen=True, slots=True)
class Event:
    """One event as the log of all services keeps it; `time` is business time."""

    service: str
    aggregate: str
    event: str
    id: str
    time: datetime
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Play:
    """One run: everything that was said in it, in the order of business time."""

    name: str
    events: tuple[Event, ...]

    def said(self, aggregate: str, *events: str) -> list[Event]:
        """Events of one aggregate, of the named kinds or of all."""
        wanted = set(events)
        return [
            one
            for one in self.events
            if one.aggregate == aggregate and (not wanted or one.event in wanted)
        ]

    def last(self, aggregate: str) -> dict[str, Mapping[str, Any]]:
        """The newest summary of every object of one aggregate, by id, in order of first mention."""
        newest: dict[str, Mapping[str, Any]] = {}
        for one in self.said(aggregate):
            newest[one.id] = one.body[_camel(aggregate)]
        return newest


def level_reached(play: Play, level: str, plan_prefix: str = "") -> datetime | None:
    """When a plan first came into force at `level` or worse; None when none did."""
    wanted = LEVELS.index(level)
    for one in play.said("activation", "started", "raised"):
        activation = one.body["activation"]
        in_force = LEVELS.index(activation["level"])
        if in_force >= wanted and activation["planId"].startswith(plan_prefix):
            return instant(activation.get("startedAt")) if one.event == "started" else one.time
    return None


def levels(play: Play, plan_id: str) -> list[tuple[datetime, str | None]]:
    """The level of one plan over time: (from, level); None once it ended."""
    course: list[tuple[datetime, str | None]] = []
    for one in play.said("activation", "started", "raised", "lowered", "ended"):
        activation = one.body["activation"]
        if activation["planId"] == plan_id:
            course.append((one.time, None if one.event == "ended" else activation["level"]))
    return course


def in_force_since(play: Play, measure: Measure) -> datetime | None:
    """When all that the measure consists of was in force; None while a part is not."""
    times = [measure_in_force(play, code) for code in measure.codes]
    known = [at for at in times if at is not None]
    return max(known) if len(known) == len(times) else None


def measure_in_force(play: Play, code: str) -> datetime | None:
    """When every addressee of the first order that names the measure had reported it done."""
    times = [
        done
        for order in play.last("order").values()
        if any(measure["code"] == code for measure in order.get("measures", ()))
        and (done := _carried_out(order, code)) is not None
    ]
    return min(times, default=None)


def _carried_out(order: Mapping[str, Any], code: str) -> datetime | None:
    measure = next(one for one in order["measures"] if one["code"] == code)
    addressees = set(measure.get("addressees", ())) or None
    receipts = [
        receipt
        for receipt in order.get("receipts", ())
        if addressees is None or receipt["organizationId"] in addressees
    ]
    done = [receipt.get("doneAt") for receipt in receipts]
    if order["status"] == "DRAFT" or not done or not all(done):
        return None
    return max(instant(at) for at in done)


def in_force_before_harm(play: Play, scenario: Scenario) -> dict[str, int | None]:
    """Minutes by which each measure was in force before the harm; None when it was not."""
    if scenario.harm is None:
        return {}
    harm, found = scenario.harm.at, dict[str, int | None]()
    for one in scenario.screen.measures:
        at = in_force_since(play, one)
        found[one.name] = minutes(harm - at) if at is not None and at < harm else None
    return found


def obligations(play: Play) -> dict[str, int]:
    """How many links were owed, answered in time, overdue, and told to nobody who confirmed."""
    owed = list(play.last("obligation").values())
    return {
        "owed": len(owed),
        "answered_in_time": sum(map(answered_in_time, owed)),
        "overdue": len({one.id for one in play.said("obligation", "overdue")}),
        "without_person_reached": sum(
            not any("confirmedAt" in notice for notice in one.get("notices", ())) for one in owed
        ),
    }


def answered_in_time(obligation: Mapping[str, Any]) -> bool:
    """Whether the link was answered, and no later than it was due."""
    at = obligation.get("answeredAt")
    return at is not None and instant(at) <= instant(obligation["dueAt"])


@dataclass(frozen=True, slots=True)
class Sent:
    """One dispatch: how much was ordered when, and when it arrived, None while it had not."""

    quantity: float
    ordered: datetime
    arrived: datetime | None


def sent(play: Play, capability: str) -> list[Sent]:
    """What was sent of one capability, without what was called off or could not go."""
    arrived = {one.id: one.time for one in play.said("dispatch", "on_scene")}
    return [
        Sent(one["quantity"], instant(one["orderedAt"]), arrived.get(id))
        for id, one in play.last("dispatch").items()
        if one["capability"] == capability and one["status"] not in ("UNABLE", "CANCELLED")
    ]


def requirements(play: Play) -> dict[str, int]:
    """Needs of the plans in force: how many, met in full, and not."""
    needs = play.last("requirement").values()
    met = sum(one["status"] == "MET" for one in needs)
    cancelled = sum(one["status"] == "CANCELLED" for one in needs)
    return {
        "requirements": len(needs),
        "met": met,
        "unmet": len(needs) - met - cancelled,
        "cancelled": cancelled,
    }


def worst_level(levels_seen: Iterable[str | None]) -> str | None:
    """The most severe of the levels; None when there is none."""
    known = [level for level in levels_seen if level]
    return max(known, key=LEVELS.index) if known else None


def minutes(span: timedelta) -> int:
    """Whole minutes of a span, rounded to the nearest."""
    return round(span.total_seconds() / 60)


def instant(value: Any) -> datetime:  # noqa: ANN401 - an RFC 3339 text of an event
    """The instant that an event's text names."""
    return datetime.fromisoformat(str(value).replace("Z", "+00:00"))


def ordered(events: Sequence[Event]) -> tuple[Event, ...]:
    """The events by business time; those of one instant keep the order of the log."""
    return tuple(sorted(events, key=lambda one: one.time))


def values(condition: Mapping[str, Any]) -> str:
    """The values that a condition saw, as text."""
    return ", ".join(
        f"{one['metric']} = {one.get('value', 'unknown')}" for one in condition.get("values", ())
    )


def _camel(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(part.capitalize() for part in tail)
