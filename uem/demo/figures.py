"""Figures of a play, computed from what the system itself recorded and from nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from uem.demo.scenario import Scenario

LEVELS = ("LEVEL_IV", "LEVEL_III", "LEVEL_II", "LEVEL_I")
# What "in force before harm" asks for, by the measure codes of the plans.
MEASURES = {
    "metro_stop": ("stop_metro",),
    "work_and_classes": ("suspend_classes", "suspend_work"),
    "tunnels_closed": ("close_tunnels",),
}


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


@dataclass(frozen=True, slots=True)
class Told:
    """A post that was told about the first red signal, and when it confirmed."""

    post: str
    channel: str
    rung: int
    sent: datetime
    confirmed: datetime | None


def red_signals(play: Play) -> list[Mapping[str, Any]]:
    """Every red signal of the play, oldest first."""
    signals = (one.body["signal"] for one in play.said("signal", "issued"))
    return sorted(
        (signal for signal in signals if signal["colour"] == "RED"),
        key=lambda signal: instant(signal["sentAt"]),
    )


def answers_owed(play: Play, signal_id: str) -> list[Mapping[str, Any]]:
    """The obligations to answer one signal."""
    return [
        one
        for one in play.last("obligation").values()
        if one["kind"] == "ANSWER_SIGNAL" and one["subject"]["id"] == signal_id
    ]


def told(play: Play, signal_id: str) -> list[Told]:
    """Whom the system told about one signal, in order, by any obligation that it led to."""
    notices = [
        Told(
            post=notice["post"],
            channel=notice["channel"],
            rung=notice["rung"],
            sent=instant(notice["sentAt"]),
            confirmed=instant(notice["confirmedAt"]) if "confirmedAt" in notice else None,
        )
        for obligation in answers_owed(play, signal_id)
        for notice in obligation.get("notices", ())
    ]
    return sorted(notices, key=lambda one: (one.sent, one.rung))


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
    found: dict[str, int | None] = {}
    for name, codes in MEASURES.items():
        times = [measure_in_force(play, code) for code in codes]
        known = [at for at in times if at is not None]
        early = len(known) == len(codes) and max(known) < scenario.harm_at
        found[name] = minutes(scenario.harm_at - max(known)) if early else None
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


def answered(play: Play) -> dict[str, Any]:
    """The JSON part `system`, but for what needs the scenario."""
    reds = red_signals(play)
    first = reds[0]
    confirmed = [one.confirmed for one in told(play, first["id"]) if one.confirmed]
    decided = [
        instant(one["answeredAt"]) for one in answers_owed(play, first["id"]) if "answeredAt" in one
    ]
    at = instant(first["sentAt"])
    level_i = level_reached(play, "LEVEL_I")
    return {
        "first_red_at": first["sentAt"],
        "first_red_to_confirmed_minutes": minutes(min(confirmed) - at) if confirmed else None,
        "first_red_to_decision_minutes": minutes(min(decided) - at) if decided else None,
        "level_I_at": level_i.isoformat() if level_i else None,
        "signals_red": len(reds),
        "signals_red_answered_in_time": sum(
            any(answered_in_time(one) for one in answers_owed(play, signal["id"]))
            for signal in reds
        ),
        "obligations": obligations(play),
    }


def ladder_top(play: Play) -> str | None:
    """The post on the highest rung that any obligation climbed to."""
    notices = [
        (notice["rung"], notice["post"])
        for one in play.last("obligation").values()
        for notice in one.get("notices", ())
    ]
    return max(notices)[1] if notices else None


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
