"""Obligations: who owes what to whom by when, who has been reached, what answered it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import strawberry

from gateway import fields, reading
from gateway.context import Info
from gateway.schema.coordination import CoordinationRequest
from gateway.schema.guarantee import Signal
from gateway.schema.incident import Incident
from gateway.schema.node import Node
from gateway.schema.order import Order
from gateway.schema.override import Override
from gateway.schema.permission import Permission
from gateway.schema.places import ExerciseRef, Jurisdiction, Organization
from gateway.schema.plans import Activation
from gateway.schema.situation_report import SituationReport
from gateway.schema.task import Task
from gateway.upstream import Json
from vocabulary import Mode


@strawberry.enum(description="OVERDUE stays open: it can still be answered, late.")
class ObligationState(StrEnum):
    """How an obligation stands."""

    OWED = "OWED"
    ANSWERED = "ANSWERED"
    OVERDUE = "OVERDUE"
    WAIVED = "WAIVED"


@strawberry.enum(description="Until someone confirms, nobody has been reached.")
class Reached(StrEnum):
    """What a screen says about people."""

    NOBODY_TOLD = "NOBODY_TOLD"
    TOLD_NOT_CONFIRMED = "TOLD_NOT_CONFIRMED"
    CONFIRMED = "CONFIRMED"


@strawberry.type(description="One attempt to reach one post on duty over one channel.")
class Notice:
    """Which post was told, when, and whether it confirmed."""

    post: str
    organization: Organization | None = fields.joined("Notice.organization")
    channel: str
    rung: int = strawberry.field(
        description="0 the post on duty, 1 the deputy, then superior after superior."
    )
    sent_at: datetime
    delivered_at: datetime | None
    confirmed_at: datetime | None
    failure: str | None


ObligationSubject = Annotated[
    Signal
    | Activation
    | Order
    | Task
    | Incident
    | Override
    | SituationReport
    | CoordinationRequest,
    strawberry.union("ObligationSubject"),
]


# What the clock can be on → the type that is shown.
SUBJECTS = {
    "SIGNAL": "Signal",
    "ACTIVATION": "Activation",
    "ORDER": "Order",
    "TASK": "Task",
    "INCIDENT": "Incident",
    "OVERRIDE": "Override",
    "SITUATION_REPORT": "SituationReport",
    "COORDINATION_REQUEST": "CoordinationRequest",
}


async def _subject(root: fields.Source, info: Info) -> Json:
    on = root["subject"]
    type_name = SUBJECTS.get(on["kind"])
    if type_name is None:
        return None
    return {**await reading.one(type_name, on["id"], info), "__typename": type_name}


@strawberry.type(description="The clock on another object.")
class Obligation(Node):
    """Owed by one organization, with everyone told so far."""

    kind: str = strawberry.field(
        description="ANSWER_SIGNAL, SIGN_PROPOSAL, ISSUE_ORDER, ACKNOWLEDGE_ORDER, "
        "ACKNOWLEDGE_TASK, FORM_COMMAND, DECIDE_OVERRIDE, REPORT_OVERRIDE, "
        "PHONE_REPORT, REPORT_UPWARD, ACKNOWLEDGE_REPORT, "
        "ACKNOWLEDGE_REQUEST, ANSWER_REQUEST, COMPLETE_REQUEST, DIRECT_REQUEST, DISCLOSE, "
        "HOLD_PRESS_CONFERENCE, …: new kinds may be added."
    )
    version: int
    state: ObligationState
    title: str = fields.label("title")
    reached: Reached
    owed_by: Organization | None = fields.joined("Obligation.owedBy")
    owed_to: Organization | None = fields.joined("Obligation.owedTo")
    subject_kind: str = fields.inner("subject", "kind", description="What the clock is on.")
    subject: ObligationSubject | None = fields.computed(
        _subject, "subject", description="null when the clock is on a duty post."
    )
    jurisdiction: Jurisdiction | None = fields.joined("Obligation.jurisdiction")
    incident: Incident | None = fields.joined("Obligation.incident")
    activation: Activation | None = fields.joined("Obligation.activation")
    created_at: datetime
    due_at: datetime
    overdue_at: datetime | None
    answered_at: datetime | None
    answered_by: str | None
    waived_because: str | None
    in_time: bool | None = strawberry.field(
        description="null while it runs, and when nothing can be held against anybody."
    )
    system_was_up: bool | None = strawberry.field(
        description="false: this system was away in the period, and lateness counts against nobody."
    )
    rule: str = strawberry.field(description="Limit rule and version that set the due time.")
    mode: Mode
    exercise: ExerciseRef | None = fields.joined("Obligation.exercise")
    notices: list[Notice] = fields.listed(
        "notices", description="Empty means nobody has been told."
    )
    viewer_permissions: list[Permission] | None = fields.permissions("Obligation")
