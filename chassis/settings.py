"""Settings from the environment; a service that lacks one does not start, and says which."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import quote, urlsplit

from chassis import issuers
from chassis.audit import anchor
from chassis.issuers import Issuer

PREFIX = "UEM_"
LEAST_PLACES = 4  # one for each class of requests
# The words of which secrets in examples, guides and images consist.
EXAMPLES = frozenset(
    {"changeme", "changeit", "example", "secret", "password", "passwd", "pass", "postgres"}
    | {"admin", "administrator", "root", "test", "demo", "default", "nats", "uem", "guest"}
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
    issuers: tuple[Issuer, ...] = ()  # whose tokens are believed
    token_audience: str = "uem"  # noqa: S105 - not a secret
    keys_file: Path | None = None  # under which personal data is sealed; the service that has any
    data_dir: Path
    nats_url: str
    nats_user: str | None = None
    nats_password_file: Path | None = None
    nats_replicas: int = 1  # of every stream; 3 on a cluster
    audit_key_file: Path | None = None  # Ed25519; signs the heads of the audit's chain
    otlp_endpoint: str | None = None
    database_pool: int = 8  # durable commits gain little past 8 connections on two cores
    in_work: int = 32  # requests at once: four for each connection to the database
    rate_factor: int = 1  # multiplies what a caller may send
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

    def secret_file(self, name: str) -> Path | None:
        """Return the path of a file that holds a secret; an empty or an example one is noted."""
        path = self.path(name)
        held = path.read_text().strip() if path is not None and path.is_file() else None
        if held is not None and is_example(held, user=self.optional("NATS_USER")):
            self.wrong(name, "holds an example password")
        return path

    def yes(self, name: str) -> bool:
        """Return whether the setting says true; absent is false."""
        value = (self.optional(name) or "false").lower()
        if value not in ("true", "false"):
            self.wrong(name, f"must be true or false, not {value!r}")
        return value == "true"

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
        deployment=read_deployment(environment),
        issuers=read_issuers(environment),
        token_audience=environment.optional("TOKEN_AUDIENCE") or "uem",
        keys_file=environment.path("KEYS_FILE"),
        data_dir=Path(environment.required("DATA_DIR", "the folder for files of this service")),
        nats_url=environment.required("NATS_URL", "the NATS server, as nats://host:port"),
        nats_user=environment.optional("NATS_USER"),
        nats_password_file=environment.secret_file("NATS_PASSWORD_FILE"),
        nats_replicas=environment.number("NATS_REPLICAS", default=1, least=1),
        audit_key_file=_audit_key_file(environment),
        otlp_endpoint=environment.optional("OTLP_ENDPOINT"),
        database_pool=environment.number("DATABASE_POOL", default=8, least=1),
        in_work=environment.number("IN_WORK", default=32, least=LEAST_PLACES),
        rate_factor=environment.number("RATE_FACTOR", default=1, least=1),
        drain_s=environment.number("DRAIN_S", default=0, least=0),
        log_level=_log_level(environment),
    )
    environment.check()
    return settings


def _database_url(environment: Environment) -> str:
    url = environment.required("DATABASE_URL", "as postgresql://user:password@host:port/database")
    if not url:
        return url
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgresql+asyncpg"):
        environment.wrong("DATABASE_URL", "must begin with postgresql://")
    if parts.password and is_example(parts.password, user=parts.username):
        environment.wrong("DATABASE_URL", "carries an example password")
    return _with_password(environment, url)


def _with_password(environment: Environment, url: str) -> str:
    """The address with the password of UEM_DATABASE_PASSWORD_FILE, which is read once."""
    file = environment.secret_file("DATABASE_PASSWORD_FILE")
    if file is None or not file.is_file():
        return url
    if urlsplit(url).password:
        environment.wrong("DATABASE_URL", "carries a password beside UEM_DATABASE_PASSWORD_FILE")
        return url
    return with_password(url, file.read_text().strip())


def with_password(url: str, password: str) -> str:
    """Return the address of a server, `scheme://user@host…`, with the user's password in it."""
    scheme, _, rest = url.partition("://")
    user, _, place = rest.rpartition("@")
    return f"{scheme}://{user}:{quote(password, safe='')}@{place}"


def read_deployment(environment: Environment, default: Deployment | None = None) -> Deployment:
    """Return which kind of deployment this is; without a `default` it must be said."""
    value = environment.optional("DEPLOYMENT") or default
    if value is None:
        value = environment.required("DEPLOYMENT", "production or rehearsal")
    if value and value not in list(Deployment):
        environment.wrong("DEPLOYMENT", f"must be production or rehearsal, not {value!r}")
    return Deployment(value) if value in list(Deployment) else Deployment.PRODUCTION


def is_example(secret: str, *, user: str | None = None) -> bool:
    """Whether a secret is none: empty, the user's own name, or a word of examples with decoration.

    `change-me`, `Password123!` and `<secret>` are examples; digits and signs do not hide a word.
    """
    if not secret or secret == user:
        return True
    words = re.findall(r"[a-z]+", secret.lower())
    letters = "".join(words)
    return bool(words) and (letters in EXAMPLES or all(word in EXAMPLES for word in words))


def read_issuers(environment: Environment) -> tuple[Issuer, ...]:
    """Return the issuers; the development issuer only in a rehearsal and in the embedded stack."""
    accepted = environment.optional("DEPLOYMENT") == Deployment.REHEARSAL
    return issuers.read(
        environment, development_is_accepted=environment.yes("EMBEDDED") or accepted
    )


def _audit_key_file(environment: Environment) -> Path | None:
    path = environment.path("AUDIT_KEY_FILE")
    if path is not None and path.is_file():
        try:
            anchor.read_key(path)
        except ValueError as error:
            environment.wrong("AUDIT_KEY_FILE", f"cannot be used: {error}")
    return path


def _log_level(environment: Environment) -> str:
    value = (environment.optional("LOG_LEVEL") or "INFO").upper()
    if value not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        environment.wrong("LOG_LEVEL", "must be DEBUG, INFO, WARNING or ERROR")
    return value
