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
from chassis.errors import DomainError, RateLimited
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

        The verified caller is left in the request's state as `verified`, or as `unverified` why
        its token is not believed. Raises the refusals of `chassis.limits`, RateLimited and
        Overloaded.
        """
        limits.check_headers(scope)
        caller = await self._caller(scope)
        path = scope["path"]
        class_ = rates.class_of(scope["method"], path, caller, intake=self._intake)
        self.rates.take(rates.name_of(caller, address_of(scope)), class_)
        limit = limits.limit_of(path, self._body_limits)
        body = await body_of(scope, receive, limit=limit)
        async with self.admission.place(self._refine(class_, path, body)):
            yield limits.replayed(body, receive)

    async def _caller(self, scope: Scope) -> Caller | None:
        state = scope["state"]
        state["verified"] = state["unverified"] = None
        authorization = Headers(scope=scope).get("authorization")
        verifier = self._verifier()
        if authorization is None or verifier is None:
            return None
        try:
            state["verified"] = await identify(
                verifier, self.rates, authorization, address=address_of(scope)
            )
        except RateLimited:
            raise
        except DomainError as error:
            state["unverified"] = error  # the route says it, if it needs to know the caller at all
        caller: Caller | None = state["verified"]
        return caller


async def identify(
    verifier: Verifier, rates: Rates, authorization: str | None, *, address: str
) -> Caller:
    """Return who bears the token, counting against the address what turns out to be none.

    Raises Unauthenticated, and RateLimited before a signature is verified for an address that
    showed too many invalid tokens.
    """
    counted = False

    def count() -> None:
        nonlocal counted
        rates.take_proof(address)
        counted = True

    caller = await verifier.caller(authorization, before_proof=count)
    if counted:
        rates.give_back_proof(address)
    return caller


def address_of(scope: Scope) -> str:
    """Return the address of the connection."""
    return str((scope.get("client") or ("unknown",))[0])
