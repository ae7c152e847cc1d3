"""A small city for tests: three divisions, who commands in them, and who is on duty."""

from datetime import timedelta
from typing import Any

from chassis.policy import of_token
from chassis.unit_of_work import Caller
from contracts.guarantee import v1 as guarantee
from contracts.plans import v1 as plans
from contracts.vocabulary import v1 as shared
from services.org import commands, domain
from tests.harness import START, Harness
from vocabulary import Mode, OrganizationKind, ResponseLevel, WarningColour

FLOOD = "org_410100_flood_command"
OFFICE = "org_410100_office"
COMMITTEE = "org_410100_committee"
EDUCATION = "org_410100_education"
METRO = "org_410100_metro"
PROVINCE = "org_410000_flood_command"
BOTH = (Mode.REAL, Mode.EXERCISE)
SQUARE = '{"type":"Polygon","coordinates":[[[113,34],[114,34],[114,35],[113,35],[113,34]]]}'

JURISDICTIONS = (
    domain.Jurisdiction(id="410000", name_zh="河南省", name_en="Henan"),
    domain.Jurisdiction(
        id="410100", name_zh="郑州市", name_en="Zhengzhou", parent="410000", boundary_geojson=SQUARE
    ),
    domain.Jurisdiction(id="410105", name_zh="金水区", name_en="Jinshui", parent="410100"),
)


def organization(id: str, kind: OrganizationKind, code: str, **more: Any) -> domain.Organization:
    """An organization called by its id."""
    return domain.Organization(id=id, name_zh=id, name_en=id, kind=kind, jurisdiction=code, **more)


ORGANIZATIONS = (
    organization(
        PROVINCE, OrganizationKind.SPECIAL_COMMAND, "410000", emergency_types=("11A", "11B03")
    ),
    organization(COMMITTEE, OrganizationKind.COMMITTEE, "410100"),
    organization(OFFICE, OrganizationKind.COMMITTEE_OFFICE, "410100", parent=COMMITTEE),
    organization(
        FLOOD,
        OrganizationKind.SPECIAL_COMMAND,
        "410100",
        parent=OFFICE,
        functions=("flood.command",),
        emergency_types=("11A", "11B03"),
    ),
    organization(
        EDUCATION, OrganizationKind.DEPARTMENT, "410100", parent=FLOOD, functions=("education",)
    ),
    organization(
        METRO, OrganizationKind.ENTERPRISE, "410100", parent=FLOOD, functions=("metro.operation",)
    ),
)


def post(id: str, organization: str, rung: int, **more: Any) -> domain.Post:
    """A standing post called by its id, reached by phone, then by message."""
    defaults: dict[str, Any] = {
        "title_zh": id,
        "title_en": id,
        "channels": ("phone", "message"),
        "phone": "+86 371 0000 0000",
        "modes": BOTH,
    }
    return domain.Post(id=id, organization=organization, rung=rung, **defaults | more)


POSTS = (
    post("pst_duty", FLOOD, 0),
    post("pst_deputy", FLOOD, 1),
    post("pst_director", FLOOD, 2),
    post("pst_vice_mayor", COMMITTEE, 3),
    post("pst_mayor", COMMITTEE, 4),
    post("pst_province", PROVINCE, 0),
    post("pst_education", EDUCATION, 0),
    post("pst_metro", METRO, 0),
)
LADDER = ("pst_duty", "pst_deputy", "pst_director", "pst_vice_mayor", "pst_mayor", "pst_province")
LADDER_MINUTES = (0, 5, 10, 15, 20, 30)


def caller(subject: str, organization: str, *roles: str, **more: Any) -> Caller:
    """Somebody of the organization who holds the roles in all of the province."""
    grants = of_token(roles, ("410000",), organization)
    return Caller(subject=subject, organization=organization, grants=grants, **more)


OPERATOR = caller("operator", OFFICE, "operator")


async def settle(org: Harness) -> None:
    """Put the city in the service."""
    for one in JURISDICTIONS:
        await org.run(commands.put_jurisdiction, one, caller=OPERATOR)
    for each in ORGANIZATIONS:
        await org.run(commands.put_organization, each, caller=OPERATOR)
    for each_post in POSTS:
        await org.run(commands.put_post, each_post, caller=OPERATOR)


