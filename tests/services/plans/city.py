"""A city of four districts, and the facts that other services tell about it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from chassis import documents
from chassis.policy import Grant
from chassis.unit_of_work import Caller
from contracts.analytics import v1 as analytics
from contracts.guarantee import v1 as guarantee
from contracts.org import v1 as org
from contracts.vocabulary import v1 as shared
from services.plans import commands, domain, store
from tests.harness import START, Harness
from vocabulary import Grade, Mode, OrganizationKind, ResponseLevel, WarningColour

FLOOD = (Path(__file__).parent / "data" / "flood-410100.yaml").read_text(encoding="utf-8")
CITY = "410100"
COMMAND = "org_410100_flood_command"
PLANNER = Caller(subject="planner", grants=(Grant(role="planner", area=CITY),))
RAINSTORM = "11B03"
# code → people, ground: the first district holds 10 % of the people, the second 60 %
DISTRICTS = {
    "410102": (1_000_000, 200.0),
    "410103": (6_000_000, 300.0),
    "410104": (2_000_000, 250.0),
    "410105": (1_000_000, 250.0),
}
SMALL, LARGE = "410102", "410103"


def jurisdiction(code: str, people: int | None, ground: float | None) -> org.JurisdictionState:
    return org.JurisdictionState(
        jurisdiction=org.Jurisdiction(
            code=code,
            name_zh=code,
            name_en=code,
            parent="410000" if code == CITY else CITY,
            population=people,
            area_km2=ground,
        )
    )


def organization(id: str, kind: OrganizationKind) -> org.OrganizationState:
    return org.OrganizationState(
        organization=org.Organization(id=id, name_zh=id, name_en=id, kind=kind, jurisdiction=CITY)
    )


def provision(measure: str, *, minimum: ResponseLevel | None = None) -> guarantee.ProvisionState:
    return guarantee.ProvisionState(
        provision=guarantee.Provision(
            id=f"prv_{measure}",
            instrument="Flood Control Law",
            article=f"on {measure}",
            measures=(measure,),
            held_by=(OrganizationKind.SPECIAL_COMMAND,),
            minimum_level=minimum,
        )
    )


def signal(
    id: str,
    colour: WarningColour = WarningColour.RED,
    *areas: str,
    status: str = "ACTIVE",
    mode: Mode = Mode.REAL,
    supersedes: tuple[str, ...] = (),
    emergency_type: str = RAINSTORM,
) -> guarantee.Signal:
    return guarantee.Signal(
        id=id,
        mode=mode,
        identifier=f"41010041600000_{id}",
        sender="zz.met",
        emergency_type=emergency_type,
        colour=colour,
        status=status,
        jurisdiction=areas[0] if len(areas) == 1 else CITY,
        areas=areas,
        sent_at=START,
        supersedes=supersedes,
    )


def warning(
    id: str, colour: WarningColour, *areas: str, status: str = "ACTIVE"
) -> guarantee.Warning:
    return guarantee.Warning(
        id=id,
        mode=Mode.REAL,
        emergency_type=RAINSTORM,
        colour=colour,
        status=status,
        jurisdiction=CITY,
        areas=areas,
        issued_at=START,
    )


def incident(
    id: str = "inc_1",
    *,
    status: str = "DECLARED",
    grade: Grade | None = None,
    mode: Mode = Mode.REAL,
    sealed: bool = False,
    emergency_type: str = RAINSTORM,
    declared_at: datetime = START,
    occurred_at: datetime | None = None,
    **figures: float | None,
) -> org.Incident:
    return org.Incident(
        id=id,
        number="410100-20260601-001",
        mode=mode,
        title="Water in the tunnel",
        emergency_type=emergency_type,
        status=status,
        grade=grade,
        jurisdiction=SMALL,
        sealed=sealed,
        figures=tuple(
            shared.Figure(metric=metric, value=value, unit="1", source="fire brigade")
            for metric, value in figures.items()
        ),
        declared_at=declared_at,
        occurred_at=occurred_at,
    )


def reading(
    indicator: str,
    value: float | None,
    *,
    as_of: datetime = START,
    mode: Mode = Mode.REAL,
    jurisdiction: str = CITY,
) -> analytics.IndicatorChanged:
    return analytics.IndicatorChanged(
        reading=analytics.Reading(
            indicator=indicator,
            jurisdiction=jurisdiction,
            value=value,
            unit="mm",
            as_of=as_of,
            mode=mode,
        )
    )


def minutes(count: int) -> datetime:
    """The instant so many minutes after the test began."""
    return START + timedelta(minutes=count)


async def draft(plans: Harness, text: str = FLOOD) -> domain.Plan:
    """The plan file is kept as a draft by a planner of the city."""
    kept: domain.Plan = await plans.run(commands.import_plan, text, caller=PLANNER)
    return kept


async def publish(
    plans: Harness, version: str = "2021.1", *, expected: int | None = None
) -> domain.Plan:
    """The version is published by a planner of the city."""
    published: domain.Plan = await plans.run(
        commands.publish_plan,
        "flood-410100",
        plan_version=version,
        expected_version=expected,
        caller=PLANNER,
    )
    return published


LONG_AGO = datetime(2021, 6, 1, tzinfo=UTC)


async def settle(plans: Harness) -> None:
    """The city, its command and its laws are known."""
    size = (sum(people for people, _ in DISTRICTS.values()), 1000.0)
    for code, (people, ground) in (DISTRICTS | {CITY: size}).items():
        about = {"service": "org", "aggregate": "jurisdiction", "event": "state"}
        await plans.deliver(jurisdiction(code, people, ground), id=code, area=code, **about)
    await hear_organization(plans, COMMAND, OrganizationKind.SPECIAL_COMMAND)
    for measure in ("inspect_tunnels", "suspend_classes"):
        about = {"service": "guarantee", "aggregate": "provision", "event": "state"}
        await plans.deliver(provision(measure), id=f"prv_{measure}", area=CITY, **about)


async def hear_organization(plans: Harness, id: str, kind: OrganizationKind) -> None:
    """org says `organization.state` of an organization of the city."""
    about = {"service": "org", "aggregate": "organization", "event": "state"}
    await plans.deliver(organization(id, kind), id=id, area=CITY, **about)


async def hear_signal(plans: Harness, event: str, one: guarantee.Signal, **about: Any) -> None:
    """guarantee says `signal.<event>` of this signal."""
    bodies = {
        "issued": lambda: guarantee.SignalIssued(signal=one),
        "superseded": lambda: guarantee.SignalSuperseded(signal=one, by=about.pop("by")),
        "cancelled": lambda: guarantee.SignalCancelled(signal=one),
        "expired": lambda: guarantee.SignalExpired(signal=one),
    }
    await plans.deliver(
        bodies[event](),
        service="guarantee",
        aggregate="signal",
        event=event,
        id=one.id,
        area=one.jurisdiction,
        mode=one.mode,
        **about,
    )


async def hear_reading(plans: Harness, body: analytics.IndicatorChanged) -> None:
    """analytics says `indicator.changed`."""
    one = body.reading
    await plans.deliver(
        body,
        service="analytics",
        aggregate="indicator",
        event="changed",
        id=f"{one.indicator}-{one.jurisdiction}",
        area=one.jurisdiction,
        mode=one.mode,
    )


async def hear_incident(plans: Harness, event: str, one: org.Incident) -> None:
    """org says `incident.<event>` of this incident."""
    bodies: dict[str, Any] = {
        "declared": lambda: org.IncidentDeclared(incident=one),
        "facts_recorded": lambda: org.IncidentFactsRecorded(incident=one),
        "regraded": lambda: org.IncidentRegraded(incident=one, rule="work-accident@1"),
        "status_changed": lambda: org.IncidentStatusChanged(incident=one, from_status="DECLARED"),
        "closed": lambda: org.IncidentClosed(incident=one),
        "sealed": lambda: org.IncidentSealed(incident=one),
        "unsealed": lambda: org.IncidentUnsealed(incident=one),
    }
    await plans.deliver(
        bodies[event](),
        service="org",
        aggregate="incident",
        event=event,
        id=one.id,
        area=one.jurisdiction,
        mode=one.mode,
    )


async def hear_warning(plans: Harness, event: str, one: guarantee.Warning) -> None:
    """guarantee says `warning.<event>` of this early warning."""
    bodies: dict[str, Any] = {
        "issued": lambda: guarantee.WarningIssued(warning=one),
        "superseded": lambda: guarantee.WarningSuperseded(warning=one, by="war_2"),
        "cancelled": lambda: guarantee.WarningCancelled(warning=one),
        "expired": lambda: guarantee.WarningExpired(warning=one),
    }
    await plans.deliver(
        bodies[event](),
        service="guarantee",
        aggregate="warning",
        event=event,
        id=one.id,
        area=one.jurisdiction,
        mode=one.mode,
    )


async def told(plans: Harness) -> list[tuple[str, str | None, str | None]]:
    """Each activation event so far with the level in force and the level proposed."""
    said = [one for one in await plans.published() if one.aggregate == "activation"]
    bodies = [(one.event, one.body["activation"]) for one in said]
    return [(event, one.get("level"), one.get("proposedLevel")) for event, one in bodies]


async def present(plans: Harness) -> domain.Activation:
    """The newest activation."""
    newest = store.activation.c.created_at.desc()
    found: list[domain.Activation] = await plans.read(
        documents.find, store.activation, domain.Activation, order_by=newest, limit=1
    )
    return found[0]


async def standing(plans: Harness) -> tuple[str, str | None, str | None]:
    """State, level in force and level proposed of the newest activation."""
    one = await present(plans)
    return one.state.value, one.level, one.proposed_level


async def measure_nothing_unusual(plans: Harness) -> None:
    """Every gauge reports; without that, levels are undetermined and nothing is lowered."""
    for indicator in ("rain_1h_mm", "rain_3h_mm", "rain_6h_mm", "road_water_depth_cm"):
        await hear_reading(plans, reading(indicator, 0.0))
    await hear_reading(plans, reading("water_level_m", 80.0))
