"""What the architecture tests look at: the tree of the house, parsed once."""

import ast
import importlib
from functools import cache
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("org", "plans", "guarantee", "analytics")
ROOMS = ("domain", "events", "store", "commands", "queries", "handlers", "api", "app")
CODE = ("vocabulary", "chassis", "services", "gateway", "uem")


def sources(*folders: str) -> list[Path]:
    """Every Python file of ours under the folders, migrations left out."""
    found = (path for folder in folders or CODE for path in (ROOT / folder).rglob("*.py"))
    return sorted(path for path in found if "versions" not in path.parts)


def name(path: Path) -> str:
    """The path as a reader of a failure wants it."""
    return str(path.relative_to(ROOT))


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of one file."""
    return ast.parse(path.read_text("utf-8"))


def room(service: str, room_name: str) -> ModuleType:
    """One imported room of one service."""
    return importlib.import_module(f"services.{service}.{room_name}")


def aggregates(service: str, room_name: str) -> set[str]:
    """The file names of a room that is a package; empty when the room is one file."""
    folder = ROOT / "services" / service / room_name
    packages = {path.parent.name for path in folder.glob("*/__init__.py")}
    return packages | {path.stem for path in folder.glob("*.py")} - {"__init__"}
