"""Settings from the environment; a service that lacks one does not start, and says which."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

PREFIX = "UEM_"
EXAMPLES = ("changeme", "change-me", "example", "secret", "password", "postgres:postgres@")


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
    data_dir: Path = Path("data")
    nats_url: str = "nats://127.0.0.1:4222"
    nats_user: str | None = None
    nats_password_file: Path | None = None
    otlp_endpoint: str | None = None
    database_pool: int = 8  # durable commits gain little past 8 connections on two cores
