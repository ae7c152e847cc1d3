"""Tables of the plan system, and how its aggregates and copies are fetched and put."""

from services.plans.store.activation import (
    OPEN,
    activation,
    get_activation,
    in_force,
    open_activation,
    open_activations,
    put_activation,
    sealed_among,
)
from services.plans.store.evaluation import (
    add_evaluation,
    evaluation,
    last_evaluation,
    seal_with,
)
from services.plans.store.incident import (
    find_incident,
    incident,
    is_sealed,
    open_incidents,
    put_incident,
)
from services.plans.store.indicator import (
    find_reading,
    indicator,
    newest_readings,
    put_reading,
    reported,
)
from services.plans.store.jurisdiction import (
    all_jurisdictions,
    find_jurisdiction,
    jurisdiction,
    put_jurisdiction,
)
from services.plans.store.organization import (
    all_organizations,
    find_organization,
    organization,
    put_organization,
)
from services.plans.store.override import (
    get_override,
    open_overrides,
    override,
    put_override,
    sealed_overrides,
)
from services.plans.store.override_rule import override_rules
from services.plans.store.plan import (
    find_plan,
    get_plan,
    lock_all_plans,
    lock_plans,
    plan,
    published_plans,
    put_plan,
    settled_versions,
    settled_within,
    versions_of,
)
from services.plans.store.provision import all_provisions, find_provision, provision, put_provision
from services.plans.store.resource import (
    find_resource,
    put_resource,
    resource,
    resources_within,
    some_resources,
)
from services.plans.store.signal import find_signal, put_signal, signal, standing_signals
from services.plans.store.tables import metadata
from services.plans.store.warning import find_warning, put_warning, standing_warnings, warning

__all__ = [
    "OPEN",
    "activation",
    "add_evaluation",
    "all_jurisdictions",
    "all_organizations",
    "all_provisions",
    "evaluation",
    "find_incident",
    "find_jurisdiction",
    "find_organization",
    "find_plan",
    "find_provision",
    "find_reading",
    "find_resource",
    "find_signal",
    "find_warning",
    "get_activation",
    "get_override",
    "get_plan",
    "in_force",
    "incident",
    "indicator",
    "is_sealed",
    "jurisdiction",
    "last_evaluation",
    "lock_all_plans",
    "lock_plans",
    "metadata",
    "newest_readings",
    "open_activation",
    "open_activations",
    "open_incidents",
    "open_overrides",
    "organization",
    "override",
    "override_rules",
    "plan",
    "provision",
    "published_plans",
    "put_activation",
    "put_incident",
    "put_jurisdiction",
    "put_organization",
    "put_override",
    "put_plan",
    "put_provision",
    "put_reading",
    "put_resource",
    "put_signal",
    "put_warning",
    "reported",
    "resource",
    "resources_within",
    "seal_with",
    "sealed_among",
    "sealed_overrides",
    "settled_versions",
    "settled_within",
    "signal",
    "some_resources",
    "standing_signals",
    "standing_warnings",
    "versions_of",
    "warning",
]
