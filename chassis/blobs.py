"""Blobs: files kept under the hash of their content, in a folder or an object store."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import obstore
from obstore.store import LocalStore, ObjectStore, from_url

from chassis.errors import Invalid, TooLarge, missing

LARGEST = 10 * 1024 * 1024  # bytes, of media of a report
# what a file of each accepted type looks like; the name that a sender gives is never believed
SIGNATURES: Mapping[str, re.Pattern[bytes]] = {
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/webp": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
    "application/pdf": re.compile(rb"%PDF-"),
    "audio/mpeg": re.compile(rb"ID3|\xff[\xe2-\xfb]"),
    "video/mp4": re.compile(rb".{4}ftyp", re.DOTALL),
    "application/xml": re.compile(rb"(\xef\xbb\xbf)?<\?xml "),
}


class TypeRefused(Invalid):
    """The content is not of a type that is kept."""

    slug = "blob-type-refused"


@dataclass(frozen=True, slots=True)
class Blob:
    """A kept file: its key is the SHA-256 of its content."""

    key: str
    size: int
    media_type: str


class Blobs:
    """The files of one service."""

    def __init__(self, store: ObjectStore, *, largest: int = LARGEST) -> None:
        self._store = store
        self._largest = largest

    @classmethod
    def at(cls, location: str | Path) -> Blobs:
        """Return the blobs in a folder (created when absent) or at a URL like s3://bucket/path."""
        if isinstance(location, Path):
            return cls(LocalStore(location, mkdir=True))
        return cls(from_url(location))

    async def put(self, content: AsyncIterable[bytes], *, media_type: str) -> Blob:
        """Keep the content and return its key; the same content is kept once.

        Raises TooLarge, and TypeRefused when it does not begin as its type does.
        """
        data = await self._limited(content)
        check_type(data, media_type)
        key = hashlib.sha256(data).hexdigest()
        await obstore.put_async(self._store, _path(key), data, attributes=self._notes(media_type))
        return Blob(key=key, size=len(data), media_type=media_type)

    async def get(self, key: str) -> bytes:
        """Return the content. Raises NotFound, also when what is stored is not what was put."""
        if len(key) != 64 or not all(digit in "0123456789abcdef" for digit in key):
            raise missing("blob", "of this key")
        try:
            found = await obstore.get_async(self._store, _path(key))
        except FileNotFoundError as error:
            raise missing("blob", key) from error
        data = bytes(await found.bytes_async())
        if hashlib.sha256(data).hexdigest() != key:
            raise missing("blob", f"{key} with its content intact")
        return data

    def _notes(self, media_type: str) -> dict[str, str] | None:
        # a folder keeps no attributes beside a file
        return None if isinstance(self._store, LocalStore) else {"Content-Type": media_type}

    async def _limited(self, content: AsyncIterable[bytes]) -> bytes:
        data = bytearray()
        async for part in content:
            data += part
            if len(data) > self._largest:
                raise TooLarge(f"A file may have {self._largest} bytes.", limit=self._largest)
        return bytes(data)


def check_type(data: bytes, media_type: str) -> None:
    """Pass content that begins as its type does. Raises TypeRefused."""
    signature = SIGNATURES.get(media_type)
    if signature is None or not signature.match(data):
        raise TypeRefused(
            f"This is not {media_type}, or that type is not kept.",
            remedy=f"Send one of {', '.join(sorted(SIGNATURES))}.",
        )


def _path(key: str) -> str:
    return f"{key[:2]}/{key}"
