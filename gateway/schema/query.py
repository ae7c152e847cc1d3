"""The roots of reading: one object, one page, one question."""

from datetime import datetime

import strawberry

from gateway import reading
from gateway.context import Info
from gateway.errors import GatewayError
from gateway.fields import emergency_entry, root
from gateway.joins import EXPLAIN, PREFIXES
from gateway.schema import lists
from gateway.schema.analytics import Detection, Link, LoggedEvent
from gateway.schema.coordination import CoordinationRequest, PairFigures
from gateway.schema.disclosure import Bulletin, Rumour
from gateway.schema.exercise import Exercise, StepRecord
from gateway.schema.guarantee import Dispatch, EarlyWarning, Resource, Signal
from gateway.schema.incident import Incident, LogEntry
from gateway.schema.inputs.plans import SupposedFactInput
from gateway.schema.node import Connection, Node
from gateway.schema.obligation import Obligation
from gateway.schema.order import Order
from gateway.schema.override import Override
from gateway.schema.places import EmergencyType, Jurisdiction, Organization
from gateway.schema.plan_life import Consultation, PlanCycle
from gateway.schema.plan_version import PlanPlace, PlanVersion
from gateway.schema.plans import Activation, Supposed
from gateway.schema.quality import QualityPoint
from gateway.schema.revision import RevisionProposal
from gateway.schema.situation_report import SituationReport
from gateway.schema.task import Task
from gateway.schema.viewer import Viewer
from gateway.upstream import Json
from vocabulary import EMERGENCY_TYPES


async def _viewer(info: Info) -> Json:
    caller = info.context.caller
    return {
        "subject": caller.subject,
        "person": caller.person,
        "organizationId": caller.organization,
        "roles": sorted(caller.roles),
        "posts": list(caller.posts),
        "areas": list(caller.areas),
    }


async def _jurisdiction(info: Info, code: str) -> Json:
    return await reading.one("Jurisdiction", code, info)


async def _organization(info: Info, id: strawberry.ID) -> Json:
    return await reading.one("Organization", id, info)


async def _incident(info: Info, id: strawberry.ID | None = None, number: str | None = None) -> Json:
    if id is not None and number is None:
        return await reading.one("Incident", id, info)
    if number is not None and id is None:
        return await reading.one("IncidentByNumber", number, info)
    raise GatewayError("Give either `id` or `number`.", code="INVALID_INPUT")


async def _signal(info: Info, id: strawberry.ID) -> Json:
    return await reading.one("Signal", id, info)


async def _warning(info: Info, id: strawberry.ID) -> Json:
    return await reading.one("Warning", id, info)


async def _activation(info: Info, id: strawberry.ID) -> Json:
    return await reading.one("Activation", id, info)


async def _plan_version(info: Info, id: strawberry.ID) -> Json:
    return await reading.one("PlanVersion", id, info)


async def _override(info: Info, id: strawberry.ID) -> Json:
    return await reading.one("Override", id, info)


async def _exercise(info: Info, id: strawberry.ID) -> Json:
    return await reading.one("Exercise", id, info)


async def _revision_proposal(info: Info, id: strawberry.ID) -> Json:
    return await reading.one("RevisionProposal", id, info)


async def _order(info: Info, id: strawberry.ID) -> Json:
    return await reading.one("Order", id, info)


async def _bulletin(info: Info, id: strawberry.ID) -> Json:
    return await reading.one("Bulletin", id, info)


async def _rumour(info: Info, id: strawberry.ID) -> Json:
    return await reading.one("Rumour", id, info)


async def _coordination_request(info: Info, id: strawberry.ID) -> Json:
    return await reading.one("CoordinationRequest", id, info)


async def _situation_report(info: Info, id: strawberry.ID) -> Json:
    return await reading.one("SituationReport", id, info)


async def _task(info: Info, id: strawberry.ID) -> Json:
    return await reading.one("Task", id, info)


async def _obligation(info: Info, id: strawberry.ID) -> Json:
    return await reading.one("Obligation", id, info)


async def _node(info: Info, id: strawberry.ID) -> Json:
    prefix = id.partition("_")[0]
    type_name = _kind_of(id) or PREFIXES.get(prefix)
    if type_name is None:
        raise GatewayError(f"{id!r} is no id of this schema.", code="INVALID_INPUT")
    return {**await reading.one(type_name, id, info), "__typename": type_name}


def _kind_of(id: str) -> str | None:
    """What an id without a prefix is the id of: a division's is its code, a plan's names its version."""
    if id.isdecimal():
        return "Jurisdiction"
    return "PlanVersion" if "@" in id else None


