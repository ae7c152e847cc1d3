"""Settings from the environment; a service that lacks one does not start, and says which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

PREFIX = "UEM_"
EXAMPLES = frozenset(
    {"changeme", "change-me", "example", "secret", "password", "postgres", "admin"}
)


class Deployment(StrEnum):
    """What a database was born as: a production one, or one whose clock can be stepped."""

    PRODUCTION = "production"
    REHEARSAL = "rehearsal"


class SettingsError(Exception):
    """The settings do not allow a start; the message names everything that is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a service is told by its environment."""

    database_url: str = field(repr=False)
    deployment: Deployment
    token_issuer: str
    token_audience: str = "uem"  # noqa: S105 - not a secret
    jwks_file: Path | None = None
    jwks_url: str | None = None
    data_dir: Path
    nats_url: str
    nats_user: str | None = None
    nats_password_file: Path | None = None
    nats_replicas: int = 1  # of every stream; 3 on a cluster
    otlp_endpoint: str | None = None
    database_pool: int = 8  # durable commits gain little past 8 connections on two cores
    drain_s: int = 0  # between failing readiness and refusing connections; 5 behind a balancer
    log_level: str = "INFO"

    @property
    def nats_password(self) -> str | None:
        """The secret as it stands in its file at this moment."""
        if self.nats_password_file is None:
            return None
        return self.nats_password_file.read_text().strip()


class Environment:
    """Reads settings and remembers what is wrong with them, to say it all at once."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self._wrong: list[str] = []

    def required(self, name: str, meaning: str) -> str:
        """Return the setting; its absence is noted."""
        value = self.optional(name)
        if value is None:
            self.wrong(name, f"is missing: {meaning}")
        return value or ""

    def optional(self, name: str) -> str | None:
        """Return the setting, or null when it is absent or empty."""
        return self._values.get(PREFIX + name, "").strip() or None

    def path(self, name: str) -> Path | None:
        """Return the path of a file that must exist when it is named."""
        value = self.optional(name)
        if value is not None and not Path(value).is_file():
            self.wrong(name, f"names a file that does not exist: {value}")
        return Path(value) if value is not None else None

    def number(self, name: str, *, default: int, least: int) -> int:
        """Return a whole number of at least `least`."""
        value = self.optional(name)
        if value is None:
            return default
        if not value.isdecimal() or int(value) < least:
            self.wrong(name, f"must be a whole number from {least}, not {value!r}")
            return default
        return int(value)

    def wrong(self, name: str, reason: str) -> None:
        """Note what is wrong with a setting."""
        self._wrong.append(f"  {PREFIX}{name} {reason}")

    def check(self) -> None:
        """Raise SettingsError with everything that was noted."""
        if self._wrong:
            raise SettingsError("the settings do not allow a start:\n" + "\n".join(self._wrong))


def read(values: Mapping[str, str]) -> Settings:
    """Return the settings of a service. Raises SettingsError naming everything that is wrong."""
    environment = Environment(values)
    settings = Settings(
        database_url=_database_url(environment),
        deployment=_deployment(environment),
        token_issuer=environment.required("TOKEN_ISSUER", "who issues the tokens (claim iss)"),
        token_audience=environment.optional("TOKEN_AUDIENCE") or "uem",
        jwks_file=environment.path("JWKS_FILE"),
        jwks_url=environment.optional("JWKS_URL"),
        data_dir=Path(environment.required("DATA_DIR", "the folder for files of this service")),
        nats_url=environment.required("NATS_URL", "the NATS server, as nats://host:port"),
        nats_user=environment.optional("NATS_USER"),
        nats_password_file=_password_file(environment),
        nats_replicas=environment.number("NATS_REPLICAS", default=1, least=1),
        otlp_endpoint=environment.optional("OTLP_ENDPOINT"),
        database_pool=environment.number("DATABASE_POOL", default=8, least=1),
        drain_s=environment.number("DRAIN_S", default=0, least=0),
        log_level=_log_level(environment),
    )
    if settings.jwks_file is None and settings.jwks_url is None:
        environment.wrong("JWKS_FILE", "or UEM_JWKS_URL is missing: the issuer's public keys")
    environment.check()
    return settings


def _database_url(environment: Environment) -> str:
    url = environment.required("DATABASE_URL", "as postgresql://user:password@host:port/database")
    if not url:
        return url
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgresql+asyncpg"):
        environment.wrong("DATABASE_URL", "must begin with postgresql://")
    if (parts.password or "").lower() in EXAMPLES:
        environment.wrong("DATABASE_URL", "carries an example password")
    return url


def _deployment(environment: Environment) -> Deployment:
    value = environment.required("DEPLOYMENT", "production or rehearsal")
    if value and value not in list(Deployment):
        environment.wrong("DEPLOYMENT", f"must be production or rehearsal, not {value!r}")
    return Deployment(value) if value in list(Deployment) else Deployment.PRODUCTION


def _password_file(environment: Environment) -> Path | None:
    path = environment.path("NATS_PASSWORD_FILE")
    if path is not None and path.is_file() and path.read_text().strip().lower() in EXAMPLES:
        environment.wrong("NATS_PASSWORD_FILE", "holds an example password")
    return path


def _log_level(environment: Environment) -> str:
    value = (environment.optional("LOG_LEVEL") or "INFO").upper()
    if value not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        environment.wrong("LOG_LEVEL", "must be DEBUG, INFO, WARNING or ERROR")
    return value
