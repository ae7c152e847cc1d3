"""Write what others build against: docs/asyncapi.yaml, docs/openapi, gateway/schema.graphql, routes.json."""

import argparse
import importlib
import json
from collections.abc import Iterator
from pathlib import Path

import uem
from chassis import asyncapi
from gateway import routes, sdl
from uem.console import console
from uem.stack.programs import SERVICES

ROOT = Path(uem.__file__).parents[1]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Write, or only compare."""
    parser.add_argument("--check", action="store_true", help="only compare with what is committed")


def run(arguments: argparse.Namespace) -> int:
    """The files say what the code says; with --check: 1 when one does not."""
    stale = [
        (path, text)
        for path, text in rendered()
        if not path.exists() or path.read_text("utf-8") != text
    ]
    for path, text in stale:
        if arguments.check:
            console.print(f"{path.relative_to(ROOT)} is stale: run `make contracts`", markup=False)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            console.print(f"wrote {path.relative_to(ROOT)}", markup=False)
    return 1 if arguments.check and stale else 0


def rendered() -> Iterator[tuple[Path, str]]:
    """Every published description with the text that it should have."""
    conversation, documents = {}, {}
    for service in SERVICES:
        app = importlib.import_module(f"services.{service.name}.app").create_app()
        made = app.state.service
        conversation[service.name] = (made.published, made.subscriptions)
        documents[service.name] = app.openapi()
        document = json.dumps(app.openapi(), indent=2, ensure_ascii=False, sort_keys=True)
        yield ROOT / "docs" / "openapi" / f"{service.name}.json", document + "\n"
    yield ROOT / "docs" / "asyncapi.yaml", asyncapi.render(conversation)
    yield ROOT / "gateway" / "schema.graphql", sdl.sdl()
    yield routes.TABLE, routes.rendered(documents)
