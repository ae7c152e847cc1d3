"""Classes of requests, and how many of each a caller may send to one process.

The figures are all here; docs/operations.md repeats them for who runs the system.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import IntEnum

from chassis import telemetry
from chassis.clock import Clock
from chassis.errors import RateLimited
from chassis.unit_of_work import Caller

MOST_BUCKETS = 10_000  # callers remembered; the one longest unheard of is forgotten, with its debt
OPERATORS = frozenset({"operator"})
COMMANDERS = frozenset({"duty_officer", "commander"})
_OTHERS = frozenset({"planner", "keeper", "agency", "collector", "supervisor", "viewer"})
STAFF = OPERATORS | COMMANDERS | _OTHERS
_OPERATOR_PATHS = ("/v1/operator/", "/v1/rehearsal/")
_PROOF = "invalid_token"
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_limited = telemetry.counter("requests_limited_total", "Requests refused by their caller's rate.")


class Class(IntEnum):
    """What a request is for; under overload the higher class goes first."""

    CITIZEN = 0
    READ = 1
    RESPONDER = 2
    COMMAND = 3


@dataclass(frozen=True, slots=True)
class Rate:
    """So many a second for ever, and `burst` at once after a rest."""

    per_s: float
    burst: int


# Per caller, class and process. By hand nobody sends more than 5 a second; the gateway turns one
# question of a person into at most 40 reads of a service.
RATES: Mapping[Class, Rate] = {
    Class.CITIZEN: Rate(20, 200),  # an address may stand for a whole building
    Class.READ: Rate(400, 4_000),
    Class.RESPONDER: Rate(400, 4_000),
    Class.COMMAND: Rate(800, 8_000),
}
# Tokens that turn out to be invalid, per address and process: what is beyond is not looked at, so
# that nobody has signatures verified for nothing. A building's clients whose tokens were of an old
# key come back with new ones; a token that was verified before is known without.
INVALID_TOKENS = Rate(5, 100)


def class_of(method: str, path: str, caller: Caller | None, *, intake: Collection[str]) -> Class:
    """Return the class of a request by what it asks and the roles of its verified caller.

    `intake` are the paths by which others pass on what citizens say.
    """
    roles = caller.roles if caller is not None else frozenset[str]()
    if not roles & STAFF:
        return Class.CITIZEN
    if path.startswith(_OPERATOR_PATHS) and roles & OPERATORS:
        return Class.COMMAND  # the one who has to mend an overload must get through it
    if method in _READS or path.startswith("/v1/batch/"):
        return Class.READ
    return class_of_write(roles, is_intake=path in intake)


def class_of_write(roles: Collection[str], *, is_intake: bool) -> Class:
    """Return the class of a write by somebody of the staff."""
    if COMMANDERS.intersection(roles):
        return Class.COMMAND
    return Class.CITIZEN if is_intake else Class.RESPONDER


class Rates:
    """One token bucket per caller and class; `factor` scales all figures."""

    def __init__(self, clock: Clock) -> None:
        self.factor = 1
        self._clock = clock
        self._buckets: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def take(self, who: str, class_: Class) -> None:
        """Count one request. Raises RateLimited, with the seconds until the next may come."""
        self._take(
            (who, class_.name.lower()),
            RATES[class_],
            "So many requests of this class are not taken from one caller.",
        )

    def take_proof(self, address: str) -> None:
        """Count a token from the address as invalid until it is proven. Raises RateLimited."""
        self._take(
            (f"address {address}", _PROOF),
            INVALID_TOKENS,
            "So many invalid tokens came from this address that none is looked at for a while.",
        )

    def give_back_proof(self, address: str) -> None:
        """Count one token less as invalid: it was proven."""
        key = (f"address {address}", _PROOF)
        left, since = self._buckets.get(key, (0.0, self._clock.monotonic()))
        self._keep(key, (left + 1, since))

    def _take(self, key: tuple[str, str], rate: Rate, refusal: str) -> None:
        per_s, burst = rate.per_s * self.factor, rate.burst * self.factor
        now = self._clock.monotonic()
        left, since = self._buckets.get(key, (float(burst), now))
        left = min(float(burst), left + (now - since) * per_s)
        self._keep(key, (left - 1 if left >= 1 else left, now))
        if left < 1:
            _limited.add(1, {"class": key[1]})
            raise RateLimited(
                refusal,
                remedy="Wait as long as Retry-After says, then send the same request again.",
                retryAfterS=math.ceil((1 - left) / per_s),
            )

    def _keep(self, key: tuple[str, str], bucket: tuple[float, float]) -> None:
        self._buckets[key] = bucket
        self._buckets.move_to_end(key)
        if len(self._buckets) > MOST_BUCKETS:
            self._buckets.popitem(last=False)


def name_of(caller: Caller | None, address: str) -> str:
    """Return whose bucket is used: the verified caller's, else that of the address."""
    return f"subject {caller.subject}" if caller is not None else f"address {address}"
