"""Play one real emergency through the whole system and say what its own records show."""

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import uem
from uem import welcome
from uem.console import console
from uem.demo import against, scenario, screen
from uem.demo import run as demo
from uem.demo.run import Outcome
from uem.home import home
from uem.problem import Problem
from uem.stack.stack import Stack

SCENARIOS = Path(uem.__file__).parents[1] / "scenarios"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to play and what to leave behind."""
    parser.add_argument(
        "scenario",
        nargs="?",
        default="zhengzhou-2021-07-20",
        help="a folder of scenarios/ (default zhengzhou-2021-07-20)",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("demo-out"),
        help="folder of the picture (default demo-out)",
    )
    parser.add_argument(
        "--answer-after",
        type=float,
        metavar="MINUTES",
        help="scenario minutes until people answer (default: as people.yaml says)",
    )
    parser.add_argument("--why", action="store_true", help="print the differing cases, with values")
    parser.add_argument(
        "--keep", action="store_true", help="leave the answered run up until ctrl-C"
    )
    parser.add_argument(
        "--against", metavar="URL", help="play on the fresh rehearsal behind this gateway instead"
    )
    parser.add_argument(
        "--secrets", type=Path, metavar="FOLDER", help="where its issuer.pem lies (--against)"
    )
    parser.add_argument(
        "--until", type=int, metavar="MINUTES", help="scenario minutes to play (--against)"
    )


def run(arguments: argparse.Namespace) -> int:
    """The emergency was played and the screen printed. Raises `Problem` when it could not be."""
    folder = SCENARIOS / arguments.scenario
    if not folder.is_dir():
        known = ", ".join(sorted(one.name for one in SCENARIOS.iterdir() if one.is_dir()))
        raise Problem(f"there is no scenario {arguments.scenario}", remedy=f"one of: {known}")
    if arguments.against:
        return asyncio.run(_run_against(arguments, scenario.read(folder)))
    asyncio.run(_run(arguments, folder))
    return 0


async def _run_against(arguments: argparse.Namespace, found: scenario.Scenario) -> int:
    """Play on a deployment that somebody else runs; 1 when its books do not balance."""
    deployment = against.Distant.at(arguments.against, arguments.secrets or home().secrets)
    minutes = arguments.until
    until = None if minutes is None else found.starts + timedelta(minutes=minutes)
    played = await against.play(found, deployment, until=until, tell=demo.teller(_say))
    told = played.figures()
    if arguments.json is not None:
        _write(arguments.json, told)
    _say("\n".join(screen.books(told)))
    return 1 if told["events"]["lost"] or told["events"]["duplicate_effects"] else 0


async def _run(arguments: argparse.Namespace, folder: Path) -> None:
    found = scenario.read(folder)

    async def show(outcome: Outcome, stack: Stack) -> None:
        if arguments.json is not None:
            _write(arguments.json, outcome.figures)
        lines = screen.screen(
            found, outcome.figures, answered=outcome.answered.play, silent=outcome.silent.play
        )
        if arguments.why:
            lines += ["", *screen.why(outcome.figures["cases"])]
        svg, png = outcome.pictures
        lines += ["", f"The picture: {svg} and {png}"]
        print("\n".join(["", *lines]))
        if arguments.keep:
            welcome.show(stack, cold=True, jurisdiction=found.jurisdiction)
            await _asked_to_stop()

    await demo.run(
        found, answer_after=arguments.answer_after, out=arguments.out, say=_say, show=show
    )


def _write(file: Path, figures: Mapping[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _say(text: str) -> None:
    console.print(text, markup=False, soft_wrap=True)
    sys.stdout.flush()


async def _asked_to_stop() -> None:
    event = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, event.set)
    await event.wait()
