"""Whose tokens are believed: issuers as data, each with its fixed algorithms and where its keys lie."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

if TYPE_CHECKING:
    from chassis.settings import Environment

ALGORITHMS = ("EdDSA", "ES256", "RS256")
LONGEST_LIFE = timedelta(minutes=15)  # what is taken from a person ends as soon; RFC 8725, RFC 9068

# The issuer of the embedded stack. Its private key lies on the machine that it opens, so it is
# believed only where the deployment says that it is a rehearsal or the embedded stack.
DEVELOPMENT = "uem-development"
DEVELOPMENT_KEY = "development-"  # what the id of every key of it begins with
DEVELOPMENT_LIFE = timedelta(hours=24)  # a shift on duty and the next

SERVICE = "service:"  # what the subject of a service begins with, which acts in its own name
_REALM = re.compile(r"[a-z0-9][a-z0-9.-]{0,62}\Z")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """One issuer: its exact name (claim iss), its algorithms, its keys, its tokens' longest life.

    Without `jwks_file` and `jwks_url` the keys are where its discovery document says. Its people
    are known by their `sub`, and in a `realm` by `sub@realm`: two issuers' same `sub` is two people.
    """

    name: str
    algorithms: tuple[str, ...] = ALGORITHMS
    jwks_file: Path | None = None
    jwks_url: str | None = None
    longest_life: timedelta = LONGEST_LIFE
    realm: str | None = None

    @property
    def is_development(self) -> bool:
        """Whether this is the issuer of the embedded stack."""
        return self.name == DEVELOPMENT

    @property
    def discovery_url(self) -> str:
        """Where its discovery document lies (OpenID Connect Discovery 1.0, section 4)."""
        return f"{self.name.rstrip('/')}/.well-known/openid-configuration"


class Described(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One issuer as UEM_ISSUERS_FILE describes it."""

    issuer: str
    algorithms: tuple[str, ...] = ALGORITHMS
    jwks_file: str | None = None
    jwks_url: str | None = None
    longest_minutes: int = int(LONGEST_LIFE / timedelta(minutes=1))
    realm: str | None = None


def read(environment: Environment, *, development_is_accepted: bool) -> tuple[Issuer, ...]:
    """Return the issuers that the settings name; what is wrong with them is noted.

    UEM_ISSUERS_FILE (JSON) names several; UEM_OIDC_ISSUER one that is discovered; UEM_TOKEN_ISSUER
    with UEM_JWKS_FILE or UEM_JWKS_URL one whose keys lie there.
    """
    found = (*_several(environment), *_one(environment))
    for issuer in found:
        _check(environment, issuer, development_is_accepted=development_is_accepted)
    if len({issuer.name for issuer in found}) != len(found):
        environment.wrong("ISSUERS_FILE", "names an issuer twice")
    mixed = confused(found)
    if mixed is not None:
        environment.wrong("ISSUERS_FILE", mixed)
    return found


def confused(issuers: Collection[Issuer]) -> str | None:
    """Return why the same name could stand for people of two of the issuers, or null."""
    realms = [issuer.realm for issuer in issuers]
    strange = [realm for realm in realms if realm is not None and not _REALM.match(realm)]
    if strange:
        return f"names a realm that is not of a-z, 0-9, . and -: {strange[0]!r}"
    if len(set(realms)) != len(realms):
        return (
            "needs a `realm` of its own for every issuer but one: their people are kept apart by it"
        )
    return None


def known_as(name: str, issuer: Issuer, realms: Collection[str]) -> str:
    """Return by what the system knows who the issuer calls `name`.

    Raises ValueError for a name that reads as somebody's of one of the `realms`, or as a service's.
    """
    _, at, end = name.rpartition("@")
    if issuer.realm is None and (name.startswith(SERVICE) or (at and end in realms)):
        raise ValueError("the name is another's")
    return name if issuer.realm is None else f"{name}@{issuer.realm}"


