"""The operator's day: up, looked at, killed from under, found again, brought down."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services.plans.city import FLOOD
from uem.stack import process

pytestmark = pytest.mark.timeout(300)


class Operator:
    """Types uem commands for one state folder."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def types(self, *words: str, code: int = 0) -> str:
        typed = subprocess.run(
            [sys.executable, "-m", "uem", *words],
            env=os.environ | {"UEM_HOME": str(self.home), "COLUMNS": "300"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert typed.returncode == code, f"uem {' '.join(words)}\n{typed.stdout}\n{typed.stderr}"
        return typed.stdout


@pytest.fixture(scope="module")
def operator(tmp_path_factory: pytest.TempPathFactory):
    someone = Operator(tmp_path_factory.mktemp("operator") / "state")
    someone.types("up", "--detach", "--ports", "auto")
    yield someone
    someone.types("down")


def pids(operator: Operator) -> dict[str, int]:
    return {line["name"]: line["pid"] for line in json.loads(operator.types("status", "--json"))}


def test_what_is_up_is_ready_and_the_doctor_finds_nothing_wrong(operator):
    assert set(pids(operator)) == {
        *("postgres", "nats", "gateway", "org", "plans", "guarantee", "analytics")
    }
    assert "wrong" not in operator.types("doctor")
    assert operator.types("quarantine", "list").strip() == "nothing is in quarantine"


def test_a_plan_in_several_files_comes_back_byte_for_byte(operator, tmp_path):
    head, levels = FLOOD.split("levels:\n")
    written = tmp_path / "flood"
    (written / "levels").mkdir(parents=True)
    (written / "plan.yaml").write_bytes(head.encode())
    (written / "levels" / "all.yaml").write_bytes(b"levels:\n" + levels.rstrip("\n").encode())

    assert "draft" in operator.types("plan", "import", str(written))
    assert "draft" in operator.types("plan", "import", str(written))  # the same again: kept once
    back = tmp_path / "back"
    operator.types("plan", "export", "flood-410100@2021.1", "--to", str(back))

    assert {path.relative_to(back): path.read_bytes() for path in back.rglob("*.yaml")} == {
        path.relative_to(written): path.read_bytes() for path in written.rglob("*.yaml")
    }
    (back / "plan.yaml").write_text("changed")
    said = operator.types("plan", "export", "flood-410100@2021.1", "--to", str(back), code=1)
    assert "is there and differs" in said


def test_a_digest_compares_equal_with_itself_and_names_what_changed(operator, tmp_path):
    kept = tmp_path / "digest.json"
    kept.write_text(operator.types("digest", "--json"))
    assert operator.types("digest", "--compare", str(kept)).strip() == "the same state"

    found = json.loads(kept.read_text())
    found["services"]["org"]["tables"][0] |= {"sha256": "0" * 64, "count": 7}
    kept.write_text(json.dumps(found))

    said = operator.types("digest", "--compare", str(kept), code=1)
    table = found["services"]["org"]["tables"][0]["name"]
    assert said.startswith(f"org.{table}: ")
    assert "7 rows 000000000000 there" in said


def test_an_outbox_can_be_rewound_from_the_command_line(operator):
    assert "0 events are said again" in operator.types(
        "outbox", "rewind", "org", "--rows", "1", "9"
    )
    assert "epoch" in operator.types("outbox", "show")


def test_the_operator_is_told_one_number_and_how_old_it_is(operator):
    assert operator.types("reconcile").rstrip().endswith("0 lost, checked 4 services")
    assert re.search(r"^0 lost, checked \d+ s ago$", operator.types("status"), re.MULTILINE)
    assert operator.types("restore", "show").count("agrees") == 4
    assert (
        "no stream is ahead"
        in operator.types("restore", "finish", "org", "a drill", code=1).lower()
    )
    assert "no service has said or heard inc_0" in operator.types("trace", "inc_0", code=1)


def test_a_service_killed_under_the_operator_is_back_before_long(operator):
    before = pids(operator)["plans"]

    os.kill(before, signal.SIGKILL)

    log = operator.home / "run" / "up.log"
    assert process.wait_until(
        lambda: "plans      ready" in log.read_text().partition("plans      died")[2], 60
    )
    assert pids(operator)["plans"] != before


def test_a_second_stack_in_the_folder_is_refused(operator):
    assert "already running" in operator.types("up", "--ports", "auto", code=1)


def test_what_a_killed_supervisor_left_is_named_stopped_and_never_started_as_something_else(
    operator,
):
    supervisor = int((operator.home / "run" / "up.pid").read_text().split()[0])
    left = pids(operator)

    os.kill(supervisor, signal.SIGKILL)
    assert process.wait_until(lambda: process.identity(supervisor) is None, 20)

    said = operator.types("doctor", code=1)
    assert "left running by a killed command" in said
    assert all(f"{name} (pid {pid})" in said for name, pid in left.items())
    operator.types("down")
    assert all(process.identity(pid) is None for pid in left.values())

    said = operator.types("up", "--rehearsal", "--ports", "auto", code=1)
    assert "another kind of deployment" in said
    assert "no stack is running" in operator.types("status", code=1)
