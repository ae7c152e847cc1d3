"""Signals heard: what they start and propose, run twice and in both orders."""

from tests.harness import Harness
from tests.services.plans import city
from tests.services.plans.city import CITY
from vocabulary import WarningColour

RED, ORANGE = WarningColour.RED, WarningColour.ORANGE


async def told(plans: Harness) -> list[tuple[str, str | None, str | None]]:
    """Each activation event with the level in force and the level proposed."""
    said = [one for one in await plans.published() if one.aggregate == "activation"]
    bodies = [(one.event, one.body["activation"]) for one in said]
    return [(event, one.get("level"), one.get("proposedLevel")) for event, one in bodies]


async def test_a_red_signal_over_the_city_starts_level_three_and_proposes_level_two(
    plans: Harness,
):
    await city.hear_signal(plans, "issued", city.signal("sig_1", RED, CITY))

    assert await told(plans) == [
        ("started", "LEVEL_III", None),
        ("proposed", "LEVEL_III", "LEVEL_II"),
    ]
