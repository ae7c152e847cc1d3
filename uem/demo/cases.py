"""Would it cry wolf? The same rules on other days of the same place, beside what was decided there."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from uem.demo import figures, people, player
from uem.demo.city import City
from uem.demo.entries import cancelling, chained, put
from uem.demo.figures import Event, Play
from uem.demo.rows import at_text, level_text
from uem.demo.scenario import Case, Scenario

STANDS = timedelta(
    minutes=30
)  # how long a day's last signal stands before it is lifted, in the play
RESTS = timedelta(hours=12)  # for every hold-down to pass before the next day


async def play_all(city: City, scenario: Scenario, *, tell: player.Tell) -> None:
    """Every case was played, oldest first, nobody answering; each ends with its signals lifted.

    What the plans still hold then is ended by hand: what went on is not on record for these days,
    and an unknown value never lowers a level by itself.
    """
    for case in sorted(scenario.cases, key=lambda one: one.entries[0].at):
        entries = chained(case.entries)
        lifted_at = entries[-1].at + STANDS
        lifts = tuple(cancelling(one, lifted_at) for one in entries if one.kind == "signal")
        run = player.Player(city, people.Nobody(), put=put, tell=tell)
        start = entries[0].at - timedelta(minutes=1)
        await run.play((*entries, *lifts), start=start, until=lifted_at + RESTS)
        await _end_by_hand(city, scenario.ended_by_hand)


async def _end_by_hand(city: City, reason: str) -> None:
    for state in ("IN_FORCE", "PROPOSED"):
        for one in await city.pages("plans", "/v1/activations", state=state):
            await city.call(
                "POST",
                "plans",
                f"/v1/activations/{one['id']}/end",
                roles=("commander",),
                org=one["organizationId"],
                json={
                    "expectedVersion": one["version"],
                    "reason": reason,
                    "override": "the player, between two days",
                },
            )
    await city.settle()


def compare(play: Play, cases: Sequence[Case], *, plan_id: str) -> list[dict[str, Any]]:
    """The JSON part `cases`: the same level, no later than the city, is agreement."""
    return [_compared(play, case, plan_id) for case in cases]


def _compared(play: Play, case: Case, plan_id: str) -> dict[str, Any]:
    first, last = case.entries[0].at, case.entries[-1].at + STANDS
    decided = [
        (level, one)
        for one in play.said("activation", "started", "raised", "proposed")
        if first <= one.time < last and one.body["activation"]["planId"] == plan_id
        for level in [_level(one)]
    ]
    worst = figures.worst_level(level for level, _ in decided)
    event = next((one for level, one in decided if level == worst), None)
    late = event is not None and case.city_at is not None and event.time > case.city_at
    return {
        "id": case.id,
        "city": case.city_text,
        "system": _system(worst, event),
        "agree": worst == case.city_level and not late,
        "why": _why(case, worst, event),
        "source": case.source,
    }


def _level(one: Event) -> str:
    activation = one.body["activation"]
    return str(activation["proposedLevel"] if one.event == "proposed" else activation["level"])


def _system(worst: str | None, event: Event | None) -> str:
    if worst is None or event is None:
        return "nothing"
    verb = "proposed" if event.event == "proposed" else "started"
    return f"{level_text(worst)} {verb} {at_text(event.time)}"


def _why(case: Case, worst: str | None, event: Event | None) -> str:
    if worst is None or event is None:
        return "no condition of any level was met"
    reasons = [f"{_rule(event)}: {met(event.body['activation'], worst)}"]
    if case.city_level is None:
        reasons.append("the city answered by colour and started no level")
    elif worst == case.city_level and case.city_at is not None and event.time > case.city_at:
        reasons.append(f"the same level, {_later(event.time, case.city_at)} after the city")
    return "; ".join([*reasons, *([case.note] if case.note else [])])


def met(activation: Mapping[str, Any], level: str) -> str:
    """The conditions of `level` that were met, with the values seen."""
    found = [
        f"{one['text']} ({figures.values(one)})"
        for one in activation.get("explanation", {}).get("conditions", ())
        if one.get("met") and one["level"] == level
    ]
    return "; ".join(found) or "see the evaluation record"


def _rule(event: Event) -> str:
    activation = event.body["activation"]
    return f"{activation['planId']} {activation['planVersion']}"


def _later(at: datetime, than: datetime) -> str:
    hours, rest = divmod(figures.minutes(at - than), 60)
    return f"{hours} h {rest:02d} min"
