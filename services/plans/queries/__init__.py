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
from services.plans.queries.override import (
    OverrideFiguresView,
    OverrideView,
    override,
    override_figures_by_activation,
    override_figures_by_incident,
    override_view,
    overrides,
    overrides_by_activation,
    overrides_by_id,
)
from services.plans.queries.plan import (
    PlanFileView,
    PlanVersionView,
    plan_file,
    plan_versions,
    plan_versions_by_id,
    plan_view,
)
from services.plans.queries.provision import LegalView, may

__all__ = [
    "ActivationView",
    "EvaluationView",
    "IncidentCopyView",
    "JurisdictionCopyView",
    "LegalView",
    "OverrideFiguresView",
    "OverrideView",
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
    "may",
    "override",
    "override_figures_by_activation",
    "override_figures_by_incident",
    "override_view",
    "overrides",
    "overrides_by_activation",
    "overrides_by_id",
    "plan_file",
    "plan_versions",
    "plan_versions_by_id",
    "plan_view",
    "response_levels",
]
