"""Callers from verified tokens: RFC 8725 and RFC 9068, every rule of them that concerns us."""

from __future__ import annotations

import base64
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

import jwt
import msgspec
from jwt.types import Options

from chassis import issuers, policy
from chassis.clock import Clock
from chassis.errors import Forbidden, Unauthenticated
from chassis.issuers import Issuer
from chassis.keys import Keys
from chassis.unit_of_work import Caller

LEEWAY = timedelta(seconds=30)  # clocks of city and issuer may differ by as much
LONGEST_TOKEN = 8192  # bytes; longer ones are not looked at
MOST_REMEMBERED = 2_000  # verified tokens; the one longest unused is verified anew
LATEST = 253_402_300_799  # the last second of the year 9999
TYPES = frozenset({"at+jwt", "application/at+jwt"})  # RFC 9068: an ID token is no key to anything
REQUIRED: Options = {"require": ["exp", "iat", "iss", "aud", "sub"]}
# everything that bytes in the place of a token bring about; nested ones end the parser's stack
NOT_A_TOKEN = (jwt.PyJWTError, msgspec.MsgspecError, ValueError, TypeError, RecursionError)


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """What a token says about its bearer."""

    sub: str
    org: str | None = None
    roles: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    person: str | None = None


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """What is read of a token's header: where it says that its key lies is not.

    `jku`, `x5u`, `jwk` and `x5c` would have the token bring its own key (RFC 8725, section 3.10).
    """

    typ: str = ""
    kid: str = ""
    crit: Any = None


class Times(msgspec.Struct, frozen=True, kw_only=True):
    """When a token was issued and when it ends, in seconds of the epoch."""

    iat: Annotated[float, msgspec.Meta(ge=0, le=LATEST)]
    exp: Annotated[float, msgspec.Meta(ge=0, le=LATEST)]
    nbf: Annotated[float, msgspec.Meta(ge=0, le=LATEST)] = 0.0


class Body(Times, frozen=True, kw_only=True):
    """What is read of a token's claims before it is verified: which issuer's keys to look at."""

    iss: str


@dataclass(frozen=True, slots=True)
class Trusted:
    """An issuer and its keys."""

    issuer: Issuer
    keys: Keys


@dataclass(frozen=True, slots=True)
class Verified:
    """A token that held: whose it is, until when, and the key that proved it."""

    caller: Caller
    expires_at: float  # seconds of the epoch
    keys: Keys
    key: jwt.PyJWK


class Verifier:
    """Turns tokens of the trusted issuers into callers; remembers those that held.

    A remembered token saves its signature's verification, no other check: it must not have
    expired, and the key that proved it must be the one that its issuer shows.
    """

    def __init__(self, trusted: Collection[Issuer], *, audience: str, clock: Clock) -> None:
        mixed = issuers.confused(trusted)
        if mixed is not None:
            raise ValueError(f"the list of issuers {mixed}")
        self._trusted = {one.name: Trusted(one, Keys(one, clock)) for one in trusted}
        self._realms = frozenset(one.realm for one in trusted if one.realm is not None)
        self._audience = audience
        self._clock = clock
        self._remembered: OrderedDict[str, Verified] = OrderedDict()

    async def caller(
        self, authorization: str | None, *, before_proof: Callable[[], None] = lambda: None
    ) -> Caller:
        """Return who bears the token of an Authorization header. Raises Unauthenticated.

        `before_proof` is asked before the signature of a token is verified that is not remembered;
        what it raises is raised.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated("A bearer token is needed.", remedy="Sign in and send the token.")
        if len(token) > LONGEST_TOKEN:
            raise Unauthenticated("The token is longer than is accepted.")
        known = await self._recalled(token) or await self._verified(token, before_proof)
        self._remember(token, known)
        return known.caller

    async def _recalled(self, token: str) -> Verified | None:
        known = self._remembered.pop(token, None)
        if known is None or self._clock.wall().timestamp() >= known.expires_at:
            return None
        # keys that were read again are other objects: what they prove is proved anew
        return known if await known.keys.get(str(known.key.key_id)) is known.key else None

    def _remember(self, token: str, known: Verified) -> None:
        self._remembered[token] = known
        if len(self._remembered) > MOST_REMEMBERED:
            self._remembered.popitem(last=False)

    def _caller(self, claims: Claims, issuer: Issuer, token: str) -> Caller:
        # whoever holds a role at all may read what every role may read
        roles = frozenset(claims.roles) | ({"viewer"} if claims.roles else set())
        person = claims.person
        return Caller(
            subject=issuers.known_as(claims.sub, issuer, self._realms),
            organization=claims.org,
            roles=roles,
            areas=claims.areas,
            posts=claims.posts,
            person=person and issuers.known_as(person, issuer, self._realms),
            grants=policy.of_token(roles, claims.areas, claims.org),
            token=token,
        )

    async def _verified(self, token: str, before_proof: Callable[[], None]) -> Verified:
        """Return whose a token is that holds in every respect. Raises Unauthenticated."""
        try:
            header, body = read_unverified(token)
            trusted = self._trusted.get(body.iss)
            if header.typ.lower() not in TYPES or header.crit is not None or trusted is None:
                raise Unauthenticated("The token is not one for this interface.")
            if body.exp - body.iat > trusted.issuer.longest_life.total_seconds():
                raise Unauthenticated("The token would be valid for longer than is accepted.")
            key = await trusted.keys.get(header.kid)
            before_proof()
            said = jwt.decode(
                token,
                key.key,
                algorithms=[str(key.algorithm_name)],  # the key's, never the token's
                audience=self._audience,
                issuer=trusted.issuer.name,
                leeway=LEEWAY,
                options=REQUIRED,
            )
            caller = self._caller(msgspec.convert(said, Claims), trusted.issuer, token)
        except NOT_A_TOKEN as error:
            raise Unauthenticated(
                "The token is not valid here.", remedy="Sign in again.", reason=type(error).__name__
            ) from error
        expires_at = body.exp + LEEWAY.total_seconds()
        return Verified(caller, expires_at, trusted.keys, key)


def read_unverified(token: str) -> tuple[Header, Body]:
    """Return what a token says before anybody has looked at its signature.

    Raises ValueError and MsgspecError for what is no signed token.
    """
    header, body, _signature = token.split(".")
    return (
        msgspec.json.decode(_unpacked(header), type=Header),
        msgspec.json.decode(_unpacked(body), type=Body),
    )


def _unpacked(part: str) -> bytes:
    return base64.urlsafe_b64decode(part.encode("ascii") + b"=" * (-len(part) % 4))


def require(caller: Caller, roles: frozenset[str]) -> None:
    """Pass when the caller holds one of the roles. Raises Forbidden, naming them."""
    if not caller.roles & roles:
        needed = ", ".join(sorted(roles))
        raise Forbidden(
            f"This needs one of the roles: {needed}.",
            remedy="Ask somebody who holds it, or have it granted.",
            roles=sorted(roles),
        )
