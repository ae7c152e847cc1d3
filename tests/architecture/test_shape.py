"""Knowing one service is knowing all: same rooms, same names, and nothing that only the chassis may do."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture import house

CLOCK = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("uuid", "uuid1"),
    ("uuid", "uuid4"),
    ("random", "random"),
    ("random", "choice"),
    ("random", "randint"),
}
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
DOMAIN_WORDS = re.compile(
    r"incident|warning|signal|jurisdiction|obligation|dispatch|evacuat|mobilisation", re.IGNORECASE
)
UNIX = re.compile(  # what Unix and Python call so: signals of processes, the log level
    r"\bsignal\.(SIG|signal|Signals|getsignal)|import signal|add_signal_handler|_signals?\b|SIGTERM"
    r"|\blog\.warning\(|def warning\(self, event|logging\.WARNING|\"WARNING\"|DEBUG, INFO, WARNING"
)
LINES = 350  # past that, a package of the same name


@pytest.mark.parametrize("service", house.SERVICES)
def test_a_service_has_exactly_the_rooms(service):
    folder = house.ROOT / "services" / service
    found = {
        path.stem
        for path in folder.iterdir()
        if path.name not in {"__init__.py", "__pycache__", "py.typed"}
        and (path.is_file() or any(path.rglob("*.py")))  # a folder without code is data
    }

    assert found == {*house.ROOMS, "migrations"}


@pytest.mark.parametrize("service", house.SERVICES)
def test_a_service_shows_the_same_five_things(service):
    assert house.room(service, "api").router.routes
    assert isinstance(house.room(service, "handlers").SUBSCRIPTIONS, tuple)
    assert all(callable(fire) for fire in house.room(service, "handlers").TIMERS.values())
    assert isinstance(house.room(service, "events").PUBLISHED, tuple)
    assert house.room(service, "store").metadata.tables
    assert callable(house.room(service, "app").create_app)


@pytest.mark.parametrize("service", house.SERVICES)
@pytest.mark.parametrize("room", ["store", "commands", "queries", "api"])
def test_one_aggregate_bears_one_file_name_in_every_room(service, room):
    strangers = house.aggregates(service, room) - house.aggregates(service, "domain")

    assert not strangers - house_keeping(room), f"{service}/{room}: no such file in domain/"


def house_keeping(room):
    """Files of a room that hold no aggregate: what the room itself is made of."""
    return {
        "store": {"warehouse", "tables", "copies"},
        "commands": {"copies", "target"},
        "queries": {"views", "paging", "copies", "situation"},
        "api": {"bodies", "batch", "copies", "permissions"},
    }[room]


@pytest.mark.parametrize("path", house.sources(), ids=house.name)
def test_only_the_clock_reads_time_and_chance(path):
    calls = {
        (node.func.value.id, node.func.attr)
        for node in ast.walk(house.tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
    }

    assert path.name == "clock.py" or not calls & CLOCK


@pytest.mark.parametrize("path", house.sources("services", "gateway"), ids=house.name)
def test_only_the_chassis_commits_and_publishes_to_the_broker(path):
    for node in ast.walk(house.tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            assert node.func.attr != "commit", f"{house.name(path)}:{node.lineno} commits"
            if node.func.attr == "publish":
                assert isinstance(owner, ast.Name), f"{house.name(path)}:{node.lineno}"
                assert owner.id in {"uow", "events", "commands"}, (
                    f"{house.name(path)}:{node.lineno} publishes"
                )


@pytest.mark.parametrize("path", house.sources(), ids=house.name)
def test_a_file_is_named_by_what_it_holds_and_stays_readable(path):
    lines = path.read_text("utf-8").count("\n")

    assert path.stem not in VAGUE
    if _only_names_what_it_offers(path):
        return
    assert lines <= LINES, f"{lines} lines: make it a package of the same name"


def _only_names_what_it_offers(path: Path) -> bool:
    """Whether it is a package's front page: imports and `__all__`, looked up by name, never read."""
    return path.name == "__init__.py" and all(
        isinstance(one, ast.Import | ast.ImportFrom | ast.Assign | ast.Expr)
        for one in house.tree(path).body
    )


@pytest.mark.parametrize("path", house.sources(), ids=house.name)
def test_a_module_opens_with_one_sentence(path):
    assert ast.get_docstring(house.tree(path)) or not path.read_text("utf-8").strip()


@pytest.mark.parametrize("path", house.sources("chassis"), ids=house.name)
def test_the_chassis_has_no_word_of_emergency_management(path):
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        found = DOMAIN_WORDS.search(line)
        assert not found or UNIX.search(line), f"{house.name(path)}:{number}: {line.strip()}"
