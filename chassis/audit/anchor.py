"""An anchor: the head of a service's chain at one moment, signed by the service when it has a key."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

Keys = Mapping[str, Ed25519PublicKey]


class Anchor(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """The chain of `service` had `position` links, the last of them `hash` (hex), at `at`.

    `count` is how many links came since the anchor before. The signature is Ed25519, in base64,
    over the JSON array `["uem.audit.head/1",service,position,hash,count,at]` without white space,
    `at` in UTC with six digits of a second and `Z`; `key` names the key.
    """

    service: str
    position: int
    hash: str
    count: int
    at: datetime
    key: str | None = None
    signature: str | None = None

    def statement(self) -> bytes:
        """Return the bytes that are signed."""
        at = self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        said = ["uem.audit.head/1", self.service, self.position, self.hash, self.count, at]
        return msgspec.json.encode(said)


def sign(anchor: Anchor, key: Ed25519PrivateKey) -> Anchor:
    """Return the anchor with the key's name and signature."""
    signature = base64.b64encode(key.sign(anchor.statement())).decode()
    return msgspec.structs.replace(anchor, key=name_of(key.public_key()), signature=signature)


def is_genuine(anchor: Anchor, keys: Keys) -> bool:
    """Whether one of the keys has signed it; without keys nothing is asked."""
    if not keys:
        return True
    key = keys.get(anchor.key or "")
    if key is None or anchor.signature is None:
        return False
    try:
        key.verify(base64.b64decode(anchor.signature, validate=True), anchor.statement())
    except (InvalidSignature, binascii.Error):
        return False
    return True


def name_of(key: Ed25519PublicKey) -> str:
    """Return the key's name: the first 16 hex digits of SHA-256 over its 32 bytes."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def new_key() -> str:
    """Return a new private key as PEM."""
    return (
        Ed25519PrivateKey.generate()
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        .decode("ascii")
    )


def read_key(file: Path) -> Ed25519PrivateKey:
    """Return the private key in the file. Raises ValueError when there is none of Ed25519."""
    try:
        key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{file} holds no private key in PEM without a passphrase") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{file} holds no Ed25519 key")
    return key


def read_public_key(file: Path) -> Ed25519PublicKey:
    """Return the public key in the file, or of the private one. Raises ValueError."""
    content = file.read_bytes()
    if b"PRIVATE KEY" in content:
        return read_key(file).public_key()
    key = serialization.load_pem_public_key(content)
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError(f"{file} holds no Ed25519 key")
    return key
