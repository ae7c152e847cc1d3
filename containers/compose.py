"""The compose stack as a proof drives it: up, asked, struck, looked at, down."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROJECT = "uem-proof"
STANDINS = ROOT / "containers" / "standins" / "compose.yaml"


@dataclass(frozen=True, slots=True)
class Compose:
    """docker-compose.yml of this tree, with the stand-ins' file over it where there are any."""

    environment: Mapping[str, str]
    standins: bool

    def run(self, *words: str) -> str:
        """Return what the command says. Raises RuntimeError with its complaint."""
        files = ["-f", "docker-compose.yml", *(["-f", str(STANDINS)] if self.standins else [])]
        done = subprocess.run(
            [*command(), "--project-name", PROJECT, *files, *words],
            cwd=ROOT,
            env=dict(self.environment),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"compose {' '.join(words)}: {done.stderr[-3000:]}")
        return done.stdout

    def up(self, *services: str) -> None:
        """Every service named, or all, is healthy."""
        self.run("up", "--detach", "--wait", "--wait-timeout", "300", *services)

    def down(self) -> None:
        """Nothing of the stack is left, its volumes neither."""
        self.run("down", "--volumes", "--timeout", "60")

    def start(self, service: str) -> None:
        """The service's container runs again, by itself: nothing that it depends on is touched."""
        words = ["docker", "start", f"{PROJECT}-{service}-1"]
        subprocess.run(words, env=dict(self.environment), capture_output=True, check=True)

    def inspect(self, service: str, template: str) -> str:
        """Return what the engine says of the service's container."""
        name = f"{PROJECT}-{service}-1"
        asked = subprocess.run(
            ["docker", "inspect", "--format", template, name],
            env=dict(self.environment),
            capture_output=True,
            text=True,
            check=True,
        )
        return asked.stdout.strip()

    def within(self, service: str, program: str) -> str:
        """Return what a Python program says in the service's container."""
        return self.run("exec", "-T", service, "python", "-c", program)

    def memory(self) -> dict[str, str]:
        """Return how much memory each container holds, by service."""
        asked = subprocess.run(
            ["docker", "stats", "--no-stream", "--format", "{{json .}}"],
            env=dict(self.environment),
            capture_output=True,
            text=True,
            check=True,
        )
        rows = [json.loads(line) for line in asked.stdout.splitlines()]
        return {
            row["Name"].removeprefix(f"{PROJECT}-").removesuffix("-1"): row["MemUsage"]
            for row in rows
            if row["Name"].startswith(PROJECT)
        }


def command() -> list[str]:
    """Return how compose is called here: the program beside this Python, else docker's own."""
    beside = Path(sys.executable).parent / "docker-compose"
    if beside.exists():
        return [str(beside)]
    return ["docker-compose"] if shutil.which("docker-compose") else ["docker", "compose"]
