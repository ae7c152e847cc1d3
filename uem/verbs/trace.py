"""Follow an event, an object or a correlation: said, stored, heard by whom, and what came of it."""

import argparse
import json

from rich.markup import escape
from rich.tree import Tree

from uem import running, tracing
from uem.console import console
from uem.home import home
from uem.problem import Problem
from uem.services import Services
from uem.tracing import Event, Hearing


def arguments(parser: argparse.ArgumentParser) -> None:
    """The id, and `--json` for programs."""
    parser.add_argument("id", help="an event, an incident or any other object, or a correlation")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """The story is printed as a tree of causes and effects. Raises Problem for an unknown id."""
    folder = home()
    with Services.of(folder, running.expect_running(folder)) as services:
        events = tracing.follow(services, arguments.id)
    if not events:
        raise Problem(
            f"no service has said or heard {arguments.id}",
            remedy="is it the id of an event (evt_…), of an object, or a correlation?",
        )
    if arguments.json:
        print(json.dumps([event.plain() for event in events], indent=2))
        return 0
    console.print(_tree(events, arguments.id), soft_wrap=True)
    return 0


def _tree(events: list[Event], asked: str) -> Tree:
    tree = Tree(f"{escape(asked)}: {len(events)} events")
    places: dict[str, Tree] = {}
    for event in events:  # a cause comes before its effects
        above = places.get(event.causation_id or "", tree)
        places[event.event_id] = above.add(_line(event, asked))
    return tree


def _line(event: Event, asked: str) -> str:
    marked = "bold " if asked in (event.event_id, event.id) else ""
    what = (
        f"[{marked}cyan]{escape(event.service)} {escape(event.aggregate)}.{escape(event.event)}[/]"
    )
    lines = [
        f"{what} {escape(event.id)} v{event.version} [dim]{escape(event.event_id)}[/]",
        f"  committed {event.recorded_at:%Y-%m-%d %H:%M:%S.%f} UTC"
        + (
            f", {_ms(event.after_cause_ms)} after its cause"
            if event.after_cause_ms is not None
            else ""
        )
        + f"; {_stored(event)}",
        f"  heard by {', '.join(map(_hearing, event.heard))}"
        if event.heard
        else "  [dim]heard by nobody[/]",
    ]
    return "\n".join(lines)


def _stored(event: Event) -> str:
    if event.stored_ms is None:
        return "[red]not stored by the broker (yet)[/]"
    return f"{escape(event.stream)} #{event.stream_seq} after {_ms(event.stored_ms)}"


def _hearing(heard: Hearing) -> str:
    outcome = "" if heard.outcome == "APPLIED" else f" ({heard.outcome})"
    return f"{escape(heard.consumer)} after {_ms(heard.after_ms)}{outcome}"


def _ms(milliseconds: float) -> str:
    return f"{milliseconds:.0f} ms"
