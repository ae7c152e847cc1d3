"""The mayor's screen: who knew, what was decided, what was in force before harm, would it cry wolf."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from uem.demo import figures
from uem.demo.figures import Play
from uem.demo.scenario import Scenario

CIVIL_TIME = timezone(timedelta(hours=8))
COLUMNS = (36, 23, 32)  # label, on record, with this system; the last column takes the rest
NAMES = {
    "metro_stop": ("metro stopped", "metro_stop"),
    "work_and_classes": ("work and classes suspended", "work_and_classes"),
    "tunnels_closed": ("road tunnels closed", "tunnels_closed"),
}
NOT_SHOWN = (
    "posts, stocks, boundaries and plans are modelled (scenarios/*/README.md says which); people's",
    "answers are scripted; agreement on yellow and orange days follows from how the plan was written;",
    "no claim about lives.",
)


def screen(
    scenario: Scenario, result: Mapping[str, Any], *, answered: Play, silent: Play
) -> list[str]:
    """The lines to print; every figure of the run comes from `result` or the plays."""
    return [
        *_headline(scenario, result),
        "",
        *_comparison(scenario, result, answered=answered, silent=silent),
        "",
        *_decided(answered),
        "",
        *_cases(result["cases"]),
        "",
        *_closing(result),
    ]


def _headline(scenario: Scenario, result: Mapping[str, Any]) -> list[str]:
    rules = ", ".join(f"{one['plan']} {one['version']}" for one in result["rules"])
    span = f"{local(scenario.starts):%d %b %Y %H:%M} to {local(scenario.ends):%d %b %H:%M}"
    return [
        f"{scenario.title.upper()}, PLAYED THROUGH THIS SYSTEM",
        f"REHEARSAL · {span} · plans (modelled): {rules} · {result['took_seconds']:.0f} s",
        f"When {scenario.harm.replace('enters', 'entered')} ({local(scenario.harm_at):%d %b %H:%M}),"
        " what was already in force?",
    ]


def _comparison(
    scenario: Scenario, result: Mapping[str, Any], *, answered: Play, silent: Play
) -> list[str]:
    history, system = scenario.history, result["system"]
    first = local(history.first_red_at)
    rows = [
        ("", "2021, on record", "with this system", "with this system, nobody answers"),
        ("first red signal", _at(first), _at_text(system["first_red_at"]), _first_red(silent)),
        ("a named post confirmed it", "no record", _confirmed(answered), _told(silent)),
        (
            "response decided",
            f"{_at(history.level_i_at)} Level I ¹",
            _decision(answered),
            _decision(silent),
        ),
        ("highest level in force", "Level I", _highest(answered), _highest(silent)),
    ]
    for key, (label, name) in NAMES.items():
        on_record = history.measures.get(name)
        rows.append(
            (
                label,
                _at(on_record) if on_record else "not before",
                _measure(answered, key),
                _measure(silent, key),
            )
        )
    rows += [
        (
            "in force before the water",
            _lead(scenario.harm_at - history.level_i_at) + " (Level I)",
            _leads(result["system"]["in_force_before_harm_minutes"]),
            _leads(figures.in_force_before_harm(silent, scenario)),
        ),
        (
            "red signals answered in time",
            f"0 of {history.signals_red_before_level_i}",
            f"{system['signals_red_answered_in_time']} of {system['signals_red']}",
            _answered_in_time(silent),
        ),
        (
            "what was owed: in time / overdue",
            "no record",
            _owed(system["obligations"]),
            _owed(figures.obligations(silent)),
        ),
    ]
    reds = figures.red_signals(silent)
    told = figures.told(silent, reds[0]["id"]) if reds else []
    ladder = ", ".join(f"{one.post} {local(one.sent):%H:%M}" for one in told)
    return [_row(*row) for row in rows] + [
        f"  ² told and not confirmed: {ladder}",
        "  ¹ another notice of the same day says 17:00; figures on record with their sources: timeline.yaml",
    ]


def _decided(answered: Play) -> list[str]:
    lines = ["What was decided and why"]
    for one in answered.said("activation", "started", "raised", "lowered", "ended"):
        activation = one.body["activation"]
        who = activation.get("decidedBy") or "the plan, by itself"
        reasons = [
            f"{condition['text']} ({figures.values(condition)})"
            for condition in activation.get("explanation", {}).get("conditions", ())
            if condition.get("met") and condition["level"] == activation.get("level")
        ]
        because = "; ".join(reasons) or activation.get("reason", "")
        level = activation.get("level", "").replace("LEVEL_", "Level ")
        lines.append(
            f"  {_at(one.time)}  {activation['planId']:<16} {one.event:<8} {level:<10} by {who}: {because}"
        )
    return lines


def _cases(cases: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = ["Would it cry wolf? Same rules, days this city has lived since"]
    lines.append(f"  {'':<12}{'city':<58}{'system':<34}agree")
    for one in cases:
        agree = "yes" if one["agree"] else "NO"
        lines.append(
            f"  {one['id']:<12}{_cut(one['city'], 56):<58}{_cut(one['system'], 32):<34}{agree}"
        )
    differing = sum(not one["agree"] for one in cases)
    lines.append(
        f"  Where we differ from the city: {differing}, each with its rule and values: uem demo --why"
    )
    return lines


def _closing(result: Mapping[str, Any]) -> list[str]:
    links, events, needs = result["links"], result["events"], result["dispatch"]
    slowest = max(links, key=lambda one: one["latency_ms"], default=None)
    slow = (
        f"slowest {slowest['from']} → {slowest['to']} ({slowest['event']}) {slowest['latency_ms']:.0f} ms"
        if slowest
        else "none measured"
    )
    return [
        f"Hand-offs: {len(links)} kinds of link by machine, {slow}. Events: {events['published']} said,"
        f" {events['handled']} handled, {events['lost']} lost, {events['duplicate_effects']} doubled.",
        f"Needs met {needs['met']} of {needs['requirements']}; not met: {needs['unmet']}"
        + (f" ({'; '.join(result['unmet'])})" if result.get("unmet") else "")
        + ".",
        "What this does not show: " + NOT_SHOWN[0],
        *(f"  {line}" for line in NOT_SHOWN[1:]),
    ]


def why(cases: Sequence[Mapping[str, Any]]) -> list[str]:
    """The cases in which the rules and the city differ, with rule and values."""
    differing = [one for one in cases if not one["agree"]]
    lines = [f"{len(differing)} of {len(cases)} later days on which the rules and the city differ"]
    for one in differing:
        lines += [f"  {one['id']}", f"    city:   {one['city']}", f"    system: {one['system']}"]
        lines.append(f"    why:    {one['why']}")
    return lines


def local(at: datetime) -> datetime:
    """The instant in the country's civil time."""
    return at.astimezone(CIVIL_TIME)


