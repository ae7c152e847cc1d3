"""One afternoon in Zhengzhou as the four services would tell it; test_contract holds it to their OpenAPI."""

from gateway.errors import Service
from tests.gateway.fakes import FakeService
from tests.gateway.world import analytics, guarantee, org, plans
from tests.gateway.world.names import (
    ACTIVATION,
    AT,
    BULLETIN,
    CITY,
    EXERCISE,
    FLOOD_COMMAND,
    INCIDENT,
    MAY,
    METRO,
    NUMBER,
    OBLIGATION,
    ORDER,
    OVERRIDE,
    PROPOSAL,
    REPORT,
    REQUEST,
    SIGNAL,
    STREAMS,
    TASK,
    WARNING,
    page,
)
from tests.gateway.world.plans import PLAN

__all__ = [
    "ACTIVATION",
    "AT",
    "BULLETIN",
    "CITY",
    "EXERCISE",
    "FLOOD_COMMAND",
    "INCIDENT",
    "MAY",
    "METRO",
    "NUMBER",
    "OBLIGATION",
    "ORDER",
    "OVERRIDE",
    "PLAN",
    "PROPOSAL",
    "REPORT",
    "REQUEST",
    "SIGNAL",
    "STREAMS",
    "TASK",
    "WARNING",
    "page",
    "services",
]


def services() -> dict[Service, FakeService]:
    """The four services, each with what it owns."""
    return {
        Service.ORG: org.org(),
        Service.PLANS: plans.plans(),
        Service.GUARANTEE: guarantee.guarantee(),
        Service.ANALYTICS: FakeService(
            batches={
                "situations": {CITY: analytics.SITUATION},
                "readings": {CITY: analytics.READINGS},
            },
        ),
    }
