"""PostgreSQL 18 from a wheel: created, started, recovered after a kill, stopped."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from uem.problem import Problem
from uem.stack import ports, privilege, process, wheels
from uem.stack.passwords import Passwords

SUPERUSER = "uem"
START_TIMEOUT_S = 30.0  # crash recovery of a busy database on a loaded machine
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",  # five processes, pools of at most 30 each, and the operator
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
}


class EmbeddedPostgres:
    """One cluster in one folder, listening on loopback only, its password generated and kept."""

    def __init__(
        self, folder: Path, port: int, *, settings: Mapping[str, str] | None = None
    ) -> None:
        self.name = "postgres"
        self.folder = folder.absolute()
        self.port = port
        self.settings = SETTINGS | dict(settings or {})
        self.data = self.folder / "data"
        self._mode = privilege.mode()
        self._child = process.Child("postgres", self._argv(), folder=self.folder)

    @property
    def dsn(self) -> str:
        """The superuser's address of the database `postgres`."""
        return f"postgresql://{SUPERUSER}:{self.password}@127.0.0.1:{self.port}/postgres"

    @property
    def password(self) -> str:
        """The superuser's password, generated at first need."""
        return Passwords(self.folder).get("password")

    @property
    def pid(self) -> int | None:
        """The postmaster's pid while it lives."""
        return self._child.pid

    def start(self) -> None:
        """The server answers; a cluster is created when the folder holds none.

        A server left by a killed command is stopped first. Raises `Problem` when the port is
        taken or the server does not come up in 30 s.
        """
        privilege.own(self.folder, self._mode)
        self.stop()
        ports.expect_free(self.port, "PostgreSQL")
        if not self.data.exists():
            self._create()
        self._remove_stale_lock()
        self._start()

    def stop(self) -> None:
        """No server runs on this folder: clients were disconnected, data flushed."""
        # SIGINT is PostgreSQL's fast shutdown; a postmaster that has just begun ignores it
        self._child.stop(signal.SIGINT, grace_s=30.0, again_s=1.0)

    def kill(self) -> None:
        """The postmaster was ended by SIGKILL, as in a crash."""
        self._child.kill()

    def is_ready(self) -> bool:
        """Whether the running server accepts connections, by its own word in postmaster.pid."""
        lines = self._lock_lines()
        return (
            len(lines) >= 8  # line 8 is the status; see pg_ctl.c
            and lines[0] == str(self._child.pid)
            and lines[7] == "ready"
        )

    def listens_on(self) -> int | None:
        """Return the port of the server that runs on this folder, whoever started it."""
        lines = self._lock_lines()
        if self._child.pid is None or len(lines) < 4:  # line 4 is the port; see pidfile.h
            return None
        return int(lines[3])

    def log_tail(self) -> str:
        """Return the last lines of the server's log."""
        return self._child.log_tail()

    def _argv(self) -> list[str]:
        server = [str(wheels.postgres("postgres")), "-D", str(self.data), "-p", str(self.port)]
        for name, value in self.settings.items():
            server += ["-c", f"{name}={value}"]
        return privilege.wrap(server, self._mode)

    def _create(self) -> None:
        """The cluster exists; it is renamed into place, so half of one never counts as one."""
        unfinished = self.folder / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        password_file = Passwords(self.folder).file("password")
        privilege.own(self.folder, self._mode)
        initdb = [
            *(str(wheels.postgres("initdb")), "-D", str(unfinished), "-U", SUPERUSER),
            *("--auth=scram-sha-256", f"--pwfile={password_file}", self._sync()),
            *("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            "--locale=C",
        ]
        made = subprocess.run(
            privilege.wrap(initdb, self._mode), capture_output=True, text=True, check=False
        )
        if made.returncode != 0:
            raise Problem(
                f"initdb failed:\n{made.stderr.strip()}",
                remedy=f"free space and permissions of {self.folder}? then start again",
            )
        unfinished.rename(self.data)
        self._keep_name()

    def _sync(self) -> str:
        """How initdb brings the cluster to the disk: by one call, unless it is to be thrown away.

        Without, a power cut in the next half minute leaves files that have no content.
        """
        return "--no-sync" if self._is_throwaway() else "--sync-method=syncfs"

    def _keep_name(self) -> None:
        if self._is_throwaway():
            return
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _is_throwaway(self) -> bool:
        return self.settings.get("fsync") == "off"

    def _start(self) -> None:
        """Start until it answers: after a kill the old backends may hold the memory a moment."""
        deadline = time.monotonic() + START_TIMEOUT_S
        while True:
            self._child.start({})
            process.wait_until(
                lambda: self.is_ready() or self._child.pid is None, deadline - time.monotonic()
            )
            if self.is_ready():
                return
            if self._child.pid is not None or time.monotonic() > deadline or not self._may_retry():
                raise self._failed()

    def _may_retry(self) -> bool:
        tail = self._child.log_tail()
        return "pre-existing shared memory block" in tail or "Address already in use" in tail

    def _failed(self) -> Problem:
        tail = self._child.log_tail()
        self._child.stop(signal.SIGQUIT)
        return Problem(
            f"PostgreSQL did not start:\n{tail}", remedy=f"the whole log: {self._child.log_file}"
        )

    def _remove_stale_lock(self) -> None:
        """The lock names no stranger: after a reboot its pid may be some other program's."""
        lines = self._lock_lines()
        if lines and lines[0].isdigit() and "postgres" not in process.command_line(int(lines[0])):
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _lock_lines(self) -> list[str]:
        try:
            text = (self.data / "postmaster.pid").read_text(encoding="utf-8")
        except FileNotFoundError:
            return []
        return [line.strip() for line in text.splitlines()]
