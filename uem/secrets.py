"""The secrets of a deployment of containers: made once, laid out so that each reads only its own.

One folder a reader, mounted where it runs; `operator` holds all and is mounted for migrations
and for whoever signs tokens of a rehearsal.
"""

from pathlib import Path
from typing import Any

from uem.issuer import Issuer
from uem.problem import Problem
from uem.stack import broker, databases, partners, programs
from uem.stack.passwords import Passwords

OPERATOR = "operator"
SUPERUSER = "postgres-superuser"
PARTNERS_PORT = 8443  # systems of others come by it, over WebSocket, and by no other
MONITOR_PORT = 8222
STORE = "/data/jetstream"
READERS = ("postgres", "nats", *(one.name for one in programs.APPLICATIONS))


def lay_out(folder: Path, *, partners_file: Path | None = None) -> list[Path]:
    """Every reader's folder holds its secrets; those that are there stay as they are.

    Files are for everybody who sees the folder: what keeps them apart is who mounts it.
    Raises `Problem` when the folder cannot be written.
    """
    own = Passwords(folder / OPERATOR)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        files = _of_all(own, partners_file)
        for place, text in files.items():
            _write(folder / place, text)
        for file in own.folder.iterdir():
            file.chmod(0o444)
    except OSError as error:
        raise Problem(
            f"{error.filename} cannot be written: {error.strerror}", remedy="as whom is this run?"
        ) from error
    return sorted(folder / place for place in files)


def _of_all(own: Passwords, partners_file: Path | None) -> dict[str, str]:
    configuration = _nats_conf(own, partners_file)
    jwks = Issuer(own.folder).jwks_file.read_text("utf-8")
    files = {
        "postgres/password": own.get(SUPERUSER),
        "nats/nats.conf": configuration,
        "nats/accounts.conf": configuration[configuration.index("accounts {") :],
        "gateway/jwks.json": jwks,
        "gateway/nats-password": own.get("nats-gateway"),
    }
    for service in programs.SERVICES:
        files |= {
            f"{service.name}/{name}": text for name, text in _of(own, service.name, jwks).items()
        }
    return files


def _of(own: Passwords, service: str, jwks: str) -> dict[str, str]:
    files = {
        "database-password": databases.Credentials.of(own, service).application,
        "nats-password": own.get(f"nats-{service}"),
        "audit.pem": own.audit_key(service).read_text("ascii"),
        "jwks.json": jwks,
    }
    if service == "org":
        files["keys.json"] = own.keys().read_text("ascii")
    return files


def _nats_conf(own: Passwords, partners_file: Path | None) -> str:
    packages = {one.name: one.package for one in programs.APPLICATIONS}
    passwords = {name: own.get(f"nats-{name}") for name in packages}
    listening: dict[str, Any] = {
        "port": 4222,
        "monitor_port": MONITOR_PORT,
        "partners_port": PARTNERS_PORT,
        "store_dir": STORE,
    }
    if partners_file is None:
        return broker.config(packages, passwords, **listening)
    where = {"file": str(partners_file), "secrets": str(own.folder)}
    return partners.config(packages, passwords, **where, **listening)


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.exists() and file.read_text("utf-8") == text:
        return
    unfinished = file.with_suffix(".unfinished")
    unfinished.write_text(text, "utf-8")
    unfinished.chmod(0o444)
    unfinished.replace(file)
