"""The broker's configuration: one user a program, its permissions from what it says and hears."""

from collections.abc import Sequence

from uem.stack.nats import SIMPLE_CONFIG
from uem.stack.passwords import Passwords


def config(names: Sequence[str], passwords: Passwords) -> str:
    """Return the text of nats.conf for these programs."""
    users = "".join(
        f'  {{ user: {name}, password: "{passwords.get(f"nats-{name}")}" }}\n' for name in names
    )
    return f"{SIMPLE_CONFIG}authorization {{ users = [\n{users}] }}\n"
