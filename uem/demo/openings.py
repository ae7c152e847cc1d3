"""What asked for an answer first, whom the system told about it, and how it was answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from uem.demo import figures
from uem.demo.figures import Play, answered_in_time, instant, minutes
from uem.demo.scenario import Opening, Scenario

OWED = {Opening.SIGNAL: "ANSWER_SIGNAL", Opening.PROPOSAL: "SIGN_PROPOSAL"}


@dataclass(frozen=True, slots=True)
class Opened:
    """One signal, or one proposal of the plan that the screen follows; `id` is its object's."""

    at: datetime
    id: str


@dataclass(frozen=True, slots=True)
class Told:
    """A post that was told about an opening, and when it confirmed."""

    post: str
    channel: str
    rung: int
    sent: datetime
    confirmed: datetime | None


def openings(play: Play, scenario: Scenario) -> list[Opened]:
    """Every red signal of the play, or every proposal of the plan, oldest first."""
    match scenario.screen.opened_by:
        case Opening.SIGNAL:
            found = [
                Opened(instant(one.body["signal"]["sentAt"]), one.body["signal"]["id"])
                for one in play.said("signal", "issued")
                if one.body["signal"]["colour"] == "RED"
            ]
        case Opening.PROPOSAL:
            found = [
                Opened(instant(one.body["activation"]["proposedAt"]), one.id)
                for one in play.said("activation", "proposed")
                if one.body["activation"]["planId"] == scenario.screen.plan
            ]
    return sorted(dict.fromkeys(found), key=lambda one: one.at)


def answers_owed(play: Play, scenario: Scenario, opened: Opened) -> list[Mapping[str, Any]]:
    """The obligations to answer it."""
    return [
        one
        for one in play.last("obligation").values()
        if one["kind"] == OWED[scenario.screen.opened_by] and one["subject"]["id"] == opened.id
    ]


def told(play: Play, scenario: Scenario) -> list[Told]:
    """Whom the system told about the first opening, in order, by any obligation that it led to."""
    first = next(iter(openings(play, scenario)), None)
    if first is None:
        return []
    notices = [
        Told(
            post=notice["post"],
            channel=notice["channel"],
            rung=notice["rung"],
            sent=instant(notice["sentAt"]),
            confirmed=instant(notice["confirmedAt"]) if "confirmedAt" in notice else None,
        )
        for obligation in answers_owed(play, scenario, first)
        for notice in obligation.get("notices", ())
    ]
    return sorted(notices, key=lambda one: (one.sent, one.rung))


def in_time(play: Play, scenario: Scenario) -> int:
    """How many of the openings were answered in time by somebody who owed it."""
    return sum(
        any(answered_in_time(one) for one in answers_owed(play, scenario, opened))
        for opened in openings(play, scenario)
    )


def answered(play: Play, scenario: Scenario) -> dict[str, Any]:
    """The JSON part `system`: named after the first red signal where signals open the scenario."""
    found = openings(play, scenario)
    name = "first_red" if scenario.screen.opened_by is Opening.SIGNAL else "first_proposal"
    counted = "signals_red" if scenario.screen.opened_by is Opening.SIGNAL else "proposals"
    at = found[0].at if found else None
    confirmed = [one.confirmed for one in told(play, scenario) if one.confirmed]
    decided = [
        instant(one["answeredAt"])
        for one in (answers_owed(play, scenario, found[0]) if found else ())
        if "answeredAt" in one
    ]
    level_i = figures.level_reached(play, "LEVEL_I")
    return {
        f"{name}_at": at.isoformat().replace("+00:00", "Z") if at else None,
        f"{name}_to_confirmed_minutes": _after(at, confirmed),
        f"{name}_to_decision_minutes": _after(at, decided),
        "level_I_at": level_i.isoformat() if level_i else None,
        counted: len(found),
        f"{counted}_answered_in_time": in_time(play, scenario),
        "obligations": figures.obligations(play),
    }


def ladder_top(play: Play) -> str | None:
    """The post on the highest rung that any obligation climbed to."""
    notices = [
        (notice["rung"], notice["post"])
        for one in play.last("obligation").values()
        for notice in one.get("notices", ())
    ]
    return max(notices)[1] if notices else None


def _after(at: datetime | None, times: list[datetime]) -> int | None:
    return minutes(min(times) - at) if at is not None and times else None
