"""The quality of plans: findings first, the score that they add up to, each plan beside those above it."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway import fields
from gateway.schema.places import Jurisdiction

if TYPE_CHECKING:
    from gateway.schema.plan_version import PlanVersion

PlanVersionRef = Annotated["PlanVersion", strawberry.lazy("gateway.schema.plan_version")]


@strawberry.enum(description="What a plan is judged by.")
class Criterion(StrEnum):
    """Eight criteria."""

    PROCESS = "PROCESS"
    STEPS = "STEPS"
    RESOURCES = "RESOURCES"
    INFORMATION = "INFORMATION"
    CONDITIONS = "CONDITIONS"
    LAWFUL = "LAWFUL"
    DRILLED = "DRILLED"
    CONFORMING = "CONFORMING"


@strawberry.enum(description="A NOTE is worth a look and costs nothing.")
class Severity(StrEnum):
    """How grave a finding is."""

    ERROR = "ERROR"
    WARNING = "WARNING"
    NOTE = "NOTE"


@strawberry.enum(
    description="UNDETERMINED: nothing against it was found, and something could not be decided."
)
class Verdict(StrEnum):
    """Whether a plan conforms to one above it."""

    CONFORMS = "CONFORMS"
    DEVIATES = "DEVIATES"
    UNDETERMINED = "UNDETERMINED"


@strawberry.type(description="One thing that shows a finding.")
class Evidence:
    """A name and a value as people write it."""

    name: str
    value: str


@strawberry.type(description="One fact of an example; `held_minutes` is how long the facts stood.")
class ExampleFact:
    """An indicator and its value."""

    metric: str
    value: float


@strawberry.type(description="What was found in a plan, where, shown by what, and what to do.")
class QualityFinding:
    """One finding; what could not be decided says so and weighs nothing."""

    criterion: Criterion
    slug: str
    severity: Severity
    is_undetermined: bool
    place: list[str] = fields.listed("place", description="The way to it: level, part, id, member.")
    message: str = fields.label("message")
    remedy: str = fields.label("remedy")
    evidence: list[Evidence] = fields.listed("evidence")
    example: list[ExampleFact] = fields.listed("example")


@strawberry.type(
    description="`score` = 1 - sum of the findings' weights (ERROR 1, WARNING 0.5, NOTE 0) / `checks`."
)
class CriterionResult:
    """How a plan stands by one criterion; null: nothing could be decided."""

    criterion: Criterion
    score: float | None
    checks: int = strawberry.field(description="What was looked at and could be decided.")
    undetermined: int


@strawberry.type(description="The quality report of one plan version, by what is known at `at`.")
class Quality:
    """Findings first; the score is 100 x the mean of the criteria that have one."""

    id: strawberry.ID
    at: datetime
    findings: list[QualityFinding] = fields.listed("findings")
    score: float | None
    criteria: list[CriterionResult] = fields.listed("criteria")
    rules: str = strawberry.field(description="Version of the weights and limits.")
    hierarchy: str = strawberry.field(description="Version of the hierarchy of plans.")


@strawberry.type(description="How much of a plan's text stands in the one above it.")
class Likeness:
    """`share` 0-1 by characters; texts, and own risks with those the text comes back to."""

    share: float
    alike: int
    texts: int
    risks: int
    mentioned: int


@strawberry.type(description="A plan beside one that it has to conform to.")
class Conformity:
    """Sensitivity, functions, law and copied text against the superior's version that rules."""

    superior_id: str = strawberry.field(description="Id of the plan above.")
    superior: PlanVersionRef | None = fields.joined(
        "Conformity.superior", description="null: no version of it rules here."
    )
    declared: bool = strawberry.field(description="The plan names it.")
    due: bool = strawberry.field(description="The hierarchy has it above the plan.")
    verdict: Verdict
    checks: int
    findings: list[QualityFinding] = fields.listed("findings")
    likeness: Likeness | None


@strawberry.type(description="The score of one version, in a trend or in a list of plans.")
class QualityPoint:
    """A score with how many findings stand behind it."""

    id: strawberry.ID
    plan_id: str
    plan_version: str
    title: str = fields.label("title")
    jurisdiction: Jurisdiction | None = fields.joined("QualityPoint.jurisdiction")
    effective_from: datetime
    at: datetime
    score: float | None
    errors: int
    warnings: int
    undetermined: int
    criteria: list[CriterionResult] = fields.listed("criteria")
