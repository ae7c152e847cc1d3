"""Start the embedded stack: PostgreSQL, NATS, four services, the gateway; ctrl-C drains."""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Coroutine
from pathlib import Path

from chassis.settings import Deployment
from uem import running, sample, welcome
from uem.console import Progress, console
from uem.home import Home, home
from uem.problem import Problem
from uem.stack import ports, process
from uem.stack.process import Child
from uem.stack.stack import Given, Stack

DETACHED_BOOT_S = 180.0  # a boot on a loaded two-core machine, and the sample after it


def arguments(parser: argparse.ArgumentParser) -> None:
    """How to start."""
    parser.add_argument("--detach", action="store_true", help="keep running in the background")
    parser.add_argument(
        "--sample",
        nargs="?",
        const=sample.CITY,
        type=Path,
        metavar="FOLDER",
        help=f"fill a playground city through the public interfaces (default {sample.CITY.name})",
    )
    parser.add_argument(
        "--ports", choices=("fixed", "auto"), default="fixed", help="auto takes free ones"
    )
    parser.add_argument(
        "--rehearsal", action="store_true", help="a deployment whose clock can be stepped"
    )


def run(arguments: argparse.Namespace) -> int:
    """The stack ran until it was asked to stop; detached: it is ready and keeps running."""
    folder = home()
    running.expect_none(folder)
    if arguments.detach:
        return _detached(folder, arguments)
    running.announce(folder)
    try:
        return asyncio.run(_foreground(folder, arguments))
    finally:
        running.supervisor(folder).pid_file.unlink(missing_ok=True)


async def _foreground(folder: Home, arguments: argparse.Namespace) -> int:
    asked_to_stop = _stop_signals()
    was_cold = not (folder.postgres / "data").exists()
    progress = Progress()
    stack = _stack(folder, arguments, progress)
    try:
        with progress:
            if not await _unless(asked_to_stop, stack.start()):
                return 130
        if arguments.sample:
            await asyncio.to_thread(_fill, stack, arguments.sample)
        welcome.show(stack, cold=was_cold)
        await asked_to_stop.wait()
        return 0
    finally:
        console.print("draining")
        with progress:
            await stack.stop()


def _stack(folder: Home, arguments: argparse.Namespace, progress: Progress) -> Stack:
    partners_file = os.environ.get("UEM_PARTNERS_FILE")
    if partners_file and os.environ.get("UEM_NATS_URL"):
        raise Problem(
            "UEM_PARTNERS_FILE is for the embedded broker, and UEM_NATS_URL names another",
            remedy="give partners their accounts where that broker is configured",
        )
    return Stack(
        folder.folder,
        deployment=Deployment.REHEARSAL if arguments.rehearsal else Deployment.PRODUCTION,
        port_of=ports.FIXED if arguments.ports == "fixed" else None,
        given=Given(
            postgres_url=os.environ.get("UEM_POSTGRES_URL"),
            nats_url=os.environ.get("UEM_NATS_URL"),
            partners_file=Path(partners_file).absolute() if partners_file else None,
        ),
        tell=progress.tell,
    )


def _stop_signals() -> asyncio.Event:
    event = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, event.set)
    return event


async def _unless(event: asyncio.Event, work: Coroutine[None, None, None]) -> bool:
    """Do the work unless the event comes first; return whether it was done."""
    doing = asyncio.create_task(work)
    waiting = asyncio.create_task(event.wait())
    await asyncio.wait({doing, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if doing.done():
        doing.result()
        return True
    doing.cancel()
    return False


def _fill(stack: Stack, city: Path) -> None:
    filled = sample.load(
        stack.addresses, lambda roles: stack.token(roles=roles, subject=roles[0]), city
    )
    console.print(f"filled {city.parent.name}: {filled}", markup=False)


def _detached(folder: Home, arguments: argparse.Namespace) -> int:
    words = [sys.executable, "-m", "uem", "up", "--ports", arguments.ports]
    words += ["--sample", str(arguments.sample.absolute())] if arguments.sample else []
    words += ["--rehearsal"] if arguments.rehearsal else []
    child = Child("up", words, folder=folder.run)
    child.log_file.unlink(missing_ok=True)
    child.start(os.environ | {"COLUMNS": "200"})
    process.wait_until(
        lambda: child.pid is None or welcome.is_shown(child.log_file), DETACHED_BOOT_S
    )
    console.print(child.log_tail(60), markup=False, soft_wrap=True)
    if child.pid is None:
        raise Problem("the stack did not start", remedy="uem doctor says what is wrong")
    console.print("It keeps running: uem status shows it, uem down stops it.")
    return 0
