"""Systems of others on the embedded broker: their accounts in its configuration, their durables."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nats
import nats.js.errors
from nats.js import JetStreamContext

from chassis import broker as connection
from chassis import nats_conf, partners
from chassis.partners import Partner, PartnersUnreadable
from uem.problem import Problem
from uem.stack import broker
from uem.stack.passwords import Passwords

CONNECT_TIMEOUT_S = 5


def config(
    packages: Mapping[str, str | None],
    passwords: Mapping[str, str],
    *,
    file: str,
    secrets: str,
    **listening: Any,  # noqa: ANN401 - as `broker.config` takes it
) -> str:
    """Return nats.conf with an account for each partner of the file.

    Their passwords are made in `secrets` as nats-partner-<name>. Raises `Problem` for a file that
    cannot be used.
    """
    described = _read(file)
    users = [nats_conf.PROVISIONER, *(one.user for one in described)]
    own = {user: Passwords(Path(secrets)).get(f"nats-{user}") for user in users}
    return broker.config(packages, {**passwords, **own}, partners=described, **listening)


def provision(dsn: str, *, file: str, secrets: str) -> list[str]:
    """Have the durables of the file's partners exist; return what cannot be given yet, and why."""
    password = Passwords(Path(secrets)).get(f"nats-{nats_conf.PROVISIONER}")
    return asyncio.run(_provision(dsn, _read(file), password))


async def _provision(dsn: str, described: tuple[Partner, ...], password: str) -> list[str]:
    client = await nats.connect(
        dsn,
        user=nats_conf.PROVISIONER,
        password=password,
        inbox_prefix=connection.inbox_prefix(nats_conf.PROVISIONER).encode(),
        connect_timeout=CONNECT_TIMEOUT_S,
    )
    try:
        given = [await _given(client.jetstream(), partner) for partner in described]
    finally:
        await client.close()
    return [missing for missing in given if missing is not None]


async def _given(js: JetStreamContext, partner: Partner) -> str | None:
    try:
        await partners.declare(js, [partner])
    except nats.js.errors.NotFoundError:
        return f"{partner.name} waits: there is no stream {partner.stream}"
    return None


def _read(file: str) -> tuple[Partner, ...]:
    if not Path(file).is_file():
        raise Problem(f"{file} does not exist", remedy="UEM_PARTNERS_FILE names it; unset or mend")
    try:
        return partners.read(Path(file))
    except PartnersUnreadable as error:
        raise Problem(f"the partners cannot be read: {error}", remedy=f"mend {file}") from error
