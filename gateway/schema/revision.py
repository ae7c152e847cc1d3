"""Revision proposals: what happened speaks against a place of a plan, and what a planner made of it."""

from datetime import datetime
from enum import StrEnum

import strawberry

from gateway import fields
from gateway.schema.exercise import PlanVersionRef
from gateway.schema.node import Node
from gateway.schema.permission import Permission
from gateway.schema.places import Jurisdiction
from vocabulary import ResponseLevel


@strawberry.enum
class PlaceKind(StrEnum):
    """What a proposal is against."""

    STEP = "STEP"
    MEASURE = "MEASURE"
    CONDITION = "CONDITION"


@strawberry.enum
class ProposalState(StrEnum):
    """How a proposal stands."""

    OPEN = "OPEN"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"


@strawberry.enum
class CorrectionKind(StrEnum):
    """How a person set right what conditions gave, or had not given yet."""

    DECLINED = "DECLINED"
    SIGNED_LOWER = "SIGNED_LOWER"
    OVERRIDDEN = "OVERRIDDEN"
    RAISED_BY_HAND = "RAISED_BY_HAND"


@strawberry.type(description="How often, and which share as planned, with the Wilson interval.")
class Rate:
    """All but `n` and `asPlanned` are null without a case."""

    n: int
    as_planned: int
    share: float | None
    low: float | None
    high: float | None


@strawberry.type(description="A decision of a person against the conditions of a level.")
class Correction:
    """What was decided, when, on which activation."""

    kind: CorrectionKind
    level: ResponseLevel
    at: datetime
    activation_id: strawberry.ID | None
    reason: str | None


@strawberry.type(description="How a place of a plan went, and in which cases.")
class CaseEvidence:
    """Minutes are of what was done; `real` counts the cases that were no exercise."""

    rate: Rate
    median_minutes: float | None
    p90_minutes: float | None
    late: int
    not_done: int
    excused: int
    real: int
    activations: list[strawberry.ID] = fields.listed("activations")
    exercises: list[strawberry.ID] = fields.listed("exercises")
    corrections: list[Correction] = fields.listed("corrections")


@strawberry.type(description="What an accepted proposal changed.")
class Revision:
    """The change in the text, and the same place's figures before it and since."""

    diff: str
    before: CaseEvidence
    after: CaseEvidence


@strawberry.type(description="What happened speaks against one place of a plan.")
class RevisionProposal(Node):
    """A step, a measure or the conditions of a level, with the evidence and the decision."""

    version: int
    plan_id: str
    plan_version: str
    jurisdiction: Jurisdiction | None = fields.joined("RevisionProposal.jurisdiction")
    kind: PlaceKind
    place: str
    state: ProposalState
    evidence: CaseEvidence
    rule: str
    opened_at: datetime
    evidence_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None
    draft: PlanVersionRef | None = fields.joined(
        "RevisionProposal.draft", description="The draft that it became, when it was accepted."
    )
    revision: Revision | None = fields.joined("RevisionProposal.revision")
    viewer_permissions: list[Permission] | None = fields.permissions("RevisionProposal")
