"""The deployment as the player sees it: five addresses, one clock to set, and when nothing is under way."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

import httpx

from uem.demo import rest
from uem.demo.figures import instant
from uem.problem import Problem
from vocabulary import NATION

SERVICES = ("org", "plans", "guarantee", "analytics")
POLL_S = 0.02  # between two looks at whether work is under way; the work itself takes longer
SETTLE_WITHIN_S = 60.0  # wall time; longer means that something is stuck and must be said


class Deployment(Protocol):
    """What the player needs of a stack."""

    @property
    def addresses(self) -> Mapping[str, str]:
        """Where each program listens."""

    def token(
        self,
        *,
        roles: Sequence[str],
        org: str | None = None,
        areas: Sequence[str] = ...,
        posts: Sequence[str] = (),
        subject: str = ...,
    ) -> str:
        """A token that the programs accept."""


class City:
    """Public interfaces of one rehearsal deployment, and its clock."""

    def __init__(self, stack: Deployment, client: httpx.AsyncClient) -> None:
        self._stack = stack
        self._client = client
        self._tokens: dict[tuple[tuple[str, ...], str | None, str | None], str] = {}
        self._homes: dict[str, str] = {}
        self.now: datetime | None = None

    async def set_clock(self, now: datetime) -> None:
        """Every service's business time is `now`; timers that fall due by then fire."""
        body = {"now": now.isoformat()}
        await asyncio.gather(
            *(self.call("PUT", name, "/v1/rehearsal/clock", json=body) for name in SERVICES)
        )
        self.now = now

    async def settle(self) -> datetime | None:
        """Nothing is under way in any service; return when the earliest timer falls due.

        Raises Problem when that does not come about.
        """
        deadline = asyncio.get_running_loop().time() + SETTLE_WITHIN_S
        while left := rest.to_do(seen := await self._progress()):
            if asyncio.get_running_loop().time() > deadline:
                raise Problem(
                    f"the services did not come to rest within {SETTLE_WITHIN_S:.0f} s: {left}",
                    remedy="run it again with --keep and look with uem status and uem doctor",
                )
            await asyncio.sleep(POLL_S)
        return min((instant(one["dueAt"]) for one in seen.values() if one["dueAt"]), default=None)

    async def _progress(self) -> dict[str, Any]:
        seen = await asyncio.gather(
            *(self.call("GET", name, "/v1/rehearsal/progress") for name in SERVICES)
        )
        return dict(zip(SERVICES, seen, strict=True))

    async def call(
        self,
        method: str,
        service: str,
        path: str,
        *,
        roles: Sequence[str] = ("operator", "viewer"),
        org: str | None = None,
        post: str | None = None,
        **request: Any,  # noqa: ANN401 - what httpx takes: json, content, headers, params
    ) -> Any:  # noqa: ANN401 - JSON of a public interface
        """Call a service's public interface in the name of a role; raises Problem on a refusal."""
        token = await self._token(tuple(roles), org, post)
        headers = {"Authorization": f"Bearer {token}", **request.pop("headers", {})}
        url = self._stack.addresses[service] + path
        answer = await self._client.request(method, url, headers=headers, **request)
        if not answer.is_success:
            raise Problem(
                f"{method} {service} {path} was refused: {answer.status_code} {answer.text[:600]}",
                remedy="the scenario asks for something that the service does not allow",
            )
        return answer.json() if answer.content else None

    async def pages(self, service: str, path: str, **params: Any) -> list[dict[str, Any]]:  # noqa: ANN401
        """Every node of a paged list."""
        nodes: list[dict[str, Any]] = []
        after: str | None = None
        while True:
            query = {"first": 100} | params | ({"after": after} if after else {})
            page = await self.call("GET", service, path, params=query)
            nodes += page["nodes"]
            if not page["hasNextPage"]:
                return nodes
            after = page["endCursor"]

    async def read(self, service: str, path: str) -> dict[str, Any]:
        """What one service shows."""
        shown: dict[str, Any] = await self.call("GET", service, path)
        return shown

    async def send_cap(self, document: bytes, *, org: str) -> None:
        """The message of that agency was taken in."""
        await self.call(
            "POST",
            "guarantee",
            "/v1/cap",
            roles=("agency",),
            org=org,
            content=document,
            headers={"Content-Type": "application/cap+xml"},
        )

    async def send_observations(self, lines: str) -> None:
        """Every line was accepted. Raises Problem naming the lines that were not."""
        answer = await self.call(
            "POST",
            "analytics",
            "/v1/observations",
            roles=("collector",),
            content=lines.encode(),
            headers={"Content-Type": "application/x-ndjson"},
        )
        if answer["rejected"]:
            raise Problem(f"observations were refused: {answer['rejected']}", remedy="see the code")

    async def report(self, body: Mapping[str, Any], *, org: str, post: str) -> None:
        """The report was taken in at that post."""
        await self.call(
            "POST",
            "org",
            "/v1/reports",
            roles=("duty_officer",),
            org=org,
            post=post,
            json=dict(body),
        )

    async def ask(
        self, document: str, variables: Mapping[str, Any], *, org: str, post: str
    ) -> Mapping[str, Any]:
        """Run one GraphQL operation as the person in `post`; raises Problem on any error."""
        answer = await self.call(
            "POST",
            "gateway",
            "/graphql",
            roles=("viewer", "duty_officer", "commander", "keeper"),
            org=org,
            post=post,
            json={"query": document, "variables": variables},
        )
        if answer.get("errors"):
            raise Problem(f"GraphQL refused: {answer['errors']}", remedy="see the message")
        data: Mapping[str, Any] = answer["data"]
        refused = [
            error for payload in data.values() for error in (payload or {}).get("errors", ())
        ]
        if refused:
            raise Problem(f"GraphQL refused: {refused}\n{variables}", remedy="see the message")
        return data

    async def _token(self, roles: tuple[str, ...], org: str | None, post: str | None) -> str:
        """Who is in a post acts for its organization where that is at home; the player sees all."""
        key = (roles, org, post)
        if key not in self._tokens:
            self._tokens[key] = self._stack.token(
                roles=roles,
                org=org,
                areas=(NATION,) if org is None else (await self._home(org),),
                posts=(post,) if post else (),
                subject=post or org or "player",
            )
        return self._tokens[key]

    async def _home(self, organization: str) -> str:
        if organization not in self._homes:
            found = await self.read("org", f"/v1/organizations/{organization}")
            self._homes[organization] = found["jurisdiction"]
        return self._homes[organization]


def later(at: datetime, minutes: float) -> datetime:
    """The instant so many scenario minutes after `at`."""
    return at + timedelta(minutes=minutes)
