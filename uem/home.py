"""The state folder: where the embedded stack keeps its data, its keys and what it last was."""

import os
from dataclasses import dataclass
from pathlib import Path

import uem


@dataclass(frozen=True, slots=True)
class Home:
    """One state folder; everything of one stack lives under it and nothing of it elsewhere."""

    folder: Path

    @property
    def postgres(self) -> Path:
        """The PostgreSQL cluster, its password and its log."""
        return self.folder / "postgres"

    @property
    def nats(self) -> Path:
        """The NATS configuration, streams and log."""
        return self.folder / "nats"

    @property
    def secrets(self) -> Path:
        """Passwords of the services, and the key of the development issuer."""
        return self.folder / "secrets"

    @property
    def run(self) -> Path:
        """Logs and pid files of services, gateway and supervisor."""
        return self.folder / "run"

    @property
    def record(self) -> Path:
        """What the running stack says of itself: addresses, deployment, state."""
        return self.folder / "stack.json"

    def data(self, service: str) -> Path:
        """The folder of one service's warehouse and blobs."""
        return self.folder / "data" / service


def home() -> Home:
    """Return the state folder: UEM_HOME, else `.uem` beside the project's own files."""
    given = os.environ.get("UEM_HOME")
    folder = Path(given) if given else Path(uem.__file__).parents[1] / ".uem"
    return Home(folder.absolute())
