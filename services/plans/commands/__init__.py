"""What can be done to the plan system: one function a command."""

from services.plans.commands.activation import (
    decline_activation,
    end_activation,
    lower_activation,
    raise_activation,
    shown,
    sign_activation,
    start_activation,
)
from services.plans.commands.evaluation import EVALUATE_PLAN, weigh_plan
from services.plans.commands.incident import keep_incident, record_incident
from services.plans.commands.indicator import record_reading
from services.plans.commands.jurisdiction import keep_jurisdiction
from services.plans.commands.organization import keep_organization
from services.plans.commands.plan import import_plan, publish_plan
from services.plans.commands.provision import keep_provision
from services.plans.commands.resource import keep_resource
from services.plans.commands.signal import record_signal
from services.plans.commands.warning import record_warning

__all__ = [
    "EVALUATE_PLAN",
    "decline_activation",
    "end_activation",
    "import_plan",
    "keep_incident",
    "keep_jurisdiction",
    "keep_organization",
    "keep_provision",
    "keep_resource",
    "lower_activation",
    "publish_plan",
    "raise_activation",
    "record_incident",
    "record_reading",
    "record_signal",
    "record_warning",
    "shown",
    "sign_activation",
    "start_activation",
    "weigh_plan",
]
