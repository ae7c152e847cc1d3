"""Backups of the services' databases: one file each in PostgreSQL's own format, and their way back."""

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from uem.problem import Problem
from uem.stack import wheels
from uem.stack.databases import database_name


def dump(superuser_url: str, services: Iterable[str], folder: Path) -> list[Path]:
    """The folder holds `SERVICE.dump` of each, as it was at one instant of that database.

    Services may work meanwhile: what one heard of another in between is delivered again after a
    restore. Raises `Problem` when a database cannot be read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{service}.dump" for service in services]
    for file in files:
        unfinished = file.with_suffix(".unfinished")
        words = ["--format=custom", f"--file={unfinished}", database_name(file.stem)]
        _run("pg_dump", superuser_url, *words)
        unfinished.replace(file)
    return files


def load(superuser_url: str, service: str, file: Path) -> None:
    """The service's database is as it was dumped; nothing of what it held since is left.

    Its roles and an empty or older database have to be there (`uem migrate` makes them), and the
    service must not run. Raises `Problem`; then the database is as it was.
    """
    if not file.is_file():
        raise Problem(f"{file} does not exist", remedy="uem backup FOLDER makes it")
    words = ["--clean", "--if-exists", "--single-transaction", "--exit-on-error"]
    _run("pg_restore", superuser_url, *words, f"--dbname={database_name(service)}", str(file))


def _run(program: str, superuser_url: str, *words: str) -> None:
    parts = urlsplit(superuser_url)
    connection = {
        "PGHOST": parts.hostname or "127.0.0.1",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or "postgres"),
        "PGPASSWORD": unquote(parts.password or ""),
    }
    done = subprocess.run(
        [_found(program), "--no-password", *words],
        env=os.environ | connection,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Problem(
            f"{program} failed: {done.stderr.strip()[-600:]}",
            remedy="is the server's version that of the program, and does the service still run?",
        )


def _found(program: str) -> str:
    """The wheel's, which is of the embedded server's version; where there is none, the machine's."""
    try:
        return str(wheels.postgres(program))
    except Problem:
        if (own := shutil.which(program)) is None:
            raise
        return own
