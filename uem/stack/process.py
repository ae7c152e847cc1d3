"""One supervised child process: started with a log and a pid file, found again, stopped, killed."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

POLL_S = 0.02  # a readiness probe costs well under a millisecond


def wait_until(condition: Callable[[], bool], timeout_s: float) -> bool:
    """Return True as soon as `condition` holds, False when `timeout_s` have passed without it."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_S)
    return True


def identity(pid: int) -> str | None:
    """Return what tells this process from a later one of the same pid; None when it is gone.

    A zombie is gone: it holds no port, no lock and no memory.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None if sys.platform == "linux" else _identity_by_ps(pid)
    state, *fields = stat.rpartition(")")[2].split()
    return None if state in "ZX" else fields[18]  # field 22 of proc(5): start time in ticks


def command_line(pid: int) -> str:
    """Return the command line of a process, empty when it is gone."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError, PermissionError):
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
        return raw.replace(b"\0", b" ").decode(errors="replace").strip()
    return "" if sys.platform == "linux" else _ps(pid, "command=")


def title(pid: int) -> str:
    """Return how the system calls a process, and how it was started, short enough for a line."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        name = Path(f"/proc/{pid}/comm").read_text(encoding="utf-8", errors="replace").strip()
        return f"{name}: {command_line(pid)[:100]}"
    return command_line(pid)[:100]


class Child:
    """A process of ours that may outlive the command that started it."""

    def __init__(self, name: str, argv: Sequence[str], *, folder: Path) -> None:
        self.name = name
        self.argv = tuple(argv)
        self.log_file = folder / f"{name}.log"
        self.pid_file = folder / f"{name}.pid"
        self._popen: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The pid of the living process, ours or one left by an earlier command; else None."""
        if self._popen is not None:
            return self._popen.pid if self._popen.poll() is None else None
        try:
            pid, born = self.pid_file.read_text(encoding="utf-8").split()
        except (FileNotFoundError, ValueError):
            return None
        return int(pid) if identity(int(pid)) == born else None

    @property
    def exit_code(self) -> int | None:
        """The exit code of a process started here that has ended; else None."""
        return None if self._popen is None else self._popen.poll()

    def start(self, environment: Mapping[str, str]) -> None:
        """The process runs in a session of its own (ctrl-C does not reach it), log appended."""
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        with self.log_file.open("ab") as log:
            self._popen = subprocess.Popen(
                self.argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(environment),
                start_new_session=True,
            )
        self._note(self._popen.pid)

    def adopt(self, pid: int) -> None:
        """The process of this pid, started by someone else, is the child from now on."""
        self._popen = None
        self._note(pid)

    def stop(
        self,
        with_signal: signal.Signals = signal.SIGTERM,
        *,
        grace_s: float = 20.0,
        again_s: float | None = None,
    ) -> None:
        """The process is gone: asked by `with_signal`, killed when `grace_s` have passed.

        Asked again every `again_s`, for one that has only begun may not listen yet.
        """
        is_gone = self._watch_end()
        deadline = time.monotonic() + grace_s
        self.send(with_signal)
        while not wait_until(is_gone, grace_s if again_s is None else again_s):
            if time.monotonic() >= deadline:
                self.kill()
                break
            self.send(with_signal)
        self.pid_file.unlink(missing_ok=True)

    def kill(self) -> None:
        """The process was ended by SIGKILL; the pid file stays, as it would after a crash."""
        is_gone = self._watch_end()
        self.send(signal.SIGKILL)
        wait_until(is_gone, 10.0)

    def send(self, with_signal: signal.Signals) -> None:
        """The signal is sent; a process that has gone in the meantime is no error."""
        if (pid := self.pid) is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, with_signal)

    def log_tail(self, lines: int = 12) -> str:
        """Return the last lines of the log, for the message that says why it would not start."""
        try:
            text = self.log_file.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return ""
        return "\n".join(text.splitlines()[-lines:])

    def _note(self, pid: int) -> None:
        self.pid_file.write_text(f"{pid} {identity(pid)}\n", encoding="utf-8")

    def _watch_end(self) -> Callable[[], bool]:
        """Return whether the process that lives now has ended, whoever is started after it."""
        pid, popen = self.pid, self._popen
        if pid is None:
            return lambda: True
        if popen is not None:
            return lambda: popen.poll() is not None
        return lambda: identity(pid) is None


def _identity_by_ps(pid: int) -> str | None:
    state = _ps(pid, "stat=")
    return None if not state or state.startswith("Z") else _ps(pid, "lstart=").replace(" ", "_")


def _ps(pid: int, column: str) -> str:
    asked = subprocess.run(
        ["ps", "-p", str(pid), "-o", column], capture_output=True, text=True, check=False
    )
    return asked.stdout.strip()
