"""The figures of the demo as JSON, and nothing that its runs did not produce."""

from collections.abc import Mapping
from typing import Any

from uem.demo import cases, figures
from uem.demo.record import Recording
from uem.demo.scenario import Scenario
from uem.demo.screen import local


def assemble(
    scenario: Scenario,
    answered: Recording,
    silent: Recording,
    later: Recording,
    *,
    took_seconds: float,
) -> dict[str, Any]:
    """The whole document; its shape is stated in docs/operations.md."""
    runs = (answered, silent, later)
    history = scenario.history
    return {
        "scenario": scenario.id,
        "took_seconds": round(took_seconds, 1),
        "rules": answered.rules,
        "history": {
            "first_red_to_level_I_minutes": figures.minutes(history.first_red_to_level_i),
            "signals_red_before_level_I": history.signals_red_before_level_i,
        },
        "system": figures.answered(answered.play)
        | {"in_force_before_harm_minutes": figures.in_force_before_harm(answered.play, scenario)},
        "silent": {
            "obligations": figures.obligations(silent.play),
            "ladder_top": figures.ladder_top(silent.play),
            "reached": _reached(silent),
        },
        "cases": cases.compare(later.play, scenario.cases, plan_id=_flood_plan(answered)),
        "links": answered.links,
        "dispatch": figures.requirements(answered.play),
        "unmet": _unmet(answered),
        "events": {
            "published": sum(one.balance.published for one in runs),
            "handled": sum(one.balance.handled for one in runs),
            "lost": sum(one.balance.lost for one in runs),
            "duplicate_effects": sum(one.duplicate_effects for one in runs),
        },
    }


def _reached(silent: Recording) -> list[dict[str, Any]]:
    reds = figures.red_signals(silent.play)
    return [
        {
            "post": one.post,
            "channel": one.channel,
            "sent": local(one.sent).isoformat(),
            "confirmed": local(one.confirmed).isoformat() if one.confirmed else None,
        }
        for one in (figures.told(silent.play, reds[0]["id"]) if reds else [])
    ]


def _flood_plan(answered: Recording) -> str:
    """The plan that the city's decision is compared with: the first special plan by its id."""
    return min(one["plan"] for one in answered.rules if one["kind"] == "SPECIAL")


def _unmet(answered: Recording) -> list[str]:
    return [
        _need(one)
        for one in answered.play.last("requirement").values()
        if one["status"] in ("UNMET", "PARTLY_MET")
    ]


def _need(one: Mapping[str, Any]) -> str:
    missing = one["quantity"] - one["metQuantity"]
    text = f"{one['capability']} {missing:g} of {one['quantity']:g} {one['unit']}"
    tier = one.get("nextTier")
    return f"{text} – next: {tier}" if tier else text
