"""Blobs: kept under the hash of their content, within size and type."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chassis.blobs import Blob, Blobs, TypeRefused
from chassis.errors import NotFound, TooLarge

PNG = b"\x89PNG\r\n\x1a\n and the rest"


async def parts(*content: bytes) -> AsyncIterator[bytes]:
    for one in content:
        yield one


@pytest.fixture(params=["folder", "object store"])
def blobs(request, tmp_path: Path) -> Blobs:
    return Blobs.at(tmp_path / "blobs" if request.param == "folder" else "memory:///")


async def test_content_is_kept_under_its_hash(blobs):
    kept = await blobs.put(parts(PNG[:4], PNG[4:]), media_type="image/png")

    assert kept == Blob(hashlib.sha256(PNG).hexdigest(), len(PNG), "image/png")
    assert await blobs.get(kept.key) == PNG


async def test_the_same_content_is_one_blob(blobs):
    first = await blobs.put(parts(PNG), media_type="image/png")
    second = await blobs.put(parts(PNG), media_type="image/png")

    assert first == second


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"MZ\x90\x00", "image/png"),
        (PNG, "image/jpeg"),
        (PNG, "application/x-msdownload"),
        (b"", "image/png"),
        (b"RIFF\x00\x00\x00\x00WAVE", "image/webp"),
        (b"<html><script>", "application/xml"),
    ],
)
async def test_content_that_does_not_begin_as_its_type_is_refused(blobs, content, media_type):
    with pytest.raises(TypeRefused):
        await blobs.put(parts(content), media_type=media_type)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"\xff\xd8\xff\xe0 and more", "image/jpeg"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"%PDF-1.7", "application/pdf"),
        (b"\x00\x00\x00\x20ftypisom", "video/mp4"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", "application/xml"),
    ],
)
async def test_content_of_an_accepted_type_is_kept(blobs, content, media_type):
    kept = await blobs.put(parts(content), media_type=media_type)

    assert await blobs.get(kept.key) == content


async def test_a_file_has_a_size(tmp_path):
    from obstore.store import LocalStore

    small = Blobs(LocalStore(tmp_path), largest=20)

    with pytest.raises(TooLarge):
        await small.put(parts(PNG, PNG), media_type="image/png")


@pytest.mark.parametrize("key", ["0" * 64, "../../etc/passwd", "", "x" * 64])
async def test_what_was_never_kept_is_not_found(blobs, key):
    with pytest.raises(NotFound) as refused:
        await blobs.get(key)

    assert refused.value.slug == "blob-not-found"


async def test_content_that_was_changed_behind_our_back_is_not_given_out(tmp_path):
    blobs = Blobs.at(tmp_path)
    kept = await blobs.put(parts(PNG), media_type="image/png")
    (tmp_path / kept.key[:2] / kept.key).write_bytes(b"\x89PNG\r\n\x1a\n another")

    with pytest.raises(NotFound, match="intact"):
        await blobs.get(kept.key)
