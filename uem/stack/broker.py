"""The broker's configuration: one user a program, with the rights of what it says and hears."""

import importlib
from collections.abc import Mapping, Sequence
from typing import Any

from chassis import nats_conf
from chassis.messages import Published, Subscription
from chassis.partners import Partner


def config(
    packages: Mapping[str, str | None],
    passwords: Mapping[str, str],
    *,
    partners: Sequence[Partner] = (),
    **listening: Any,  # noqa: ANN401 - as `nats_conf.render` takes it
) -> str:
    """Return nats.conf: services have the rights of their declarations, the others only read.

    Partners have an account each, with their own durable in it. `listening` is where the broker
    listens and stores, as `nats_conf.render` takes it.
    """
    return nats_conf.render(
        {name: _conversation(package) for name, package in packages.items() if package},
        passwords=passwords,
        readers=[name for name, package in packages.items() if not package],
        partners=partners,
        **listening,
    )


def _conversation(package: str) -> tuple[list[Published], list[Subscription]]:
    """Return what a service declares; its own modules say it, so they are imported here."""
    events = importlib.import_module(f"{package}.events")
    handlers = importlib.import_module(f"{package}.handlers")
    return list(events.PUBLISHED), list(handlers.SUBSCRIPTIONS)
