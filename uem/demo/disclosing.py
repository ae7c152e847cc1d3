"""How scripted people tell the public: one drafts, another publishes."""

from collections.abc import Mapping
from typing import Any

from uem.demo.city import City
from uem.demo.upward import Mutate

TEXTS = {
    "INITIAL": ("情况通报", "what is known"),
    "PRESS_CONFERENCE": ("新闻发布会", "press conference"),
}


class Disclosing:
    """A bulletin of an incident; nothing when the public was told that already."""

    def __init__(self, city: City, mutate: Mutate, *, drafter: tuple[str, str]) -> None:
        self._city = city
        self._mutate = mutate
        self._drafter = drafter

    async def tell(self, incident: str, kind: str, organization: str, post: str) -> None:
        """The drafter's post writes it, `post` of `organization` publishes it."""
        if not await self._of_kind(incident, kind):
            await self._draft(incident, kind)
        for one in await self._of_kind(incident, kind):
            if one["status"] == "DRAFT":
                given = {"bulletin": one["id"], "expectedVersion": one["version"]}
                await self._mutate("publishBulletin", given, organization=organization, post=post)

    async def _draft(self, incident: str, kind: str) -> None:
        found = await self._city.read("org", f"/v1/incidents/{incident}")
        zh, en = TEXTS[kind]
        given = {
            "kind": kind,
            "jurisdiction": found["jurisdiction"],
            "titleZh": f"{found['title']}{zh}",
            "textZh": f"{found['title']}{zh}",
            "titleEn": f"{found['title']}: {en}",
            "incidentId": incident,
            "mode": found["mode"],
        }
        organization, post = self._drafter
        await self._mutate("draftBulletin", given, organization=organization, post=post)

    async def _of_kind(self, incident: str, kind: str) -> list[Mapping[str, Any]]:
        found = await self._city.read("org", f"/v1/incidents/{incident}")
        told = await self._city.pages(
            "guarantee", "/v1/bulletins", incident=incident, mode=found["mode"]
        )
        return [one for one in told if one["kind"] == kind]
