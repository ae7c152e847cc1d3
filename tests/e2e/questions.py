"""Questions to the law, put to both services that answer them."""

import asyncio
from typing import Any

from uem.demo.city import City

Json = dict[str, Any]
MEASURE = "close_market"
UNKNOWN_ORGANIZATION = "org_nobody_knows"
# Asked before the city is there.
EARLY: list[Json] = [
    {"measure": MEASURE, "area": "410100", "kind": "SPECIAL_COMMAND", "level": "LEVEL_I"},
    {"measure": MEASURE, "area": "410100", "organizationId": UNKNOWN_ORGANIZATION},
]


async def ask_both(city: City, asked: list[Json]) -> dict[str, list[Json]]:
    """Each service's answers, in the order of the questions."""
    names = ("guarantee", "plans")
    said = await asyncio.gather(
        *(city.call("POST", name, "/v1/may", json={"questions": asked}) for name in names)
    )
    return dict(zip(names, said, strict=True))
