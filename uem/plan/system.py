"""The plans service that files are carried to: of the embedded stack, or of any deployment by its address."""

import argparse
import os
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import httpx

from uem import running
from uem.home import home
from uem.issuer import Claims, Issuer
from uem.problem import Problem
from vocabulary import NATION

TIMEOUT_S = 30.0
TOKEN = "UEM_TOKEN"  # noqa: S105 - the name of a variable


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which system; without an address the stack that runs in this folder."""
    parser.add_argument("--url", help="address of the plans service (default: the stack here)")
    parser.add_argument(
        "--area", default=NATION, help="where the role of planner holds, with the stack here"
    )


class System:
    """A connection to the plans service in the name of a planner."""

    def __init__(self, url: str, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        self._client = httpx.Client(
            base_url=url, timeout=TIMEOUT_S, headers=headers, trust_env=False
        )

    @classmethod
    def of(cls, arguments: argparse.Namespace) -> Self:
        """The system that the arguments name. Raises Problem when there is none, or no token."""
        if arguments.url is None:
            folder = home()
            url = running.expect_running(folder).addresses["plans"]
            claims = Claims(subject="planner", roles=["planner", "viewer"], areas=[arguments.area])
            return cls(url, Issuer(folder.secrets).sign(claims))
        token = os.environ.get(TOKEN)
        if not token:
            raise Problem(
                f"{arguments.url} asks who you are", remedy=f"put a planner's token into {TOKEN}"
            )
        return cls(arguments.url, token)

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

    def send(self, path: str, text: str) -> Mapping[str, Any]:
        """What the service answers to a plan file."""
        return self._ask("POST", path, content=text.encode(), headers={"Content-Type": "text/yaml"})

    def get(self, path: str) -> Mapping[str, Any]:
        """What the service answers."""
        return self._ask("GET", path)

    def _ask(self, method: str, path: str, **what: Any) -> Mapping[str, Any]:  # noqa: ANN401 - as httpx takes
        try:
            answer = self._client.request(method, path, **what)
        except httpx.TransportError as error:
            raise Problem(
                f"{self._client.base_url} does not answer: {type(error).__name__}",
                remedy="uem status",
            ) from error
        if answer.is_success:
            found: Mapping[str, Any] = answer.json()
            return found
        raise _refusal(answer)


def _refusal(answer: httpx.Response) -> Problem:
    try:
        said = answer.json()
    except ValueError:
        said = {}
    detail = said.get("detail") or said.get("title") or answer.text[:300]
    return Problem(f"refused: {detail}", remedy=said.get("remedy") or "uem doctor")
