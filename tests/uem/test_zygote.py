"""The zygote: programs born quickly or alone, functions called in a child, its own death survived."""

import json
import os
import signal
import threading
from pathlib import Path

import pytest

from uem.problem import Problem
from uem.stack import process, programs
from uem.stack.zygote import Birth, Zygote

WAIT_S = 60.0


def say(file: str) -> None:
    """A program: writes what it is into the file, then waits to be ended."""
    about = {
        "environment": sorted(name for name in os.environ if name.startswith("SAY_")),
        "leads_session": os.getsid(0) == os.getpid(),
        "threads": threading.active_count(),
        "stdin": os.read(0, 1) == b"",
    }
    Path(f"{file}.new").write_text(json.dumps(about))
    Path(f"{file}.new").rename(file)
    os.write(1, b"said\n")
    signal.pause()


def twice(number: int) -> int:
    return 2 * number


def refuse() -> None:
    raise Problem("no", remedy="ask again")


def stumble() -> None:
    raise ZeroDivisionError("a bug")


@pytest.fixture(params=Birth)
def zygote(request: pytest.FixtureRequest, tmp_path: Path):
    made = Zygote(tmp_path / "run", request.param)
    yield made
    made.close()


def born(zygote: Zygote, tmp_path: Path, name: str = "one") -> process.Child:
    child = process.Child(name, [], folder=tmp_path)
    file = str(tmp_path / f"{name}.json")
    child.adopt(
        zygote.bear(
            "tests.uem.test_zygote:say",
            {"file": file},
            environment={"SAY_SO": "yes"},
            log=child.log_file,
        )
    )
    assert process.wait_until(Path(file).exists, WAIT_S), child.log_tail()
    return child


def test_a_program_leads_its_own_session_with_the_settings_it_was_given(
    zygote, tmp_path, monkeypatch
):
    monkeypatch.setenv("SAY_NOTHING", "of the caller's own environment")

    child = born(zygote, tmp_path)

    assert json.loads((tmp_path / "one.json").read_text()) == {
        "environment": ["SAY_SO"],
        "leads_session": True,
        "threads": 1,
        "stdin": True,
    }
    assert process.wait_until(lambda: "said" in child.log_tail(), WAIT_S)
    child.stop()
    assert child.pid is None


def test_a_function_called_in_a_child_returns_or_raises_as_if_called_here(zygote):
    assert zygote.call("tests.uem.test_zygote:twice", WAIT_S, number=21) == 42
    with pytest.raises(Problem, match="no") as refused:
        zygote.call("tests.uem.test_zygote:refuse", WAIT_S)
    assert refused.value.remedy == "ask again"


def test_a_function_that_stumbles_points_to_its_traceback(zygote, tmp_path):
    with pytest.raises(Problem, match="did not end well"):
        zygote.call("tests.uem.test_zygote:stumble", WAIT_S)

    assert "ZeroDivisionError: a bug" in (tmp_path / "run" / "calls.log").read_text()


def test_what_was_born_outlives_the_zygote_and_a_killed_zygote_is_replaced(tmp_path):
    zygote = Zygote(tmp_path / "run", Birth.FORK)
    first = born(zygote, tmp_path)
    parent = int(Path(f"/proc/{first.pid}/stat").read_text().rpartition(")")[2].split()[1])

    os.kill(parent, signal.SIGKILL)
    second = born(zygote, tmp_path, "two")
    zygote.close()

    assert first.pid is not None
    assert second.pid is not None
    first.stop()
    second.stop()


def test_a_killed_child_is_reaped_by_the_zygote(tmp_path):
    zygote = Zygote(tmp_path / "run", Birth.FORK)
    child = born(zygote, tmp_path)
    pid = child.pid

    child.kill()

    assert process.wait_until(lambda: not Path(f"/proc/{pid}").exists(), WAIT_S)
    zygote.close()


def test_a_zygote_of_the_real_programs_has_one_thread_to_fork(tmp_path):
    modules = [one.factory.partition(":")[0] for one in programs.APPLICATIONS]
    zygote = Zygote(tmp_path / "run", Birth.FORK, modules=modules)

    child = born(zygote, tmp_path)
    parent = Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()[1]

    assert (tmp_path / "run" / "zygote.log").read_text() == ""
    assert len(list(Path(f"/proc/{parent}/task").iterdir())) == 1
    child.stop()
    zygote.close()
