"""What a running stack says of itself in its state folder, for the commands that come later."""

import enum
from pathlib import Path

import msgspec

from chassis.settings import Deployment


class Phase(enum.StrEnum):
    """How far the stack is."""

    STARTING = "starting"
    READY = "ready"
    STOPPING = "stopping"


class Record(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Where the stack listens, and what its databases were born as."""

    phase: Phase
    deployment: Deployment
    addresses: dict[str, str]
    servers: dict[str, str]
    boot_seconds: float | None = None


def read(file: Path) -> Record | None:
    """Return the record; None when no stack has been started here since the last `uem down`."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Record)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def write(file: Path, record: Record) -> None:
    """The record is in the file, whole: a reader sees the old one or this one."""
    unfinished = file.with_suffix(".unfinished")
    unfinished.write_bytes(msgspec.json.format(msgspec.json.encode(record)) + b"\n")
    unfinished.replace(file)
