"""What the gateway is told by its environment; it does not start with less, and says what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from chassis import settings as chassis_settings
from chassis.issuers import Issuer
from chassis.settings import Deployment
from gateway.errors import Service
from gateway.upstream import Deadlines


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where the services are, who issues tokens, and how much is shown to whom."""

    urls: Mapping[Service, str]
    issuers: tuple[Issuer, ...] = ()  # whose tokens are believed
    token_audience: str = "uem"  # noqa: S105 - not a secret
    nats_url: str | None = None
    nats_user: str | None = None
    nats_password_file: Path | None = None
    otlp_endpoint: str | None = None
    log_level: str = "INFO"
    allowed_origins: tuple[str, ...] = ()
    heartbeat_s: int = 15  # clients show "not live" after two missed
    introspection: bool = True
    in_work: int = 256  # operations at once; most of their time they wait for a service
    rate_factor: int = 1  # multiplies what a caller may send
    deployment: Deployment = Deployment.PRODUCTION  # a rehearsal's edge leads to every path
    deadlines: Deadlines = field(default_factory=Deadlines)

    @property
    def nats_password(self) -> str | None:
        """The secret as it stands in its file at this moment."""
        return self.nats_password_file.read_text().strip() if self.nats_password_file else None


def read(values: Mapping[str, str]) -> Settings:
    """Return the settings. Raises SettingsError naming everything that is wrong."""
    environment = chassis_settings.Environment(values)
    settings = Settings(
        urls={
            service: environment.required(
                f"{service}_URL", f"where the {service.lower()} service is"
            )
            for service in Service
        },
        issuers=chassis_settings.read_issuers(environment),
        token_audience=environment.optional("TOKEN_AUDIENCE") or "uem",
        nats_url=environment.optional("NATS_URL"),
        nats_user=environment.optional("NATS_USER"),
        nats_password_file=environment.secret_file("NATS_PASSWORD_FILE"),
        otlp_endpoint=environment.optional("OTLP_ENDPOINT"),
        log_level=(environment.optional("LOG_LEVEL") or "INFO").upper(),
        allowed_origins=tuple((environment.optional("ALLOWED_ORIGINS") or "").split()),
        heartbeat_s=environment.number("HEARTBEAT_S", default=15, least=1),
        introspection=environment.optional("INTROSPECTION") != "off",
        in_work=environment.number("IN_WORK", default=256, least=chassis_settings.LEAST_PLACES),
        rate_factor=environment.number("RATE_FACTOR", default=1, least=1),
        deployment=chassis_settings.read_deployment(environment, default=Deployment.PRODUCTION),
    )
    environment.check()
    return settings
