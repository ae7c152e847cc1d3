"""Tokens for tests: one issuer key a session, its JWKS in a file."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm

from chassis import issuers
from chassis.clock import Clock

ISSUER = "https://issuer.test"
AUDIENCE = "uem"
KEY_ID = "test-key"


@dataclass(frozen=True, slots=True)
class Issuer:
    """Signs tokens that the services under test accept."""

    key: Ed25519PrivateKey
    jwks_file: Path

    @property
    def trusted(self) -> issuers.Issuer:
        """The issuer as a service is told of it."""
        return issuers.Issuer(name=ISSUER, jwks_file=self.jwks_file)

    @classmethod
    def make(cls, folder: Path) -> "Issuer":
        """Return an issuer whose public key lies in the folder."""
        key = Ed25519PrivateKey.generate()
        public = json.loads(OKPAlgorithm.to_jwk(key.public_key()))
        keys = {"keys": [public | {"kid": KEY_ID, "use": "sig", "alg": "EdDSA"}]}
        file = folder / "jwks.json"
        file.write_text(json.dumps(keys))
        return cls(key, file)

    def token(
        self,
        *,
        roles: Sequence[str] = (),
        org: str | None = None,
        areas: Sequence[str] = (),
        posts: Sequence[str] = (),
        person: str | None = None,
        subject: str = "tester",
        headers: dict[str, Any] | None = None,
        **claims: Any,
    ) -> str:
        """Return a token valid for five minutes; `claims` replaces or removes (None) members."""
        now = Clock().wall()
        payload = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": subject,
            "iat": now,
            "exp": now + timedelta(minutes=5),
            "roles": list(roles),
            "org": org,
            "areas": list(areas),
            "posts": list(posts),
            "person": person,
        } | claims
        said = {name: value for name, value in payload.items() if value is not None}
        return jwt.encode(
            said,
            self.key,
            algorithm="EdDSA",
            headers={"kid": KEY_ID, "typ": "at+jwt"} | (headers or {}),
        )
