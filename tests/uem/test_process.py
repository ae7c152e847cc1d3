"""Children, their ends, their pid files; ports and who holds them."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from uem.problem import Problem
from uem.stack import ports, process
from uem.stack.process import Child

WAITS = [sys.executable, "-c", "import signal; print('up', flush=True); signal.pause()"]
DEAF = [
    *(sys.executable, "-c"),
    "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True);"
    "[signal.pause() for _ in iter(int, 1)]",
]


HARD_OF_HEARING = [
    *(sys.executable, "-c"),
    "import signal; d = signal.SIG_DFL;"
    "signal.signal(signal.SIGTERM, lambda *_: signal.signal(signal.SIGTERM, d));"
    "print('up', flush=True); [signal.pause() for _ in iter(int, 1)]",
]


def started(argv: list[str], folder: Path) -> Child:
    child = Child("one", argv, folder=folder)
    child.start(os.environ)
    assert process.wait_until(lambda: "up" in child.log_tail(), 10)
    return child


def test_a_child_is_found_again_by_a_later_command(tmp_path):
    child = started(WAITS, tmp_path)

    later = Child("one", [], folder=tmp_path)

    assert later.pid == child.pid
    later.stop()
    assert later.pid is None
    assert child.exit_code == -signal.SIGTERM
    assert not child.pid_file.exists()


def test_a_child_that_does_not_listen_is_killed(tmp_path):
    child = started(DEAF, tmp_path)

    child.stop(grace_s=0.2)

    assert child.exit_code == -signal.SIGKILL


def test_a_killed_child_leaves_its_pid_file_and_is_known_to_be_gone(tmp_path):
    child = started(WAITS, tmp_path)

    child.kill()

    assert child.pid_file.exists()
    assert Child("one", [], folder=tmp_path).pid is None


def test_a_pid_that_belongs_to_a_later_process_is_not_taken_for_ours(tmp_path):
    (tmp_path / "one.pid").write_text(f"{os.getpid()} 12345\n", encoding="ascii")

    assert Child("one", [], folder=tmp_path).pid is None


def test_a_zombie_is_gone():
    ended = subprocess.Popen([sys.executable, "-c", ""])

    assert process.wait_until(lambda: process.identity(ended.pid) is None, 10)
    assert ended.wait() == 0


def test_free_ports_are_different_and_free():
    found = ports.free(20)

    assert len(set(found)) == 20
    assert all(ports.is_free(port) for port in found)


@pytest.mark.skipif(sys.platform != "linux", reason="the holder is read from /proc")
def test_a_taken_port_names_who_holds_it():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(Problem, match=f"is taken by pid {os.getpid()} ") as refused:
            ports.expect_free(port, "org")

    assert "--ports auto" in refused.value.remedy
    assert ports.is_free(port)


def test_a_child_that_did_not_listen_yet_is_asked_again(tmp_path):
    child = started(HARD_OF_HEARING, tmp_path)

    child.stop(grace_s=20.0, again_s=0.1)

    assert child.exit_code == -signal.SIGTERM
