"""What is heard of warnings, needs and dispatches: once or twice, it leaves the same."""

from typing import Any

from chassis import documents
from contracts.guarantee import v1 as guarantee
from services.org import domain
from services.org.store import tables
from tests.harness import START, Harness
from tests.services.org import city
from vocabulary import Mode, WarningColour


def dispatch(status: str) -> guarantee.Dispatch:
    return guarantee.Dispatch(
        id="dsp_1",
        requirement_id="req_1",
        activation_id="act_1",
        incident_id="inc_1",
        resource_id="res_boat",
        resource_name_en="boat",
        capability="boats",
        quantity=1,
        unit="1",
        status=status,
        ordered_at=START,
        mode=Mode.REAL,
        jurisdiction="410100",
    )


def need() -> guarantee.Requirement:
    return guarantee.Requirement(
        id="req_1",
        activation_id="act_1",
        incident_id="inc_1",
        capability="pumps",
        quantity=30,
        met_quantity=12,
        unit="1",
        status="PARTLY_MET",
        next_tier="neighbouring jurisdictions",
        mode=Mode.REAL,
        jurisdiction="410100",
    )


async def log(org: Harness) -> list[str | None]:
    return [
        one.text_en for one in await org.read(documents.find, tables.log_entry, domain.LogEntry)
    ]


def heard(org: Harness, body: Any, aggregate: str, event: str, id: str) -> Any:
    return org.event(
        body, service="guarantee", aggregate=aggregate, event=event, id=id, area="410100"
    )


async def test_the_last_word_on_a_dispatch_is_kept(org: Harness) -> None:
    for event, body in (
        ("ordered", guarantee.DispatchOrdered(dispatch=dispatch("ORDERED"))),
        ("on_scene", guarantee.DispatchOnScene(dispatch=dispatch("ON_SCENE"))),
        ("returned", guarantee.DispatchReturned(dispatch=dispatch("RETURNED"))),
    ):
        said = heard(org, body, "dispatch", event, "dsp_1")
        await org.deliver(said)
        await org.deliver(said)

    (kept,) = await org.read(documents.find, tables.dispatch, domain.Dispatch)
    assert kept.status == "RETURNED"
    assert kept.status not in domain.OUT


async def test_a_need_that_is_not_met_stands_in_the_log_once(org: Harness) -> None:
    said = heard(
        org, guarantee.RequirementUnmet(requirement=need()), "requirement", "unmet", "req_1"
    )

    await org.deliver(said)
    await org.deliver(said)

    assert await log(org) == ["Not met: pumps 12/30 1 → neighbouring jurisdictions"]


async def test_an_announced_warning_stands_in_the_log_once(org: Harness) -> None:
    warning = guarantee.Warning(
        id="war_1",
        mode=Mode.REAL,
        emergency_type="11B03",
        colour=WarningColour.ORANGE,
        status="ACTIVE",
        jurisdiction="410100",
        organization_id=city.FLOOD,
    )
    said = heard(org, guarantee.WarningIssued(warning=warning), "warning", "issued", "war_1")

    await org.deliver(said)
    await org.deliver(said)

    assert await log(org) == ["Early warning announced: orange rainstorm"]
