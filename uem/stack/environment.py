"""The settings each program of the stack gets: its environment, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.settings import Deployment
from uem import issuer
from uem.home import Home
from uem.stack.passwords import Passwords
from uem.stack.programs import Application


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the programs of one stack share."""

    home: Home
    deployment: Deployment
    nats_url: str
    nats_is_embedded: bool
    addresses: Mapping[str, str]


def settings(
    application: Application, around: Surroundings, *, database_url: str | None
) -> dict[str, str]:
    """Return the environment of one program; credentials of the broker are files, never values."""
    values = {
        "UEM_DEPLOYMENT": around.deployment.value,
        "UEM_EMBEDDED": "true",  # here, and nowhere else, the development issuer is believed
        "UEM_NATS_URL": around.nats_url,
        "UEM_TOKEN_ISSUER": issuer.ISSUER,
        "UEM_TOKEN_AUDIENCE": issuer.AUDIENCE,
        "UEM_JWKS_FILE": str(around.home.secrets / "jwks.json"),
        "UEM_DATA_DIR": str(around.home.data(application.name)),
    }
    if around.nats_is_embedded:
        password = Passwords(around.home.secrets).file(f"nats-{application.name}")
        values |= {"UEM_NATS_USER": application.name, "UEM_NATS_PASSWORD_FILE": str(password)}
    if application.name == "org":
        values["UEM_KEYS_FILE"] = str(Passwords(around.home.secrets).keys())
    if database_url is not None:
        values["UEM_AUDIT_KEY_FILE"] = str(
            Passwords(around.home.secrets).audit_key(application.name)
        )
        return values | {"UEM_DATABASE_URL": database_url}
    peers = {name: url for name, url in around.addresses.items() if name != application.name}
    return values | {f"UEM_{name.upper()}_URL": url for name, url in peers.items()}
