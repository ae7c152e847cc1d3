"""A city plan of which nothing bad can be said, and everything known around it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import vocabulary
from services.plans import domain
from services.plans.domain.condition import Group, When
from services.plans.domain.plan import Phase, Requirement, Start
from vocabulary import INDICATORS, OrganizationKind, ResponseLevel

AT = datetime(2026, 6, 1, tzinfo=UTC)
ISSUER, PROVINCE = "org_410100_flood_command", "flood-410000"
III, II = ResponseLevel.LEVEL_III, ResponseLevel.LEVEL_II
FUNCTIONS = ("flood.command", "drainage.pumping", "report.upward", "weather.watch")


def text(zh: str, en: str) -> domain.Text:
    return domain.Text(zh, en)


def step(id: str, *titles: str, **about: Any) -> domain.Step:
    zh, en = titles or ("加强值班值守", "strengthen the duty post")
    given: dict[str, Any] = {"function": "flood.command", "time_limit_minutes": 60, "uses": ()}
    return domain.Step(id=id, title_zh=zh, title_en=en, **{**given, **about})


def measure(code: str = "inform_public", **about: Any) -> domain.Measure:
    given: dict[str, Any] = {
        "text_zh": "向公众发布防汛提示",
        "text_en": "inform the public of the flood",
        "addressee_functions": ("flood.command",),
    }
    return domain.Measure(code=code, **{**given, **about})


def level(level: ResponseLevel, *conditions: str | When, **about: Any) -> domain.Level:
    parts = tuple(When(one) if isinstance(one, str) else one for one in conditions)
    given: dict[str, Any] = {
        "start": Start.AUTOMATIC,
        "hold_down_minutes": 60,
        "sign_within_minutes": 30,
    }
    return domain.Level(level=level, conditions=Group(1, parts), **{**given, **about})


STEPS = (
    step(
        "watch",
        "监测雨情水情",
        "watch rain and rivers",
        function="weather.watch",
        phase=Phase.MONITORING,
        time_limit_minutes=15,
        gives=("rain",),
    ),
    step(
        "report-up",
        "向省防汛指挥部报告",
        "report to the province",
        function="report.upward",
        phase=Phase.REPORTING,
        time_limit_minutes=30,
        after=("watch",),
        needs=("rain",),
        passes_up=("rain",),
    ),
    step("duty", "加强值班值守", "strengthen the duty post", phase=Phase.INITIAL_RESPONSE),
    step(
        "pumps-out",
        "调配排涝设备",
        "move pumps to the Jingguang tunnel",
        function="drainage.pumping",
        after=("duty",),
        uses=("pumps",),
    ),
)
PUMPS = Requirement("pumps", "pump.mobile", "ceil(population / 100000)", "unit")


def plan(**about: Any) -> domain.Plan:
    """The flood plan of the city."""
    given: dict[str, Any] = {
        "plan_id": domain.PlanId("flood-410100"),
        "plan_version": "1",
        "title_zh": "防汛预案",
        "title_en": "flood plan",
        "kind": domain.PlanKind.SPECIAL,
        "jurisdiction": "410100",
        "organization_id": ISSUER,
        "emergency_types": ("11B03",),
        "effective_from": AT - timedelta(days=100),
        "effective_to": None,
        "source": "modelled",
        "superiors": (domain.PlanId(PROVINCE),),
        "legal_basis": ("prv_1",),
        "risks": (text("京广隧道", "Jingguang tunnel"),),
        "information": (domain.Information("rain", text("雨情", "rain")),),
        "status": domain.PlanStatus.PUBLISHED,
        "published_at": AT - timedelta(days=100),
        "levels": (
            level(
                II, "rain_3h_mm >= 100", measures=(measure(),), steps=STEPS, requirements=(PUMPS,)
            ),
            level(
                III, "rain_3h_mm >= 50", measures=(measure(),), steps=STEPS, requirements=(PUMPS,)
            ),
        ),
    }
    whole = {**given, **about}
    id = domain.version_id(whole["plan_id"], whole["plan_version"])
    return domain.Plan(id=id, **whole)


def superior(**about: Any) -> domain.Plan:
    """The flood plan of the province, a little less sensitive than the city's."""
    given: dict[str, Any] = {
        "plan_id": domain.PlanId(PROVINCE),
        "jurisdiction": "410000",
        "organization_id": "org_410000_flood_command",
        "superiors": (),
        "levels": (
            level(II, "rain_3h_mm >= 120", steps=(step("duty-up", "启动值班", "staff the post"),)),
            level(III, "rain_3h_mm >= 60", steps=(step("duty-up", "启动值班", "staff the post"),)),
        ),
    }
    return plan(**{**given, **about})


def organization(id: str = ISSUER, **about: Any) -> domain.Organization:
    given: dict[str, Any] = {
        "name_zh": "市防指",
        "name_en": "flood command",
        "kind": OrganizationKind.SPECIAL_COMMAND,
        "jurisdiction": "410100",
        "as_of": AT,
        "functions": FUNCTIONS,
    }
    return domain.Organization(id=id, **{**given, **about})


def provision(id: str = "prv_1", **about: Any) -> domain.Provision:
    given: dict[str, Any] = {
        "instrument": "Flood Control Law",
        "article": "art. 45",
        "measures": ("inform_public",),
        "held_by": (OrganizationKind.SPECIAL_COMMAND,),
        "minimum_level": None,
        "territory": None,
        "maximum_duration_minutes": None,
        "valid_from": AT - timedelta(days=1000),
        "valid_to": None,
        "source": "modelled",
    }
    return domain.Provision(id=id, law=vocabulary.Provision(id=id, **{**given, **about}))


def resource(id: str = "res_1", **about: Any) -> domain.Resource:
    given: dict[str, Any] = {
        "capabilities": ("pump.mobile",),
        "quantity": 100.0,
        "unit": "unit",
        "jurisdiction": "410100",
        "is_ready": True,
        "qualification_expires_at": None,
        "as_of": AT,
    }
    return domain.Resource(id=id, **{**given, **about})


def division(code: str = "410100", people: int | None = 10_000_000) -> domain.Jurisdiction:
    return domain.Jurisdiction(code, code, code, "410000", people, 1000.0, None, AT)


def around(**about: Any) -> domain.Surroundings:
    """Everything known: a province's plan, the law, who holds what, pumps, and a drill in time."""
    given: dict[str, Any] = {
        "plans": (superior(),),
        "provisions": (provision(),),
        "organizations": (organization(),),
        "jurisdictions": (division(),),
        "resources": (resource(),),
        "reported": frozenset((name, "410100") for name in INDICATORS),
        "drills": {
            "flood-410100": domain.DrillStanding(AT - timedelta(days=30), AT + timedelta(days=1000))
        },
    }
    return domain.Surroundings(**{**given, **about})


def with_steps(*steps: domain.Step, **about: Any) -> domain.Plan:
    """The plan with these steps at both levels."""
    whole = plan(**about)
    return replace(whole, levels=tuple(replace(one, steps=steps) for one in whole.levels))


def with_measures(*measures: domain.Measure, **about: Any) -> domain.Plan:
    """The plan with these measures at both levels."""
    whole = plan(**about)
    return replace(whole, levels=tuple(replace(one, measures=measures) for one in whole.levels))


def with_conditions(two: str, three: str, **about: Any) -> domain.Plan:
    """The plan with these conditions."""
    whole = plan(**about)
    levels = zip((two, three), whole.levels, strict=True)
    made = (replace(one, conditions=Group(1, (When(said),))) for said, one in levels)
    return replace(whole, levels=tuple(made))
