"""How scripted people report upward: phoned first when urgent, signed, sent, receipted."""

from collections.abc import Mapping
from typing import Any, Protocol

from uem.demo.city import City


class Mutate(Protocol):
    """One mutation in the name of a post."""

    async def __call__(
        self, name: str, given: Mapping[str, Any], *, organization: str, post: str
    ) -> None:
        """Do it once."""


class Upward:
    """The steps of a report; each does nothing when somebody was faster."""

    def __init__(self, city: City, mutate: Mutate) -> None:
        self._city = city
        self._mutate = mutate

    async def phone(self, report: str, organization: str, post: str) -> None:
        """The superior's duty post is called, unless it was."""
        found = await self._read(report)
        if found["status"] in ("DRAFT", "SIGNED") and not found["calls"]:
            to = {"to": f"{found['recipientId']}, duty post"}
            await self._do("phone", found, to, organization=organization, post=post)

    async def report(self, report: str, organization: str, post: str) -> None:
        """Phoned if urgent, then signed and sent."""
        if (await self._read(report))["isUrgent"]:
            await self.phone(report, organization, post)
        for status, verb in (("DRAFT", "sign"), ("SIGNED", "send")):
            found = await self._read(report)
            if found["status"] == status and found["recipientId"]:
                await self._do(verb, found, {}, organization=organization, post=post)

    async def receive(self, report: str, organization: str, post: str) -> None:
        """The superior has it."""
        found = await self._read(report)
        if found["status"] == "SENT":
            await self._do("receipt", found, {}, organization=organization, post=post)

    async def _read(self, report: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = await self._city.read("org", f"/v1/situation-reports/{report}")
        return found

    async def _do(
        self,
        verb: str,
        report: Mapping[str, Any],
        more: Mapping[str, Any],
        *,
        organization: str,
        post: str,
    ) -> None:
        given = {"report": report["id"], "expectedVersion": report["version"], **more}
        await self._mutate(f"{verb}SituationReport", given, organization=organization, post=post)
