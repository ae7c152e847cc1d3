"""Plan versions: what a plan says it is, what stands above and below it, and how good it is."""

from datetime import datetime
from enum import StrEnum

import strawberry

from gateway import fields
from gateway.scalars import Lang
from gateway.schema.node import Node
from gateway.schema.permission import Permission
from gateway.schema.places import Jurisdiction, Organization
from gateway.schema.plan_life import (
    Consultation,
    PlanCycle,
    PlanDrill,
    PlanFiling,
    PlanLevel,
    PlanReview,
    PlanStatus,
    PlanTransition,
    RevisionTrigger,
)
from gateway.schema.quality import Conformity, Quality, QualityPoint
from gateway.upstream import Json


@strawberry.enum(description="Where a plan stands in the hierarchy.")
class PlanKind(StrEnum):
    """Six kinds."""

    OVERALL = "OVERALL"
    SPECIAL = "SPECIAL"
    DEPARTMENTAL = "DEPARTMENTAL"
    LOCAL = "LOCAL"
    ENTERPRISE = "ENTERPRISE"
    MAJOR_EVENT = "MAJOR_EVENT"


def _risks(root: fields.Source, lang: Lang = Lang.ZH) -> Json:
    first, second = ("zh", "en") if lang is Lang.ZH else ("en", "zh")
    return [one.get(first) or one.get(second) for one in root.get("risks") or []]


@strawberry.type(description="One version of a plan, `<plan>@<version>`.")
class PlanVersion(Node):
    """A version with its life, its place in the hierarchy and its quality."""

    version: int
    plan_id: str
    plan_version: str
    title: str = fields.label("title")
    kind: PlanKind
    jurisdiction: Jurisdiction | None = fields.joined("PlanVersion.jurisdiction")
    organization: Organization | None = fields.joined("PlanVersion.organization")
    emergency_types: list[str] = fields.listed("emergencyTypes")
    effective_from: datetime
    effective_to: datetime | None
    source: str
    status: PlanStatus
    published_at: datetime | None
    retired_at: datetime | None
    superseded_by: "PlanVersion | None" = fields.joined("PlanVersion.supersededBy")
    legal_basis: list[str] = fields.listed("legalBasis", description="Ids of provisions.")
    risks: list[str] = fields.computed(_risks, "risks", description="What is at risk here.")
    levels: list[PlanLevel] = fields.listed("levels")
    history: list[PlanTransition] = fields.listed("history")
    filing: PlanFiling | None
    drills: list[PlanDrill] = fields.listed("drills")
    reviews: list[PlanReview] = fields.listed("reviews")
    triggers: list[RevisionTrigger] = fields.listed(
        "triggers", description="What asks for a revision."
    )
    consultations: list[Consultation] | None = fields.joined("PlanVersion.consultations")
    cycles: list[PlanCycle] | None = fields.joined(
        "PlanVersion.cycles", description="The drill and review cycles of the plan."
    )
    superiors: "list[PlanVersion] | None" = fields.joined(
        "PlanVersion.superiors",
        description="Ruling versions of the plans that it has to conform to.",
    )
    subordinates: "list[PlanVersion] | None" = fields.joined(
        "PlanVersion.subordinates", description="Ruling versions of the plans under its plan."
    )
    conformity: list[Conformity] | None = fields.joined("PlanVersion.conformity")
    quality: Quality | None = fields.joined("PlanVersion.quality")
    trend: list[QualityPoint] | None = fields.joined(
        "PlanVersion.trend", description="All versions of its plan by today's yardstick."
    )
    viewer_permissions: list[Permission] | None = fields.permissions("PlanVersion")


@strawberry.type(description="A plan in the tree of plans of a division.")
class PlanPlace:
    """The version that rules, with the ids of the plans next above and below it."""

    plan: PlanVersion
    depth: int = strawberry.field(description="0: nothing in the tree stands above it.")
    superiors: list[str] = fields.listed("superiors")
    subordinates: list[str] = fields.listed("subordinates")
