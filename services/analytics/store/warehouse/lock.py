"""The lock on an embedded warehouse's folder: one process opens it, others learn which one."""

import fcntl
import os
import socket
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec

from chassis.errors import Unavailable


class WarehouseLocked(Unavailable):
    """Another process has the warehouse open; the engine allows one."""

    slug = "warehouse-locked"


class Holder(msgspec.Struct, frozen=True):
    """Who has the warehouse open since when (wall time)."""

    host: str
    pid: int
    since: datetime


def hold(folder: Path, *, now: datetime) -> IO[bytes]:
    """Hold the folder until the returned file is closed or this process ends, however it ends.

    Raises WarehouseLocked naming the holder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder.with_name(f"{folder.name}.lock")
    file = path.open("a+b")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = _holder(file)
        file.close()
        raise _locked(folder, holder) from None
    file.truncate(0)
    file.write(msgspec.json.encode(Holder(socket.gethostname(), os.getpid(), now)))
    file.flush()
    return file


def _holder(file: IO[bytes]) -> Holder | None:
    file.seek(0)
    try:
        return msgspec.json.decode(file.read(), type=Holder)
    except msgspec.DecodeError:
        return None  # it has just taken the lock and not yet written its name


def _locked(folder: Path, holder: Holder | None) -> WarehouseLocked:
    who = (
        f"process {holder.pid} on {holder.host} since {holder.since.isoformat()}"
        if holder
        else "another process"
    )
    return WarehouseLocked(
        f"The warehouse {folder.name} is open in {who}.",
        remedy="Run one analytics process (replicas: 1, strategy Recreate), or give"
        " UEM_WAREHOUSE_URL of a ClickHouse cluster.",
        holder=None if holder is None else f"{holder.host}:{holder.pid}",
    )
