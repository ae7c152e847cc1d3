"""Envelope encryption: a key per record, wrapped by a key of the operator; destroying it is erasure.

A record is sealed by AES-256-GCM under a data key of its own. The data key is wrapped under a key
of the ring and is kept apart from the record: once the wrapped key is gone nothing opens the
record, nor any copy of it. Record and wrapped key are bound to the record's id, so that neither
opens under another one.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from chassis.errors import Unavailable
from chassis.settings import SettingsError

KEY_BYTES = 32  # AES-256
NONCE_BYTES = 12  # what GCM is specified for; a ring key wraps far fewer than 2**32 keys
_KEYS_FILE = "UEM_KEYS_FILE"


class SealBroken(Exception):
    """The bytes are not what was sealed under this id: changed, swapped, or of another record."""


class KeyNotHeld(Unavailable):
    """The key that wrapped this is not in the ring."""

    slug = "key-not-held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """The wrapping keys by id; new records are wrapped by `current`, older ones still open."""

    current: str
    keys: Mapping[str, bytes] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrapped:
    """A data key under the ring's key `key_id`."""

    key_id: str
    key: bytes = field(repr=False)


def new_ring() -> str:
    """Return the text of a keys file with one fresh key."""
    return msgspec.json.encode(
        {"current": "k1", "keys": {"k1": base64.b64encode(os.urandom(KEY_BYTES)).decode()}}
    ).decode()


def read(file: Path | None) -> Ring:
    """Return the ring that `file` holds at this moment. Raises SettingsError naming UEM_KEYS_FILE.

    The file is JSON: `{"current": "k2", "keys": {"k1": "<base64 of 32 bytes>", "k2": "..."}}`.
    """
    if file is None:
        raise _wrong("is missing: the keys under which personal data is sealed")
    try:
        told = msgspec.json.decode(file.read_bytes(), type=_File)
        keys = {name: base64.b64decode(text, validate=True) for name, text in told.keys.items()}
    except OSError as error:
        raise _wrong(f"names a file that cannot be read: {file}") from error
    except (msgspec.MsgspecError, binascii.Error) as error:
        raise _wrong("does not hold a ring of keys") from error
    for name, key in keys.items():
        if len(key) != KEY_BYTES or len(set(key)) == 1:
            raise _wrong(f"key {name!r} is not {KEY_BYTES} random bytes")
    if told.current not in keys:
        raise _wrong(f"has no key {told.current!r}, which it calls current")
    return Ring(current=told.current, keys=keys)


def seal(ring: Ring, plain: bytes, *, bound_to: str) -> tuple[bytes, Wrapped]:
    """Return `plain` sealed under a key of its own, and that key wrapped, to be kept apart."""
    key = AESGCM.generate_key(bit_length=8 * KEY_BYTES)
    return _encrypt(key, plain, _data(bound_to)), _wrap(ring, key, bound_to)


def unseal(ring: Ring, sealed: bytes, wrapped: Wrapped, *, bound_to: str) -> bytes:
    """Return what was sealed under that id. Raises KeyNotHeld and SealBroken."""
    return _decrypt(_unwrap(ring, wrapped, bound_to), sealed, _data(bound_to))


def rewrap(ring: Ring, wrapped: Wrapped, *, bound_to: str) -> Wrapped:
    """Return the same data key under the ring's current key. Raises KeyNotHeld and SealBroken."""
    return _wrap(ring, _unwrap(ring, wrapped, bound_to), bound_to)


def blind(ring: Ring, value: str, *, purpose: str) -> dict[str, bytes]:
    """Return by key id what stands for `value` in an index: equal for equal values, else nothing.

    Without the ring no table of all possible values can be made.
    """
    return {name: _blind(key, value, purpose) for name, key in ring.keys.items()}


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    current: str
    keys: dict[str, str]


def _wrong(reason: str) -> SettingsError:
    return SettingsError(f"the settings do not allow a start:\n  {_KEYS_FILE} {reason}")


def _wrap(ring: Ring, key: bytes, bound_to: str) -> Wrapped:
    name = ring.current
    return Wrapped(key_id=name, key=_encrypt(ring.keys[name], key, _key(name, bound_to)))


def _unwrap(ring: Ring, wrapped: Wrapped, bound_to: str) -> bytes:
    if wrapped.key_id not in ring.keys:
        raise KeyNotHeld(
            f"The key {wrapped.key_id} is not held.", remedy=f"Add it to the file of {_KEYS_FILE}."
        )
    return _decrypt(ring.keys[wrapped.key_id], wrapped.key, _key(wrapped.key_id, bound_to))


def _data(bound_to: str) -> bytes:
    return b"\0".join((b"data", bound_to.encode()))


def _key(name: str, bound_to: str) -> bytes:
    return b"\0".join((b"key", name.encode(), bound_to.encode()))


def _encrypt(key: bytes, plain: bytes, about: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, about)


def _decrypt(key: bytes, sealed: bytes, about: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about)
    except (InvalidTag, ValueError) as error:
        raise SealBroken("the seal is broken") from error


def _blind(key: bytes, value: str, purpose: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode())
    return hmac.digest(derived.derive(key), value.encode(), hashlib.sha256)
