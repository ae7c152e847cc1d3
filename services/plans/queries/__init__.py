"""What readers of the plan system get: views of one shape for HTTP, the gateway and people."""

from services.plans.queries.activation import (
    ActivationView,
    ResponseLevelView,
    activation,
    activation_view,
    activations,
    activations_by_cause,
    activations_by_id,
    response_levels,
)
from services.plans.queries.conformity import ConformityView
from services.plans.queries.evaluation import (
    EvaluationView,
    SupposedView,
    evaluation,
    evaluations,
    explain,
)
from services.plans.queries.hierarchy import (
    HierarchyRuleView,
    PlanPlaceView,
    hierarchy_rule,
    plan_subordinates,
    plan_superiors,
    plan_tree,
)
from services.plans.queries.incident import IncidentCopyView, incident_copies
from services.plans.queries.jurisdiction import JurisdictionCopyView, jurisdiction_copies
from services.plans.queries.plan import (
    PlanFileView,
    PlanVersionView,
    plan_file,
    plan_versions,
    plan_versions_by_id,
    plan_view,
)
from services.plans.queries.quality import (
    QualityPointView,
    QualityView,
    conformity,
    conformity_by_id,
    quality,
    quality_by_id,
    quality_trend,
    trends_by_plan,
    worst_plans,
)

__all__ = [
    "ActivationView",
    "ConformityView",
    "EvaluationView",
    "HierarchyRuleView",
    "IncidentCopyView",
    "JurisdictionCopyView",
    "PlanFileView",
    "PlanPlaceView",
    "PlanVersionView",
    "QualityPointView",
    "QualityView",
    "ResponseLevelView",
    "SupposedView",
    "activation",
    "activation_view",
    "activations",
    "activations_by_cause",
    "activations_by_id",
    "conformity",
    "conformity_by_id",
    "evaluation",
    "evaluations",
    "explain",
    "hierarchy_rule",
    "incident_copies",
    "jurisdiction_copies",
    "plan_file",
    "plan_subordinates",
    "plan_superiors",
    "plan_tree",
    "plan_versions",
    "plan_versions_by_id",
    "plan_view",
    "quality",
    "quality_by_id",
    "quality_trend",
    "response_levels",
    "trends_by_plan",
    "worst_plans",
]
