"""The operator's line to the running services: their operator endpoints, with a token of ours."""

import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from uem.home import Home
from uem.issuer import Claims, Issuer
from uem.problem import Problem
from uem.stack import programs, record

TIMEOUT_S = 30.0  # a digest reads every aggregate
Answer = dict[str, Any]  # JSON of an operator endpoint, printed or compared as it came


class Services:
    """A connection to every service of a stack, as its operator."""

    def __init__(self, addresses: Mapping[str, str], token: str) -> None:
        known = [one.name for one in programs.SERVICES]
        self.addresses = {name: addresses[name] for name in known if name in addresses}
        headers = {"Authorization": f"Bearer {token}"}
        self._client = httpx.Client(timeout=TIMEOUT_S, headers=headers, trust_env=False)

    @classmethod
    def of(cls, home: Home, running: record.Record) -> Self:
        """Return the line to the stack that runs in this folder, or elsewhere.

        UEM_TOKEN_FILE holds an operator's token where the issuer is not the folder's own.
        """
        if given := os.environ.get("UEM_TOKEN_FILE"):
            return cls(running.addresses, Path(given).read_text("utf-8").strip())
        claims = Claims(subject="operator", roles=["operator"])
        return cls(running.addresses, Issuer(home.secrets).sign(claims))

    def __enter__(self) -> Self:
        """The connection is open."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """The connection is closed."""
        self._client.close()

    def get(self, service: str, path: str, **query: str) -> Answer:
        """Return what GET answers. Raises `Problem` when the service is away or refuses."""
        return self._ask(service, "GET", path, params=query)

    def post(self, service: str, path: str, body: Mapping[str, object]) -> Answer:
        """Return what POST answers. Raises `Problem` when the service is away or refuses."""
        return self._ask(service, "POST", path, json=dict(body))

    def _ask(self, service: str, method: str, path: str, **what: Any) -> Answer:  # noqa: ANN401
        if service not in self.addresses:
            raise Problem(
                f"no service {service} is running here",
                remedy=f"one of: {', '.join(self.addresses)}",
            )
        try:
            answer = self._client.request(method, self.addresses[service] + path, **what)
        except httpx.TransportError as error:
            raise Problem(
                f"{service} does not answer: {type(error).__name__}", remedy="uem doctor"
            ) from error
        if answer.is_success:
            return dict(answer.json())
        raise Problem(f"{service} refuses: {_said(answer)}", remedy=_remedy(answer))


def _said(answer: httpx.Response) -> str:
    problem = _problem(answer)
    return str(problem.get("detail") or problem.get("title") or answer.text[:300])


def _remedy(answer: httpx.Response) -> str:
    return str(_problem(answer).get("remedy") or "uem doctor")


def _problem(answer: httpx.Response) -> Answer:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