def signal(**more: Any) -> guarantee.Signal:
    """A red rainstorm signal for the city."""
    defaults: dict[str, Any] = {
        "id": "sig_1",
        "mode": Mode.REAL,
        "identifier": "41010041600000_20210719215900",
        "sender": "observatory",
        "emergency_type": "11B03",
        "colour": WarningColour.RED,
        "status": "ACTIVE",
        "jurisdiction": "410100",
        "areas": ("410100",),
        "sent_at": START,
    }
    return guarantee.Signal(**defaults | more)


def issued(org: Harness, said: guarantee.Signal, **about: Any) -> Any:
    """The event that the signal was issued."""
    return org.event(
        guarantee.SignalIssued(signal=said),
        service="guarantee",
        aggregate="signal",
        event="issued",
        id=said.id,
        area=said.jurisdiction,
        mode=said.mode.value,
        **about,
    )


METRO_STOP = plans.Measure(
    code="stop_metro",
    text_zh="停运地铁",
    text_en="stop the metro",
    addressee_functions=("metro.operation",),
    automatic=True,
    duration_minutes=120,
    legal=plans.LegalAnswer(answer="ALLOWED", provisions=("law art. 49",)),
)
NO_CLASSES = plans.Measure(
    code="suspend_classes",
    text_zh="停课",
    text_en="suspend classes",
    addressee_functions=("education",),
    legal=plans.LegalAnswer(answer="ALLOWED", provisions=("law art. 73",)),
)
SEIZE = plans.Measure(
    code="requisition",
    text_zh="征用",
    text_en="requisition",
    legal=plans.LegalAnswer(
        answer="REFUSED",
        missing="no provision authorises requisition",
        who_may_grant=(OrganizationKind.COMMITTEE,),
    ),
)
STEPS = (
    plans.Step(id="open", title_en="open shelters", function="education", time_limit_minutes=60),
    plans.Step(id="nobody", title_en="fly", function="air.rescue", time_limit_minutes=30),
)


def activation(**more: Any) -> plans.Activation:
    """The flood plan at level II upon the signal, started by itself."""
    defaults: dict[str, Any] = {
        "id": "act_1",
        "plan_id": "flood-410100",
        "plan_version": "2021.1",
        "plan_title_zh": "防汛预案",
        "plan_title_en": "flood plan",
        "emergency_type": "11B03",
        "jurisdiction": "410100",
        "mode": Mode.REAL,
        "state": "IN_FORCE",
        "level": ResponseLevel.LEVEL_II,
        "cause": shared.Cause(kind="SIGNAL", id="sig_1"),
        "measures": (METRO_STOP, NO_CLASSES, SEIZE),
        "steps": STEPS,
        "started_at": START,
        "organization_id": FLOOD,
    }
    return plans.Activation(**defaults | more)


def proposal(**more: Any) -> plans.Activation:
    """Level I proposed upon the signal, to be signed within ten minutes."""
    defaults: dict[str, Any] = {
        "state": "PROPOSED",
        "level": None,
        "proposed_level": ResponseLevel.LEVEL_I,
        "proposed_at": START,
        "sign_before": START + timedelta(minutes=10),
        "started_at": None,
    }
    return activation(**defaults | more)


_BODIES: dict[str, Any] = {
    "proposed": plans.ActivationProposed,
    "started": plans.ActivationStarted,
    "maintained": plans.ActivationMaintained,
    "declined": plans.ActivationDeclined,
    "ended": plans.ActivationEnded,
}


def activated(org: Harness, event: str, said: plans.Activation, **about: Any) -> Any:
    """The event that this happened to the activation."""
    levels = {"raised": plans.ActivationRaised, "lowered": plans.ActivationLowered}
    body = (
        levels[event](activation=said, from_level=ResponseLevel.LEVEL_II)
        if event in levels
        else _BODIES[event](activation=said)
    )
    return org.event(
        body,
        service="plans",
        aggregate="activation",
        event=event,
        id=said.id,
        area=said.jurisdiction,
        mode=said.mode.value,
        **about,
    )
