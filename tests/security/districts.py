"""Two districts of one city beside each other, and who works in them."""

from typing import Any

import httpx

from services.org import commands, domain
from tests.harness import Harness
from tests.services.org import city, incidents
from vocabulary import OrganizationKind

HERE, BESIDE, CITY = "410105", "410102", "410100"
OFFICE_HERE, OFFICE_BESIDE = "org_410105_office", "org_410102_office"
PLACES = iter(range(1, 10_000))  # no incident is taken for another's duplicate


async def settle(org: Harness) -> None:
    """Put the city with both districts in the service."""
    await city.settle(org)
    beside = domain.Jurisdiction(id=BESIDE, name_zh="中原区", name_en="Zhongyuan", parent=CITY)
    await org.run(commands.put_jurisdiction, beside, caller=city.OPERATOR)
    for id, code in ((OFFICE_HERE, HERE), (OFFICE_BESIDE, BESIDE)):
        office = city.organization(id, OrganizationKind.COMMITTEE_OFFICE, code)
        await org.run(commands.put_organization, office, caller=city.OPERATOR)


def person(subject: str, role: str, area: str) -> dict[str, Any]:
    """What a client of somebody in that area is made of."""
    office = OFFICE_HERE if area == HERE else OFFICE_BESIDE
    return {"subject": subject, "roles": [role, "viewer"], "areas": [area], "org": office}


OFFICER = person("wang", "duty_officer", HERE)
COMMANDER = person("zhou", "commander", HERE)
STRANGER = person("mallory", "commander", BESIDE)


async def declared(org: Harness, **more: Any) -> dict[str, Any]:
    """An incident that the officer of the one district declared there."""
    place = {"type": "Point", "coordinates": [113.60 + next(PLACES) * 0.05, 34.75]}
    about = {"jurisdiction": HERE, "place": place} | more
    async with org.client(**OFFICER) as officer:
        return await incidents.declared(officer, **about)


def told(answer: httpx.Response, id: str) -> tuple[int, dict[str, Any]]:
    """Status and body of an answer, without its id and without what was asked for."""
    body = answer.text.replace(id, "<id>").replace("inc_none", "<id>")
    known = httpx.Response(answer.status_code, content=body).json()
    return answer.status_code, {name: known[name] for name in known if name != "traceId"}
