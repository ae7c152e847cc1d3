"""A Docker engine: the one that answers, or one started by hand for as long as it is needed."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

PROGRAMS = ("dockerd", "containerd", "runc", "iptables", "docker")
START_S = 60.0
STOP_S = 60.0


class NoEngine(Exception):
    """No engine answers and none can be started; the message says why, and what would help."""


@contextlib.contextmanager
def engine() -> Iterator[dict[str, str]]:
    """Give the environment in which `docker` reaches an engine; one started for this is gone after.

    Raises NoEngine.
    """
    if _answers(dict(os.environ)):
        yield dict(os.environ)
        return
    _expect_startable()
    kept = os.environ.get("UEM_CONTAINERS_HOME")  # its images then serve the next run
    folder = Path(kept or tempfile.mkdtemp(prefix="uem-docker-"))
    try:
        with _started(folder) as environment:
            yield environment
    finally:
        if kept is None:
            shutil.rmtree(folder, ignore_errors=True)


def _expect_startable() -> None:
    if os.geteuid() != 0:
        raise NoEngine("no Docker engine answers, and only root can start one")
    absent = [name for name in PROGRAMS if shutil.which(name) is None]
    if absent:
        raise NoEngine(
            f"no Docker engine answers, and to start one {', '.join(absent)} is missing: "
            "apt-get install docker.io containerd runc iptables"
        )


@contextlib.contextmanager
def _started(folder: Path) -> Iterator[dict[str, str]]:
    """An engine of our own: its data in the folder, networks that nobody else uses, overlay2."""
    folder.mkdir(parents=True, exist_ok=True)
    socket = folder / "d.sock"
    (folder / "daemon.json").write_text(json.dumps(_configuration(folder, socket)))
    rules = subprocess.run(["iptables-save"], check=True, capture_output=True, text=True).stdout
    with (folder / "dockerd.log").open("ab") as log:
        daemon = subprocess.Popen(
            ["dockerd", "--config-file", str(folder / "daemon.json")],
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    environment = os.environ | {"DOCKER_HOST": f"unix://{socket}"}
    try:
        deadline = time.monotonic() + START_S
        while not _answers(environment):
            if daemon.poll() is not None or time.monotonic() > deadline:
                raise NoEngine(f"dockerd did not start: {_tail(folder / 'dockerd.log')}")
            time.sleep(0.5)
        yield environment
    finally:
        _stop(daemon)
        _restore_network(rules)


def _configuration(folder: Path, socket: Path) -> dict[str, object]:
    return {
        "data-root": str(folder / "root"),
        "exec-root": str(folder / "exec"),
        "pidfile": str(folder / "docker.pid"),
        "hosts": [f"unix://{socket}"],
        "bip": "10.198.0.1/24",
        "default-address-pools": [{"base": "10.197.0.0/16", "size": 24}],
        "exec-opts": ["native.cgroupdriver=cgroupfs"],
        "oom-score-adjust": 0,
    }


def _stop(daemon: subprocess.Popen[bytes]) -> None:
    daemon.send_signal(signal.SIGTERM)
    try:
        daemon.wait(STOP_S)
    except subprocess.TimeoutExpired:
        daemon.kill()
        daemon.wait()


def _restore_network(rules: str) -> None:
    """The links and chains that the engine made are gone, and the rules are what they were."""
    subprocess.run(["ip", "link", "del", "docker0"], capture_output=True, check=False)
    for table in ("filter", "nat"):
        for flag in ("-F", "-X"):
            words = ["iptables", "-t", table, flag]
            subprocess.run(words, capture_output=True, check=False)
    subprocess.run(["iptables-restore"], input=rules, text=True, check=True, capture_output=True)


def _answers(environment: dict[str, str]) -> bool:
    if shutil.which("docker") is None:
        return False
    asked = subprocess.run(
        ["docker", "version", "--format", "{{.Server.Version}}"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.returncode == 0 and bool(asked.stdout.strip())


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-5:])
