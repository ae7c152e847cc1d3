"""The comparison of the screen, line by line: what is on record beside what the two plays recorded."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta, timezone

from uem.demo import figures, openings
from uem.demo.figures import Play
from uem.demo.scenario import Row, Scenario

CIVIL_TIME = timezone(timedelta(hours=8))
GAP = 2  # blanks between two columns
Cell = Callable[[Play, Scenario, Row], str]


def comparison(scenario: Scenario, *, answered: Play, silent: Play) -> list[str]:
    """The table with its footnotes; what is on record comes from the timeline."""
    titles = ("", scenario.screen.record_column, "with this system", "… and nobody answers")
    rows = [titles] + [
        (
            row.label,
            row.record,
            CELLS[row.show](answered, scenario, row),
            CELLS[row.show](silent, scenario, row),
        )
        for row in scenario.screen.rows
    ]
    ladder = ", ".join(
        f"{one.post} {local(one.sent):%H:%M}" for one in openings.told(silent, scenario)
    )
    return [
        *aligned(rows),
        f"  ² told and not confirmed: {ladder or 'nobody'}",
        *(f"  {one}" for one in scenario.screen.footnotes),
    ]


def aligned(cells: Sequence[Sequence[str]]) -> list[str]:
    """The rows as lines, every column as wide as its widest cell."""
    widths = [max(map(_width, column)) + GAP for column in zip(*cells, strict=True)]
    return [
        "  " + "".join(_padded(*pair) for pair in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]


def local(at: datetime) -> datetime:
    """The instant in the country's civil time."""
    return at.astimezone(CIVIL_TIME)


def at_text(at: datetime | None) -> str:
    """The instant as the screen prints it."""
    return f"{local(at):%d %b %H:%M}" if at else "–"


def level_text(level: str) -> str:
    """LEVEL_II as people read it."""
    return level.replace("LEVEL_", "Level ")


def lead_text(span: timedelta) -> str:
    """Hours and minutes of a span."""
    hours, rest = divmod(figures.minutes(span), 60)
    return f"{hours} h {rest:02d} min"


def _opened(play: Play, scenario: Scenario, _: Row) -> str:
    found = openings.openings(play, scenario)
    return at_text(found[0].at) if found else "none"


def _confirmed(play: Play, scenario: Scenario, _: Row) -> str:
    told = openings.told(play, scenario)
    confirmed = [one for one in told if one.confirmed]
    if confirmed:
        first = min(confirmed, key=lambda one: one.confirmed or one.sent)
        return f"{at_text(first.confirmed)} {_post(first.post)}"
    return f"nobody, of {len(told)} posts told ²" if told else "nobody was told"


def _decided(play: Play, _: Scenario, row: Row) -> str:
    """The first level that a person decided, of one plan or of any; else what was proposed."""
    said = [
        one
        for one in play.said("activation")
        if row.plan in (None, one.body["activation"]["planId"])
    ]
    for one in said:
        activation = one.body["activation"]
        if one.event in ("started", "raised") and activation.get("decidedBy"):
            return f"{at_text(one.time)} {level_text(activation['level'])}"
    for one in (one for one in said if one.event == "proposed"):
        level = level_text(one.body["activation"]["proposedLevel"])
        return f"{level} proposed {at_text(one.time)}, unsigned"
    return "nothing"


def _highest(play: Play, _: Scenario, row: Row) -> str:
    """The highest level that came into force, of one plan or of all."""
    seen = [
        one.body["activation"].get("level")
        for one in play.said("activation", "started", "raised")
        if row.plan in (None, one.body["activation"]["planId"])
    ]
    worst = figures.worst_level(seen)
    at = figures.level_reached(play, worst, row.plan or "") if worst else None
    return f"{level_text(worst)} at {at_text(at)}" if worst and at else "none"


def _measure(play: Play, scenario: Scenario, row: Row) -> str:
    measure = next(one for one in scenario.screen.measures if one.name == row.measure)
    at = figures.in_force_since(play, measure)
    if at is not None:
        return at_text(at)
    drafted = any(
        one["code"] in measure.codes
        for order in play.last("order").values()
        if order["status"] == "DRAFT"
        for one in order.get("measures", ())
    )
    return "order drafted, unsigned" if drafted else "not"


def _before_harm(play: Play, scenario: Scenario, _: Row) -> str:
    found = figures.in_force_before_harm(play, scenario)
    known = [value for value in found.values() if value is not None]
    if not known:
        return "nothing"
    return f"{lead_text(timedelta(minutes=min(known)))} ({len(known)} of {len(found)} measures)"


def _answered(play: Play, scenario: Scenario, _: Row) -> str:
    return f"{openings.in_time(play, scenario)} of {len(openings.openings(play, scenario))}"


def _reported(play: Play, _: Scenario, __: Row) -> str:
    """When the superior first had a report, and how long after the declaration it was asked for."""
    reports = play.last("situation_report").values()
    received = [one for one in reports if one.get("receivedAt")]
    if not received:
        return "drafted, unsent" if reports else "no report"
    first = min(received, key=lambda one: figures.instant(one["receivedAt"]))
    at = figures.instant(first["receivedAt"])
    declared = next(
        one.time
        for one in play.said("incident", "declared")
        if one.body["incident"]["id"] == first["incidentId"]
    )
    return f"{at_text(at)} ({figures.minutes(at - declared)} min after it was declared)"


def _forces(play: Play, _: Scenario, row: Row) -> str:
    """How much of a capability was ordered and had arrived, each with when the last of it was."""
    sent = figures.sent(play, row.capability or "")
    if not sent:
        return "none"
    ordered, there = sum(one.quantity for one in sent), [one for one in sent if one.arrived]
    told = f"{ordered:g} by {at_text(max(one.ordered for one in sent))}"
    if not there:
        return f"{told} / none"
    last = max(one.arrived for one in there if one.arrived)
    return f"{told} / {sum(one.quantity for one in there):g} by {at_text(last)}"


def _owed(play: Play, _: Scenario, __: Row) -> str:
    counts = figures.obligations(play)
    return f"{counts['owed']} owed: {counts['answered_in_time']} / {counts['overdue']}"


CELLS: Mapping[str, Cell] = {
    "opened": _opened,
    "confirmed": _confirmed,
    "decided": _decided,
    "highest": _highest,
    "measure": _measure,
    "before_harm": _before_harm,
    "answered": _answered,
    "reported": _reported,
    "forces": _forces,
    "owed": _owed,
}


def _post(post: str) -> str:
    return post.removeprefix("pst_").split("_", 1)[-1].replace("_", " ")


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    """Columns of a terminal: Chinese takes two."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
