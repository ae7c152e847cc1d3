"""The development issuer: an Ed25519 key in the state folder that signs tokens for trying.

Services of the embedded stack trust its public key (jwks.json). A production deployment names
its own issuer, and does not start with the name or a key of this one.
"""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis import issuers
from chassis.clock import Clock

ISSUER = issuers.DEVELOPMENT
AUDIENCE = "uem"
LIFETIME = timedelta(hours=12)  # one shift on duty
LONGEST = issuers.DEVELOPMENT_LIFE
ROLES = (
    *("viewer", "duty_officer", "commander", "planner"),
    *("keeper", "agency", "collector", "supervisor", "operator"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """Who the bearer is: the claims that services read."""

    subject: str
    roles: Sequence[str]
    org: str | None = None
    areas: Sequence[str] = ()
    posts: Sequence[str] = ()
    person: str | None = None


class Issuer:
    """Signs tokens with the key of one state folder; the key is made at first need."""

    def __init__(self, folder: Path) -> None:
        self._key_file = folder / "issuer.pem"
        self.jwks_file = folder / "jwks.json"
        self._key = self._load_or_make()

    def sign(self, claims: Claims, *, lifetime: timedelta = LIFETIME) -> str:
        """Return a token that says `claims`, valid from now for `lifetime` of wall time."""
        now = Clock().wall()
        payload = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": claims.subject,
            "iat": now,
            "exp": now + lifetime,
            "org": claims.org,
            "roles": list(claims.roles),
            "areas": list(claims.areas),
            "posts": list(claims.posts),
            "person": claims.person,
        }
        said = {name: value for name, value in payload.items() if value is not None}
        headers = {"kid": _kid(self._key), "typ": "at+jwt"}
        return jwt.encode(said, self._key, algorithm="EdDSA", headers=headers)

    def _load_or_make(self) -> Ed25519PrivateKey:
        if not self._key_file.exists():
            self._make()
        key = serialization.load_pem_private_key(self._key_file.read_bytes(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise TypeError(f"{self._key_file} does not hold an Ed25519 key")
        self._show(key)
        return key

    def _show(self, key: Ed25519PrivateKey) -> None:
        """The public half is as it is named now; an earlier release named it otherwise."""
        shown = json.dumps({"keys": [_public(key)]})
        if not self.jwks_file.exists() or self.jwks_file.read_text(encoding="utf-8") != shown:
            unfinished = self.jwks_file.with_suffix(".unfinished")
            unfinished.write_text(shown, encoding="utf-8")
            unfinished.replace(self.jwks_file)

    def _make(self) -> None:
        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        self._key_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._key_file.touch(mode=0o600)
        self._key_file.write_bytes(pem)


def _public(key: Ed25519PrivateKey) -> dict[str, str]:
    """Return the public half as a JSON Web Key (RFC 8037)."""
    return {
        "kty": "OKP",
        "crv": "Ed25519",
        "alg": "EdDSA",
        "use": "sig",
        "kid": _kid(key),
        "x": _base64url(key.public_key().public_bytes_raw()),
    }


def _kid(key: Ed25519PrivateKey) -> str:
    thumbprint = hashlib.sha256(key.public_key().public_bytes_raw()).digest()[:12]
    return f"{issuers.DEVELOPMENT_KEY}{_base64url(thumbprint)}"


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