async def _explain(
    info: Info,
    jurisdiction: str,
    emergency_type: str,
    facts: list[SupposedFactInput],
    at: datetime | None = None,
) -> Json:
    asked = {
        "jurisdiction": jurisdiction,
        "emergencyType": emergency_type,
        "facts": facts,
        "at": at,
    }
    return await reading.question(EXPLAIN, info, asked)


def _emergency_types() -> Json:
    return [emergency_entry(code) for code in EMERGENCY_TYPES]


@strawberry.type
class Query:
    """What can be asked."""

    viewer: Viewer = root(_viewer)
    desk: Connection[Obligation] | None = root(
        lists.desk,
        description="What is owed by the viewer's organization or was told to one of the viewer's "
        "posts, soonest first: the page that a duty officer keeps open.",
    )
    jurisdiction: Jurisdiction | None = root(_jurisdiction)
    organization: Organization | None = root(_organization)
    incident: Incident | None = root(_incident)
    signal: Signal | None = root(_signal)
    warning: EarlyWarning | None = root(_warning)
    activation: Activation | None = root(_activation)
    plan_version: PlanVersion | None = root(_plan_version)
    plan_hierarchy: list[PlanPlace] | None = root(
        lists.plan_hierarchy,
        description="The plans in force in a division and within it, with those above them.",
    )
    worst_plans: list[QualityPoint] | None = root(
        lists.worst_plans,
        description="The plans in force in a division and within it, the lowest score first.",
    )
    override: Override | None = root(_override)
    exercise: Exercise | None = root(_exercise)
    revision_proposal: RevisionProposal | None = root(_revision_proposal)
    order: Order | None = root(_order)
    bulletin: Bulletin | None = root(_bulletin)
    rumour: Rumour | None = root(_rumour)
    coordination_request: CoordinationRequest | None = root(_coordination_request)
    situation_report: SituationReport | None = root(_situation_report)
    task: Task | None = root(_task)
    obligation: Obligation | None = root(_obligation)
    incidents: Connection[Incident] | None = root(lists.incidents)
    obligations: Connection[Obligation] | None = root(lists.obligations)
    orders: Connection[Order] | None = root(lists.orders)
    bulletins: Connection[Bulletin] | None = root(lists.bulletins)
    rumours: Connection[Rumour] | None = root(lists.rumours)
    coordination_requests: Connection[CoordinationRequest] | None = root(
        lists.coordination_requests
    )
    coordination_figures: list[PairFigures] | None = root(
        lists.coordination_figures,
        description="Who answers whom how fast, in a division and within it, the slowest pair first.",
    )
    situation_reports: Connection[SituationReport] | None = root(lists.situation_reports)
    tasks: Connection[Task] | None = root(lists.tasks)
    log: Connection[LogEntry] | None = root(lists.log)
    activations: Connection[Activation] | None = root(lists.activations)
    overrides: Connection[Override] | None = root(lists.overrides)
    plans: Connection[PlanVersion] | None = root(
        lists.plans, description="The municipal plan database: every version of every plan."
    )
    due_plans: Connection[PlanCycle] | None = root(
        lists.due_plans,
        description="Drills and reviews due and overdue, of a division and all below it, the most "
        "overdue first; with `state` those UPCOMING, DUE or OVERDUE.",
    )
    consultations: Connection[Consultation] | None = root(
        lists.consultations,
        description="What organizations were asked about plans in review, the newest first.",
    )
    exercises: Connection[Exercise] | None = root(lists.exercises)
    step_records: Connection[StepRecord] | None = root(lists.step_records)
    revision_proposals: Connection[RevisionProposal] | None = root(lists.revision_proposals)
    signals: Connection[Signal] | None = root(lists.signals)
    warnings: Connection[EarlyWarning] | None = root(lists.warnings)
    dispatches: Connection[Dispatch] | None = root(lists.dispatches)
    resources: Connection[Resource] | None = root(lists.resources)
    detections: Connection[Detection] | None = root(lists.detections)
    events: Connection[LoggedEvent] | None = root(
        lists.events,
        description="What all services said, in the order in which it was heard; for operators.",
    )
    links: list[Link] | None = root(
        lists.links,
        description="Which service acted on which event of which other, and how fast; for operators.",
    )
    explain: list[Supposed] | None = root(
        _explain, description="What would each plan in force say to these facts? Changes nothing."
    )
    emergency_types: list[EmergencyType] = root(_emergency_types)
    node: Node | None = root(_node)
