"""An issuer's public keys: fetched, cached for minutes, kept for a day while the issuer is away."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from chassis import logging
from chassis.clock import Clock
from chassis.errors import Unauthenticated, Unavailable
from chassis.issuers import ALGORITHMS, DEVELOPMENT_KEY, Issuer, is_safe

FRESH_FOR = timedelta(minutes=10)
USABLE_FOR = timedelta(hours=24)  # an issuer that is down must not stop the service
REFETCH_AT_MOST_EVERY = timedelta(seconds=30)  # unknown key ids must not become a flood of fetches
FETCH_TIMEOUT_S = 5.0
LARGEST_DOCUMENT = 256 * 1024  # bytes
LEAST_RSA_BITS = 2048  # RFC 7518, section 3.3
# everything that an issuer that is away, or answers nonsense, brings about
UNREADABLE = (
    *(OSError, TimeoutError, httpx.HTTPError, httpx.InvalidURL),
    *(ValueError, RecursionError, msgspec.MsgspecError),
)
log = logging.get(__name__)


class Discovery(msgspec.Struct, frozen=True, kw_only=True):
    """What is read of an issuer's discovery document."""

    issuer: str
    jwks_uri: str


class Keys:
    """The issuer's public keys, by key id; each serves exactly one algorithm."""

    def __init__(self, issuer: Issuer, clock: Clock) -> None:
        self._issuer = issuer
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
        stale = self._fetched_at is None or self._age(self._fetched_at) > FRESH_FOR
        return stale or key_id not in self._keys

    def _is_usable(self) -> bool:
        return self._fetched_at is not None and self._age(self._fetched_at) <= USABLE_FOR

    def _refresh(self) -> asyncio.Task[None]:
        """Return the one fetch that is under way, begun now unless it was before."""
        if self._refreshing is None or self._refreshing.done():
            self._refreshing = asyncio.create_task(self._refetch(), name="jwks")
        return self._refreshing

    async def _refetch(self) -> None:
        self._tried_at = self._clock.monotonic()
        try:
            keys = parse(await self._read(), of=self._issuer)
        except UNREADABLE as error:
            log.warning("jwks_unreadable", issuer=self._issuer.name, error=type(error).__name__)
            return
        self._keys, self._fetched_at = keys, self._clock.monotonic()

    async def _read(self) -> bytes:
        if self._issuer.jwks_file is not None:
            return await asyncio.to_thread(self._issuer.jwks_file.read_bytes)
        async with httpx.AsyncClient(timeout=FETCH_TIMEOUT_S, follow_redirects=False) as client:
            async with asyncio.timeout(FETCH_TIMEOUT_S):
                url = self._issuer.jwks_url or await self._discovered(client)
                return await _fetched(client, url)

    async def _discovered(self, client: httpx.AsyncClient) -> str:
        """Return where the issuer says that its keys lie. Raises ValueError when it is another."""
        content = await _fetched(client, self._issuer.discovery_url)
        found = msgspec.json.decode(content, type=Discovery)
        if found.issuer != self._issuer.name:  # mix-up of issuers; OpenID Connect Discovery 4.3
            raise ValueError("the discovery document is another issuer's")
        if not is_safe(found.jwks_uri):
            raise ValueError("the keys would be fetched where anybody could swap them")
        return found.jwks_uri

    def _age(self, since: float) -> timedelta:
        return timedelta(seconds=self._clock.monotonic() - since)


async def _fetched(client: httpx.AsyncClient, url: str) -> bytes:
    content = bytearray()
    async with client.stream("GET", url) as answer:
        answer.raise_for_status()
        async for part in answer.aiter_bytes():
            content += part
            if len(content) > LARGEST_DOCUMENT:
                raise ValueError("the document is larger than is read")
    return bytes(content)


def parse(content: bytes, *, of: Issuer) -> dict[str, jwt.PyJWK]:
    """Return the signing keys of a JWKS by key id; keys that `of` may not use are left out.

    Raises ValueError when the content is not a JWKS.
    """
    document = msgspec.json.decode(content, type=dict[str, Any])
    items = msgspec.convert(document.get("keys", []), list[dict[str, Any]])
    keys = {}
    for item in items:
        if item.get("use", "sig") != "sig" or "kid" not in item or item.get("kty") == "oct":
            continue
        kid = str(item["kid"])
        try:
            key = jwt.PyJWK(item)
        except jwt.PyJWTError as error:
            log.warning("jwk_unusable", kid=kid, error=type(error).__name__)
            continue
        if _may_use(of, kid, key):
            keys[kid] = key
    return keys


def _may_use(issuer: Issuer, kid: str, key: jwt.PyJWK) -> bool:
    if kid.startswith(DEVELOPMENT_KEY) and not issuer.is_development:
        return False
    if isinstance(key.key, RSAPublicKey) and key.key.key_size < LEAST_RSA_BITS:
        return False
    return key.algorithm_name in issuer.algorithms and key.algorithm_name in ALGORITHMS
