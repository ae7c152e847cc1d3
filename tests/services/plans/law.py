"""A response whose measure the law refuses to who commands, and who could let it pass."""

from datetime import datetime
from typing import Any

from chassis.inbox import Outcome
from contracts.guarantee import v1 as guarantee
from contracts.org import v1 as org
from contracts.vocabulary import v1 as shared
from services.plans import domain, store
from tests.harness import Harness
from tests.services.plans import city
from tests.services.plans.city import CITY, COMMAND
from vocabulary import Mode, OrganizationKind

COMMITTEE = "org_410100_committee"
PROVINCE = "org_410000_committee"
MEASURE = "inspect_tunnels"
ASK = {"measure": MEASURE, "minutes": 120, "reason": "water in the tunnel"}

# Who asks, and who may decide.
COMMANDER: dict[str, Any] = {"roles": ["viewer", "commander"], "org": COMMAND, "areas": [CITY]}
AUTHORITY = COMMANDER | {"org": COMMITTEE, "posts": ["pst_mayor"], "subject": "li"}


async def hear_committee(
    plans: Harness, id: str, *, parent: str | None = None, area: str = CITY
) -> None:
    """org says that there is a committee, under its parent."""
    said = org.OrganizationState(
        organization=org.Organization(
            id=id,
            name_zh=id,
            name_en=id,
            kind=OrganizationKind.COMMITTEE,
            jurisdiction=area,
            parent=parent,
        )
    )
    about = {"service": "org", "aggregate": "organization", "event": "state"}
    await plans.deliver(said, id=id, area=area, **about)


async def hear_provision(
    plans: Harness,
    *kinds: OrganizationKind,
    measure: str = MEASURE,
    longest: int | None = None,
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
    **about: Any,
) -> Outcome:
    """guarantee says which kinds hold the authority for the measure."""
    said = guarantee.ProvisionState(
        provision=guarantee.Provision(
            id=f"prv_{measure}",
            instrument="Flood Control Law",
            article=f"on {measure}",
            measures=(measure,),
            held_by=kinds,
            maximum_duration_minutes=longest,
            valid_from=valid_from,
            valid_to=valid_to,
            duties=(shared.Duty(kind="NOTICE", text_zh="告知", text_en="tell", within_minutes=30),),
        )
    )
    return await plans.deliver(
        said,
        service="guarantee",
        aggregate="provision",
        event="state",
        id=f"prv_{measure}",
        area=CITY,
        **about,
    )


async def settle(plans: Harness) -> None:
    """Only committees may have tunnels inspected; one is there, above who commands, one above it."""
    await hear_committee(plans, PROVINCE, area="410000")
    await hear_committee(plans, COMMITTEE, parent=PROVINCE)
    await hear_provision(plans, OrganizationKind.COMMITTEE)


async def respond(plans: Harness, mode: Mode = Mode.REAL) -> str:
    """The flood plan is in force at Level III; returns the activation."""
    await city.hear_reading(plans, city.reading("rain_3h_mm", 60.0, mode=mode))
    (one,) = await plans.read(store.open_activations, mode)
    assert one.level == "LEVEL_III"
    return str(one.id)


async def refused(plans: Harness) -> str:
    """An activation in force whose measure the law refuses."""
    await settle(plans)
    return await respond(plans)


def legal(activation: domain.Activation) -> list[tuple[str, str, str | None]]:
    """Code, verdict and gap of each measure in force."""
    return [(m.code, m.legal.verdict.value, m.legal.gap) for m in activation.content.measures]
