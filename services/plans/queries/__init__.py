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
from services.plans.queries.evaluation import (
    EvaluationView,
    SupposedView,
    evaluation,
    evaluations,
    explain,
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

__all__ = [
    "ActivationView",
    "EvaluationView",
    "IncidentCopyView",
    "JurisdictionCopyView",
    "PlanFileView",
    "PlanVersionView",
    "ResponseLevelView",
    "SupposedView",
    "activation",
    "activation_view",
    "activations",
    "activations_by_cause",
    "activations_by_id",
    "evaluation",
    "evaluations",
    "explain",
    "incident_copies",
    "jurisdiction_copies",
    "plan_file",
    "plan_versions",
    "plan_versions_by_id",
    "plan_view",
    "response_levels",
]