def is_safe(url: str) -> bool:
    """Whether keys may be fetched from there: over https, or on this machine."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        return bool(parts.hostname)
    return parts.scheme == "http" and parts.hostname in _LOOPBACK


def _one(environment: Environment) -> tuple[Issuer, ...]:
    discovered = environment.optional("OIDC_ISSUER")
    algorithms = tuple((environment.optional("TOKEN_ALGORITHMS") or "").split()) or ALGORITHMS
    if discovered is not None:
        return (Issuer(name=discovered, algorithms=algorithms),)
    if environment.optional("ISSUERS_FILE") and not environment.optional("TOKEN_ISSUER"):
        return ()
    name = environment.required("TOKEN_ISSUER", "who issues the tokens (claim iss)")
    file, url = environment.path("JWKS_FILE"), environment.optional("JWKS_URL")
    if file is None and url is None:
        environment.wrong("JWKS_FILE", "or UEM_JWKS_URL is missing: the issuer's public keys")
        return ()
    life = DEVELOPMENT_LIFE if name == DEVELOPMENT else LONGEST_LIFE
    return (
        Issuer(name=name, algorithms=algorithms, jwks_file=file, jwks_url=url, longest_life=life),
    )


def _several(environment: Environment) -> tuple[Issuer, ...]:
    file = environment.path("ISSUERS_FILE")
    if file is None or not file.is_file():
        return ()
    try:
        described = msgspec.json.decode(file.read_bytes(), type=tuple[Described, ...])
    except msgspec.MsgspecError as error:
        environment.wrong("ISSUERS_FILE", f"cannot be read: {error}")
        return ()
    return tuple(
        Issuer(
            name=one.issuer,
            algorithms=one.algorithms,
            jwks_file=file.parent / one.jwks_file if one.jwks_file else None,
            jwks_url=one.jwks_url,
            longest_life=timedelta(minutes=one.longest_minutes),
            realm=one.realm,
        )
        for one in described
    )


def _check(environment: Environment, issuer: Issuer, *, development_is_accepted: bool) -> None:
    strange = set(issuer.algorithms) - set(ALGORITHMS)
    if strange or not issuer.algorithms:
        environment.wrong("TOKEN_ALGORITHMS", f"may be {', '.join(ALGORITHMS)}: {issuer.name}")
    _check_place(environment, issuer)
    longest = DEVELOPMENT_LIFE if issuer.is_development else LONGEST_LIFE
    if not timedelta() < issuer.longest_life <= longest:
        environment.wrong("ISSUERS_FILE", f"allows {issuer.name} tokens longer than {longest}")
    if not development_is_accepted and (issuer.is_development or _shows_development_key(issuer)):
        environment.wrong(
            "TOKEN_ISSUER",
            "is the development issuer, or has its key: a production deployment believes it only "
            "as the embedded stack (UEM_EMBEDDED=true)",
        )


def _check_place(environment: Environment, issuer: Issuer) -> None:
    if issuer.jwks_file is not None and not issuer.jwks_file.is_file():
        environment.wrong("ISSUERS_FILE", f"names a file that does not exist: {issuer.jwks_file}")
        return
    place = issuer.jwks_url or issuer.discovery_url
    if issuer.jwks_file is None and not is_safe(place):
        environment.wrong("JWKS_URL", f"must be https, so that nobody swaps the keys: {place}")


def _shows_development_key(issuer: Issuer) -> bool:
    if issuer.jwks_file is None or not issuer.jwks_file.is_file():
        return False
    try:
        document: Any = json.loads(issuer.jwks_file.read_bytes())
        shown = [str(key.get("kid", "")) for key in document.get("keys", [])]
    except (ValueError, AttributeError, TypeError):
        return False  # no JWKS: no token will be verified with it
    return any(kid.startswith(DEVELOPMENT_KEY) for kid in shown)
