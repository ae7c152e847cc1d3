"""What runs for a state folder: the supervisor, and what a killed one left behind."""

import os
import signal
from pathlib import Path

from chassis.settings import Deployment
from uem.home import Home
from uem.problem import Problem
from uem.stack import ports, process, record
from uem.stack.process import Child

DRAIN_S = 60.0  # services drain side by side in at most 15 s each step
SERVERS = ("nats", "postgres")


def supervisor(home: Home) -> Child:
    """Return the process that keeps the stack of this folder running; its pid is None if none."""
    return Child("up", [], folder=home.run)


def expect_none(home: Home) -> None:
    """Raise `Problem` when another process supervises a stack in this folder."""
    pid = supervisor(home).pid
    if pid not in (None, os.getpid()):
        raise Problem(
            f"a stack is already running in {home.folder} (pid {pid})",
            remedy="uem status shows it, uem down stops it; UEM_HOME=FOLDER starts another",
        )


def announce(home: Home) -> None:
    """This process is the supervisor of the folder. Raises `Problem` when another one is."""
    expect_none(home)
    current = supervisor(home)
    home.run.mkdir(parents=True, exist_ok=True)
    current.pid_file.write_text(f"{os.getpid()} {process.identity(os.getpid())}\n")


def folder_of(home: Home, name: str) -> Path:
    """Return the folder that holds log and pid file of a program or server."""
    return home.folder / name if name in SERVERS else home.run


def leftovers(home: Home) -> list[Child]:
    """Return living programs and servers of the folder, in the order they should be stopped."""
    children = [Child(name, [], folder=folder_of(home, name)) for name in ports.FIXED]
    return [child for child in children if child.pid is not None]


def stop(home: Home) -> list[str]:
    """Nothing of the folder runs any more; return the names of what was stopped.

    Raises `Problem` when the supervisor does not end in a minute.
    """
    stopped = []
    watching = supervisor(home)
    if watching.pid is not None:
        watching.send(signal.SIGTERM)
        if not process.wait_until(lambda: watching.pid is None, DRAIN_S):
            raise Problem(
                f"the supervisor (pid {watching.pid}) does not end",
                remedy=f"see {watching.log_file}; kill it, then uem down again",
            )
        stopped.append("stack")
    for child in leftovers(home):
        child.stop(signal.SIGINT if child.name == "postgres" else signal.SIGTERM)
        stopped.append(child.name)
    home.record.unlink(missing_ok=True)
    return stopped


def expect_running(home: Home) -> record.Record:
    """Return what the running stack says of itself. Raises `Problem` when none is ready.

    One that runs elsewhere is named by the variables that the gateway has: UEM_ORG_URL and so on.
    """
    elsewhere = {
        name: url
        for name in ports.FIXED
        if name not in SERVERS and (url := os.environ.get(f"UEM_{name.upper()}_URL"))
    }
    if elsewhere:
        said = Deployment(os.environ.get("UEM_DEPLOYMENT", Deployment.PRODUCTION))
        return record.Record(
            phase=record.Phase.READY, deployment=said, addresses=elsewhere, servers={}
        )
    found = record.read(home.record)
    if found is None or (supervisor(home).pid is None and not leftovers(home)):
        raise Problem(f"no stack is running in {home.folder}", remedy="uem up")
    return found


def stale_pid_files(home: Home) -> list[Path]:
    """Return pid files whose process has gone without removing them: the trace of a kill."""
    files = [*home.run.glob("*.pid"), home.nats / "nats.pid", home.postgres / "postgres.pid"]
    found = [(file, Child(file.stem, [], folder=file.parent)) for file in files if file.exists()]
    return [file for file, child in found if child.pid is None]
