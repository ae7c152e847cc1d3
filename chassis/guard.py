"""What stands before every route of a process: headers, rate, body, and a place in the work."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import TypeAlias

from starlette.datastructures import Headers
from starlette.types import Receive, Scope

from chassis import limits, rates
from chassis.auth import Verifier
from chassis.clock import Clock
from chassis.errors import DomainError
from chassis.limits import body_of
from chassis.rates import Class, Rates
from chassis.settings import LEAST_PLACES
from chassis.shedding import Admission
from chassis.unit_of_work import Caller

Refine: TypeAlias = Callable[[Class, str, bytes], Class]


class Guard:
    """Lets one request through when it is small, prompt and due; narrowly until it is opened."""

    def __init__(
        self,
        clock: Clock,
        *,
        verifier: Callable[[], Verifier | None],
        body_limits: Mapping[str, int] | None = None,
        intake: frozenset[str] = frozenset(),
        refine: Refine = lambda class_, *_: class_,
    ) -> None:
        self.rates = Rates(clock)
        self.admission = Admission(LEAST_PLACES)
        self._verifier = verifier
        self._body_limits = body_limits or {}
        self._intake = intake
        self._refine = refine

    def open(self, *, in_work: int, rate_factor: int) -> None:
        """From now on so many requests are in work at once, at so many times the rates."""
        self.rates.factor = rate_factor
        self.admission = Admission(in_work)

    @asynccontextmanager
    async def admitted(self, scope: Scope, receive: Receive) -> AsyncIterator[Receive]:
        """Hold a place in the work inside the block; yield a `receive` that gives the body.

        The verified caller, if any, is left in the request's state. Raises the refusals of
        `chassis.limits`, RateLimited and Overloaded.
        """
        limits.check_headers(scope)
        caller = await self._caller(scope)
        scope["state"]["verified"] = caller
        path = scope["path"]
        class_ = rates.class_of(scope["method"], path, caller, intake=self._intake)
        self.rates.take(rates.name_of(caller, _address(scope)), class_)
        limit = limits.limit_of(path, self._body_limits)
        body = await body_of(scope, receive, limit=limit)
        async with self.admission.place(self._refine(class_, path, body)):
            yield limits.replayed(body, receive)

    async def _caller(self, scope: Scope) -> Caller | None:
        authorization = Headers(scope=scope).get("authorization")
        verifier = self._verifier()
        if authorization is None or verifier is None:
            return None
        try:
            return await verifier.caller(authorization)
        except DomainError:
            return None  # the route says why, if it needs to know the caller at all


def _address(scope: Scope) -> str:
    return str((scope.get("client") or ("unknown",))[0])
