"""A PostgreSQL server for one command: the given one, the running one, or one started for it."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from chassis.settings import with_password
from uem.home import Home
from uem.stack import ports
from uem.stack.postgres import EmbeddedPostgres


@contextlib.contextmanager
def of_stack(home: Home) -> Iterator[str]:
    """Give the superuser's address of the stack's server; one started for this is stopped again."""
    if given := os.environ.get("UEM_POSTGRES_URL"):
        secret = os.environ.get("UEM_POSTGRES_PASSWORD_FILE")
        yield with_password(given, Path(secret).read_text().strip()) if secret else given
        return
    server = EmbeddedPostgres(home.postgres, ports.free(1)[0])
    if (port := server.listens_on()) is not None:
        yield EmbeddedPostgres(home.postgres, port).dsn
        return
    with _started(server):
        yield server.dsn


@contextlib.contextmanager
def throwaway() -> Iterator[str]:
    """Give the superuser's address of an empty server that leaves nothing behind."""
    with tempfile.TemporaryDirectory(prefix="uem-") as folder:
        server = EmbeddedPostgres(Path(folder), ports.free(1)[0], settings={"fsync": "off"})
        with _started(server):
            yield server.dsn


@contextlib.contextmanager
def _started(server: EmbeddedPostgres) -> Iterator[None]:
    server.start()
    try:
        yield
    finally:
        server.stop()
