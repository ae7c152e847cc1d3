"""Our end of the zygote: programs are forked from it, functions called in a child of it."""

import enum
import itertools
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import uem
from uem.problem import Problem
from uem.stack import process

SINGLE_THREADED = {"OPENBLAS_NUM_THREADS": "1"}  # a fork carries no threads over
END_S = 2.0  # the zygote ends with its input; a program born alone may be meant to go on
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "UEM_OTLP_ENDPOINT")


class Birth(enum.Enum):
    """How a program comes to be."""

    FORK = "fork"  # from one process that has imported what all share
    ALONE = "alone"  # each in an interpreter of its own, where forking is not safe


def birth_here() -> Birth:
    """Return how programs are born on this system: frameworks of macOS do not survive a fork."""
    return Birth.ALONE if sys.platform == "darwin" else Birth.FORK


def inherited() -> dict[str, str]:
    """Return what a program gets of our environment: its settings come from the stack alone."""
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return kept | {"PYTHONPATH": str(Path(uem.__file__).parents[1]), "PYTHONUNBUFFERED": "1"}


class Zygote:
    """Starts programs quickly; itself it is started at first need, and again if it was killed."""

    def __init__(
        self, folder: Path, birth: Birth | None = None, *, modules: Sequence[str] = ()
    ) -> None:
        self._folder = folder
        self._modules = list(modules)
        self._birth = birth or birth_here()
        self._running: list[subprocess.Popen[bytes]] = []
        self._lock = threading.Lock()
        self._calls = itertools.count(1)

    def warm(self) -> None:
        """It has begun to import; nothing is waited for."""
        if self._birth is Birth.FORK:
            with self._lock:
                self._alive()

    def bear(
        self,
        target: str,
        arguments: Mapping[str, Any],
        *,
        environment: Mapping[str, str],
        log: Path,
    ) -> int:
        """Return the pid of a new process that calls `target` ("module:function")."""
        log.parent.mkdir(parents=True, exist_ok=True)
        request = {
            "target": target,
            "arguments": dict(arguments),
            "environment": inherited() | dict(environment),
            "log": str(log),
        }
        line = json.dumps(request).encode() + b"\n"
        with self._lock:
            return self._fork(line) if self._birth is Birth.FORK else self._spawn(line)

    def call(self, target: str, timeout_s: float, **arguments: Any) -> Any:  # noqa: ANN401
        """Return what `target` returns in a child, as JSON carries it. Raises its `Problem`."""
        result = self._folder / f"call-{next(self._calls)}.json"
        log = self._folder / "calls.log"
        result.unlink(missing_ok=True)
        pid = self.bear(
            "uem.stack.born:answer",
            {"target": target, "arguments": arguments, "result": str(result)},
            environment={},
            log=log,
        )
        process.wait_until(lambda: result.exists() or process.identity(pid) is None, timeout_s)
        if not result.exists():
            raise Problem(f"{target} did not end well", remedy=f"read {log}")
        found = json.loads(result.read_bytes())
        result.unlink()
        if "problem" in found:
            raise Problem(found["problem"], remedy=found["remedy"])
        return found["value"]

    def close(self) -> None:
        """The zygote is gone; what it bore goes on."""
        with self._lock:
            for one in self._running:
                _hang_up(one)
            process.wait_until(lambda: all(one.poll() is not None for one in self._running), END_S)
            self._running.clear()

    def _fork(self, line: bytes) -> int:
        """Ask the zygote; one that was killed is replaced and asked again, once."""
        for _ in range(2):
            asked = self._alive()
            assert asked.stdin is not None
            assert asked.stdout is not None
            try:
                asked.stdin.write(line)
                asked.stdin.flush()
                answer = asked.stdout.readline()
            except BrokenPipeError:
                answer = b""
            if answer:
                return int(json.loads(answer)["pid"])
            asked.wait()
        raise Problem(
            "the programs cannot be started", remedy=f"read {self._folder / 'zygote.log'}"
        )

    def _alive(self) -> subprocess.Popen[bytes]:
        for one in self._running:
            if one.poll() is None:
                return one
            _hang_up(one)
        self._running = [self._start(self._modules)]
        return self._running[0]

    def _spawn(self, line: bytes) -> int:
        child = self._start(["once"])
        assert child.stdin is not None
        child.stdin.write(line)
        child.stdin.flush()
        self._running.append(child)
        return child.pid

    def _start(self, words: list[str]) -> subprocess.Popen[bytes]:
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "zygote.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "uem.stack.zygote_main", *words],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=inherited() | SINGLE_THREADED,
                start_new_session=True,
            )


def _hang_up(one: subprocess.Popen[bytes]) -> None:
    """The pipes are closed: the zygote ends of it, a program that was born alone goes on."""
    for pipe in (one.stdin, one.stdout):
        if pipe is not None:
            pipe.close()
