"""What is wrong with a stack and its surroundings, and what to do about each thing."""

import enum
import importlib.util
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis.clock import Clock
from uem import running
from uem.home import Home
from uem.problem import Problem
from uem.services import Answer, Services
from uem.stack import ports, privilege, programs, record, wheels

OLDEST_PYTHON = (3, 11)
DISK_NEEDED_GB = 2  # write-ahead log, streams and warehouse of a playground city, with room
WHEEL_MISSING = "python -m pip install --no-deps --require-hashes -r requirements/analytics.lock"
GIGABYTE = 1024**3
UNSENT_FOR = timedelta(seconds=10)  # the relay polls every second
SAID_BEFORE = timedelta(minutes=1)  # a stream stores an event soon after it was recorded
PARKED_FOR = timedelta(minutes=1)  # a predecessor that is only late comes within seconds


class Verdict(enum.StrEnum):
    """How bad it is."""

    FINE = "fine"
    WATCH = "watch"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `remedy` is empty when nothing need be done."""

    verdict: Verdict
    what: str
    remedy: str = ""


def examine(home: Home) -> Iterator[Finding]:
    """Give every finding, surroundings first, then what runs."""
    yield from _python()
    yield from _wheels()
    yield from _privilege()
    yield from _disk(home)
    yield from _leftovers(home)
    found = record.read(home.record)
    if found is None:
        yield from _ports()
        yield Finding(Verdict.FINE, "no stack is running", "uem up")
        return
    yield from _readiness(found)
    with Services.of(home, found) as services:
        for name in services.addresses:
            yield from _traffic(services, name)


def _python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < OLDEST_PYTHON:
        yield Finding(Verdict.WRONG, f"Python {version} is too old", "use Python 3.11 or newer")
    else:
        yield Finding(Verdict.FINE, f"Python {version}")


def _wheels() -> Iterator[Finding]:
    yield from _tried(lambda: f"PostgreSQL: {wheels.postgres('postgres')}")
    yield from _tried(lambda: f"NATS: {wheels.nats_server()}")
    if importlib.util.find_spec("chdb") is None:
        yield Finding(Verdict.WRONG, "the warehouse engine chdb is not installed", WHEEL_MISSING)


def _privilege() -> Iterator[Finding]:
    how = {
        privilege.Mode.PLAIN: "as the present user",
        privilege.Mode.NAMESPACE: "inside a user namespace, since root may not run it",
        privilege.Mode.NOBODY: "as the user nobody, since root may not run it",
    }
    yield from _tried(lambda: f"PostgreSQL runs {how[privilege.mode()]}")


def _disk(home: Home) -> Iterator[Finding]:
    existing = next(path for path in (home.folder, *home.folder.parents) if path.exists())
    if not os.access(existing, os.W_OK):
        yield Finding(
            Verdict.WRONG, f"{existing} cannot be written", "set UEM_HOME to one that can"
        )
    free = shutil.disk_usage(existing).free / GIGABYTE
    if free < DISK_NEEDED_GB:
        yield Finding(
            Verdict.WRONG, f"{free:.1f} GB free at {existing}", f"have {DISK_NEEDED_GB} GB free"
        )
    else:
        yield Finding(Verdict.FINE, f"{free:.0f} GB free at {existing}")


def _leftovers(home: Home) -> Iterator[Finding]:
    left = running.leftovers(home)
    if left and running.supervisor(home).pid is None:
        names = ", ".join(f"{child.name} (pid {child.pid})" for child in left)
        yield Finding(Verdict.WRONG, f"left running by a killed command: {names}", "uem down")
    for file in running.stale_pid_files(home):
        yield Finding(Verdict.WATCH, f"{file.name} names a process that has gone", "uem down")


def _ports() -> Iterator[Finding]:
    taken = {name: port for name, port in ports.FIXED.items() if not ports.is_free(port)}
    for name, port in taken.items():
        what = f"port {port}, wanted for {name}, is taken by {ports.holder(port)}"
        yield Finding(Verdict.WRONG, what, "stop that program, or: uem up --ports auto")
    if not taken:
        yield Finding(Verdict.FINE, "every port of uem up is free")


def _readiness(found: record.Record) -> Iterator[Finding]:
    for name, address in found.addresses.items():
        status, body = programs.readiness(int(address.rpartition(":")[2]))
        if status == 200:
            yield Finding(Verdict.FINE, f"{name} is ready")
        else:
            what = f"{name} at {address} is not ready: {status} {body}"
            yield Finding(Verdict.WRONG, what, f"read run/{name}.log in the state folder")


def _traffic(services: Services, name: str) -> Iterator[Finding]:
    looks = (_outbox, _losses, _quarantine, _parked, _timers)
    try:
        for look in looks:
            yield from look(services, name)
    except Problem as problem:
        yield Finding(Verdict.WRONG, problem.message, problem.remedy)


def _outbox(services: Services, name: str) -> Iterator[Finding]:
    found = services.get(name, "/v1/operator/outbox")
    if found["refusing"]:
        what = f"{name} refuses writes (STORE_BEHIND_STREAM): its database is older than what it "
        what += "has already said"
        yield Finding(Verdict.WRONG, what, f'uem restore finish {name} "why it was restored"')
    since = _instant(found["oldestUnsentAt"])
    if since is not None and Clock().wall() - since > UNSENT_FOR:
        what = f"{name} has {found['unsent']} events unsent since {since:%Y-%m-%d %H:%M:%S} UTC"
        yield Finding(Verdict.WRONG, what, "is NATS running? They are sent when it is back")
    else:
        yield Finding(Verdict.FINE, f"{name} has said {found['said']} events")


def _losses(services: Services, name: str) -> Iterator[Finding]:
    """What the service last found; unsent and quarantined events are not lost."""
    found = services.get(name, "/v1/operator/reconciliation")
    if found["at"] is None:
        what = f"{name} has not yet compared outbox and streams"
        yield Finding(Verdict.WATCH, what, "is NATS running? It is compared every 30 s")
    elif not found["lost"]:
        ago = round((Clock().wall() - datetime.fromisoformat(found["at"])).total_seconds())
        yield Finding(Verdict.FINE, f"{name} finds nothing lost, checked {max(0, ago)} s ago")
    for one in found["stored"]:
        if one["lost"]:
            what = (
                f"stream {one['stream']} lacks {one['lost']} of {one['said']} events in the outbox"
            )
            yield Finding(Verdict.WRONG, what, _say_again(name, found, one["stream"]))
    for one in found["taken"]:
        if one["lost"]:
            what = f"{one['consumer']} took {one['lost']} events that its inbox does not know"
            speaker = str(one["consumer"]).split("-")[1]
            yield Finding(Verdict.WRONG, what, _say_again(speaker, found, one["stream"]))


def _say_again(speaker: str, found: Answer, stream: str) -> str:
    times = [_instant(one["saidAt"]) for one in found["missing"] if one["stream"] == stream]
    first = min(at for at in times if at is not None) - SAID_BEFORE
    return f"uem outbox rewind {speaker} --since {first.isoformat(timespec='seconds')}"


def _quarantine(services: Services, name: str) -> Iterator[Finding]:
    held = services.get(name, "/v1/operator/quarantine")["nodes"]
    if held:
        what = f"{name} holds {len(held)} messages in quarantine: {held[0]['reason']}"
        yield Finding(Verdict.WRONG, what, f"uem quarantine list {name}; then replay or discard")


def _parked(services: Services, name: str) -> Iterator[Finding]:
    nodes = services.get(name, "/v1/operator/parked")["nodes"]
    late = [node for node in nodes if _is_late(node)]
    if late:
        first = late[0]
        what = f"{name} has parked {len(late)} events whose predecessors are missing, the first "
        what += f"version {first['version']} of {first['aggregate']} {first['id']}"
        speaker = str(first["consumer"]).split("-")[1]  # hearer-speaker-aggregate
        again = f"uem outbox rewind {speaker} --aggregate {first['aggregate']} {first['id']}"
        yield Finding(Verdict.WRONG, what, again)


def _timers(services: Services, name: str) -> Iterator[Finding]:
    stopped = [
        node for node in services.get(name, "/v1/operator/timers")["nodes"] if node["stoppedAt"]
    ]
    if stopped:
        what = f"{name} gave up {len(stopped)} timers: {stopped[0]['lastError']}"
        yield Finding(Verdict.WRONG, what, f"mend the cause, then: uem timers retry {name}")


def _is_late(parked: Answer) -> bool:
    since = _instant(parked["parkedAt"])
    return since is not None and Clock().wall() - since > PARKED_FOR


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _tried(look: Callable[[], str]) -> Iterator[Finding]:
    try:
        yield Finding(Verdict.FINE, look())
    except Problem as problem:
        yield Finding(Verdict.WRONG, problem.message, problem.remedy)