def _first_red(play: Play) -> str:
    reds = figures.red_signals(play)
    return _at_text(reds[0]["sentAt"]) if reds else "none"


def _told(play: Play) -> str:
    reds = figures.red_signals(play)
    notices = figures.told(play, reds[0]["id"]) if reds else []
    return f"nobody, of {len(notices)} posts told ²" if notices else "nobody was told"


def _confirmed(play: Play) -> str:
    reds = figures.red_signals(play)
    confirmed = [one for one in figures.told(play, reds[0]["id"]) if one.confirmed] if reds else []
    if not confirmed:
        return "nobody"
    first = min(confirmed, key=lambda one: one.confirmed or one.sent)
    return f"{_at(first.confirmed)} {_post(first.post)}"


def _post(post: str) -> str:
    return post.removeprefix("pst_").split("_", 1)[-1].replace("_", " ")


def _decision(play: Play) -> str:
    for one in play.said("activation", "started", "raised"):
        activation = one.body["activation"]
        if activation.get("decidedBy"):
            return f"{_at(one.time)} {activation['level'].replace('LEVEL_', 'Level ')}"
    for one in play.said("activation", "proposed"):
        level = one.body["activation"]["proposedLevel"].replace("LEVEL_", "Level ")
        return f"{level} proposed {_at(one.time)}, unsigned"
    return "nothing"


def _highest(play: Play) -> str:
    seen = [
        one.body["activation"].get("level") for one in play.said("activation", "started", "raised")
    ]
    worst = figures.worst_level(seen)
    at = figures.level_reached(play, worst) if worst else None
    return f"{worst.replace('LEVEL_', 'Level ')} at {_at(at)}" if worst and at else "none"


def _measure(play: Play, key: str) -> str:
    times = [figures.measure_in_force(play, code) for code in figures.MEASURES[key]]
    known = [at for at in times if at is not None]
    if len(known) == len(times):
        return _at(max(known))
    drafted = any(
        measure["code"] in figures.MEASURES[key]
        for order in play.last("order").values()
        if order["status"] == "DRAFT"
        for measure in order.get("measures", ())
    )
    return "order drafted, unsigned" if drafted else "not"


def _answered_in_time(play: Play) -> str:
    reds = figures.red_signals(play)
    in_time = sum(
        any(figures.answered_in_time(one) for one in figures.answers_owed(play, red["id"]))
        for red in reds
    )
    return f"{in_time} of {len(reds)}"


def _owed(counts: Mapping[str, int]) -> str:
    return f"{counts['owed']} owed: {counts['answered_in_time']} / {counts['overdue']}"


def _leads(minutes: Mapping[str, int | None]) -> str:
    known = [value for value in minutes.values() if value is not None]
    if not known:
        return "nothing"
    return f"{_lead(timedelta(minutes=min(known)))} ({len(known)} of {len(minutes)} measures)"


def _lead(span: timedelta) -> str:
    hours, rest = divmod(figures.minutes(span), 60)
    return f"{hours} h {rest:02d} min"


def _at(at: datetime | None) -> str:
    return f"{local(at):%d %b %H:%M}" if at else "–"


def _at_text(text: str) -> str:
    return _at(figures.instant(text))


def _row(label: str, record: str, system: str, silent: str) -> str:
    return f"  {label:<{COLUMNS[0]}}{record:<{COLUMNS[1]}}{system:<{COLUMNS[2]}}{silent}".rstrip()


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def books(told: Mapping[str, Any]) -> list[str]:
    """The lines that a play on a distant deployment ends with."""
    events, owed = told["events"], told["obligations"]
    return [
        "",
        f"{told['scenario_minutes']} scenario minutes in {told['took_seconds']} s: "
        f"{events['published']} events said, {events['handled']} handled, "
        f"{events['lost']} lost, {events['duplicate_effects']} doubled",
        f"{owed['owed']} links owed, {owed['answered_in_time']} answered in time, "
        f"{owed['overdue']} overdue",
    ]
