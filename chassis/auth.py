"""Callers from verified tokens: fixed algorithms, exact issuer and audience, keys from a JWKS."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import jwt
import msgspec
from jwt.types import Options

from chassis import logging
from chassis.clock import Clock
from chassis.errors import Forbidden, Unauthenticated, Unavailable
from chassis.settings import Settings
from chassis.unit_of_work import Caller

ALGORITHMS = ("EdDSA", "ES256", "RS256")
LEEWAY = timedelta(seconds=30)  # clocks of city and issuer may differ by as much
LONGEST_TOKEN = 8192  # bytes; longer ones are not looked at
KEYS_FRESH_FOR = timedelta(minutes=10)
KEYS_USABLE_FOR = timedelta(hours=24)  # an issuer that is down must not stop the service
REFETCH_AT_MOST_EVERY = timedelta(seconds=30)  # unknown key ids must not become a flood of fetches
FETCH_TIMEOUT_S = 5.0
LARGEST_JWKS = 256 * 1024
log = logging.get(__name__)


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """What a token says about its bearer."""

    sub: str
    org: str | None = None
    roles: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    person: str | None = None


class Keys:
    """The issuer's public keys, by key id; each serves exactly one algorithm."""

    def __init__(self, source: Path | str, clock: Clock) -> None:
        self._source = source
        self._clock = clock
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched_at: float | None = None
        self._tried_at: float | None = None
        self._refreshing: asyncio.Task[None] | None = None

    async def get(self, key_id: str) -> jwt.PyJWK:
        """Return the key. Raises Unauthenticated when the issuer has none of this id.

        A known key is used while newer ones are fetched, for 24 hours at most; after them, and
        before the first fetch succeeds, raises Unavailable.
        """
        if self._is_due(key_id):
            refreshing = self._refresh()
            if key_id not in self._keys or not self._is_usable():
                await asyncio.shield(refreshing)
        if not self._is_usable():
            raise Unavailable("The issuer's keys cannot be fetched; tokens cannot be verified.")
        if key_id not in self._keys:
            raise Unauthenticated("The token is signed with a key that its issuer does not show.")
        return self._keys[key_id]

    def _is_due(self, key_id: str) -> bool:
        if self._refreshing is not None and not self._refreshing.done():
            return True
        if self._tried_at is not None and self._age(self._tried_at) < REFETCH_AT_MOST_EVERY:
            return False
        stale = self._fetched_at is None or self._age(self._fetched_at) > KEYS_FRESH_FOR
        return stale or key_id not in self._keys

    def _is_usable(self) -> bool:
        return self._fetched_at is not None and self._age(self._fetched_at) <= KEYS_USABLE_FOR

    def _refresh(self) -> asyncio.Task[None]:
        """Return the one fetch that is under way, begun now unless it was before."""
        if self._refreshing is None or self._refreshing.done():
            self._refreshing = asyncio.create_task(self._refetch(), name="jwks")
        return self._refreshing

    async def _refetch(self) -> None:
        self._tried_at = self._clock.monotonic()
        try:
            keys = parse_jwks(await self._read())
        except (OSError, httpx.HTTPError, ValueError, msgspec.MsgspecError) as error:
            log.warning("jwks_unreadable", error=type(error).__name__)
            return
        self._keys, self._fetched_at = keys, self._clock.monotonic()

    async def _read(self) -> bytes:
        if isinstance(self._source, Path):
            return await asyncio.to_thread(self._source.read_bytes)
        async with httpx.AsyncClient(timeout=FETCH_TIMEOUT_S, follow_redirects=False) as client:
            answer = await client.get(self._source)
            answer.raise_for_status()
            if len(answer.content) > LARGEST_JWKS:
                raise ValueError("the JWKS is larger than is read")
            return answer.content

    def _age(self, since: float) -> timedelta:
        return timedelta(seconds=self._clock.monotonic() - since)


class Verifier:
    """Turns tokens of one issuer into callers."""

    def __init__(self, *, issuer: str, audience: str, keys: Keys) -> None:
        self._issuer = issuer
        self._audience = audience
        self._keys = keys

    @classmethod
    def of(cls, settings: Settings, clock: Clock) -> Verifier:
        """Return the verifier that the settings describe."""
        source = settings.jwks_file or settings.jwks_url
        assert source is not None  # Settings.read refuses to do without
        return cls(
            issuer=settings.token_issuer,
            audience=settings.token_audience,
            keys=Keys(source, clock),
        )

    async def caller(self, authorization: str | None) -> Caller:
        """Return who bears the token of an Authorization header. Raises Unauthenticated."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated("A bearer token is needed.", remedy="Sign in and send the token.")
        if len(token) > LONGEST_TOKEN:
            raise Unauthenticated("The token is longer than is accepted.")
        claims = msgspec.convert(await self._verified(token), Claims)
        return Caller(
            subject=claims.sub,
            organization=claims.org,
            # whoever holds a role at all may read what every role may read
            roles=frozenset(claims.roles) | ({"viewer"} if claims.roles else set()),
            areas=claims.areas,
            posts=claims.posts,
            person=claims.person,
            token=token,
        )

    async def _verified(self, token: str) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
            key = await self._keys.get(str(header.get("kid", "")))
            required: Options = {"require": ["exp", "iat", "iss", "aud", "sub"]}
            claims = jwt.decode(
                token,
                key.key,
                algorithms=[str(key.algorithm_name)],  # the key's, never the token's
                audience=self._audience,
                issuer=self._issuer,
                leeway=LEEWAY,
                options=required,
            )
            msgspec.convert(claims, Claims)
        except (jwt.PyJWTError, msgspec.ValidationError) as error:
            raise Unauthenticated(
                "The token is not valid here.", remedy="Sign in again.", reason=type(error).__name__
            ) from error
        return claims


def parse_jwks(content: bytes) -> dict[str, jwt.PyJWK]:
    """Return the signing keys of a JWKS by key id; keys of other algorithms are left out.

    Raises ValueError when the content is not a JWKS.
    """
    document = msgspec.json.decode(content, type=dict[str, list[dict[str, Any]]])
    keys = {}
    for item in document.get("keys", []):
        if item.get("use", "sig") != "sig" or "kid" not in item or item.get("kty") == "oct":
            continue
        try:
            key = jwt.PyJWK(item)
        except jwt.PyJWTError as error:
            log.warning("jwk_unusable", kid=item["kid"], error=type(error).__name__)
            continue
        if key.algorithm_name in ALGORITHMS:
            keys[str(item["kid"])] = key
    return keys


def require(caller: Caller, roles: frozenset[str]) -> None:
    """Pass when the caller holds one of the roles. Raises Forbidden, naming them."""
    if not caller.roles & roles:
        needed = ", ".join(sorted(roles))
        raise Forbidden(
            f"This needs one of the roles: {needed}.",
            remedy="Ask somebody who holds it, or have it granted.",
            roles=sorted(roles),
        )
