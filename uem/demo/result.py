"""The figures of the demo as JSON, and nothing that its runs did not produce."""

from collections.abc import Mapping
from typing import Any

from uem.demo import cases, counts, decisions, figures, openings
from uem.demo.record import Recording
from uem.demo.rows import local
from uem.demo.scenario import Scenario


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
    return {
        "scenario": scenario.id,
        "took_seconds": round(took_seconds, 1),
        "rules": answered.rules,
        "history": {
            name: value for name, value in scenario.history.items() if isinstance(value, int)
        },
        "system": openings.answered(answered.play, scenario)
        | {"in_force_before_harm_minutes": figures.in_force_before_harm(answered.play, scenario)},
        "silent": {
            "obligations": figures.obligations(silent.play),
            "ladder_top": openings.ladder_top(silent.play),
            "reached": _reached(silent, scenario),
        },
        "counts": counts.table(answered.play, scenario),
        "levels": decisions.compare(answered.play, scenario),
        "cases": cases.compare(later.play, scenario.cases, plan_id=scenario.screen.plan),
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


def _reached(silent: Recording, scenario: Scenario) -> list[dict[str, Any]]:
    return [
        {
            "post": one.post,
            "channel": one.channel,
            "sent": local(one.sent).isoformat(),
            "confirmed": local(one.confirmed).isoformat() if one.confirmed else None,
        }
        for one in openings.told(silent.play, scenario)
    ]


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
