"""NATS with JetStream from a wheel: configured, started, stopped."""

import signal
import socket
from pathlib import Path

from uem.problem import Problem
from uem.stack import ports, process, wheels

START_TIMEOUT_S = 20.0
SIMPLE_CONFIG = """
jetstream { sync_interval: always, max_file_store: 4GB, max_memory_store: 64MB }
"""


class EmbeddedNats:
    """One server in one folder, listening on loopback only; every write is synced to disk."""

    def __init__(self, folder: Path, port: int, *, config: str = SIMPLE_CONFIG) -> None:
        self.name = "nats"
        self.folder = folder.absolute()
        self.port = port
        self.config = config
        self._child = process.Child("nats", self._argv(), folder=self.folder)

    @property
    def dsn(self) -> str:
        """The address clients connect to, without credentials."""
        return f"nats://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int | None:
        """The server's pid while it lives."""
        return self._child.pid

    def start(self) -> None:
        """The server answers with JetStream recovered; one left by a killed command is replaced.

        Raises `Problem` when the port is taken or the server does not come up in 20 s.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self.stop()
        ports.expect_free(self.port, "NATS")
        self._config_file.write_text(self.config, encoding="utf-8")
        self._config_file.chmod(0o600)
        self._child.start({})
        came_up = process.wait_until(
            lambda: self._child.pid is None or self.is_ready(), START_TIMEOUT_S
        )
        if not came_up or self._child.pid is None:
            tail = self._child.log_tail()
            self._child.stop(signal.SIGKILL)
            raise Problem(
                f"NATS did not start:\n{tail}", remedy=f"the whole log: {self._child.log_file}"
            )

    def stop(self) -> None:
        """No server runs on this folder; streams were flushed."""
        self._child.stop(signal.SIGTERM)

    def kill(self) -> None:
        """The server was ended by SIGKILL, as in a crash."""
        self._child.kill()

    def is_ready(self) -> bool:
        """Whether the running server greets a client and says that JetStream is on.

        It listens for clients only after the streams have been recovered.
        """
        if self._child.pid is None:
            return False
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1.0) as connection:
                greeting = connection.makefile("rb").readline()
        except OSError:
            return False
        return greeting.startswith(b"INFO") and b'"jetstream":true' in greeting

    def log_tail(self) -> str:
        """Return the last lines of the server's log."""
        return self._child.log_tail()

    @property
    def _config_file(self) -> Path:
        return self.folder / "nats.conf"

    def _argv(self) -> list[str]:
        return [
            *(str(wheels.nats_server()), "-c", str(self._config_file), "-a", "127.0.0.1"),
            *("-p", str(self.port), "-sd", str(self.folder / "streams")),
        ]
