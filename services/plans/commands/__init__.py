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
from services.plans.commands.cascade import weigh_plan
from services.plans.commands.evaluation import EVALUATE_PLAN
from services.plans.commands.incident import keep_incident, record_incident
from services.plans.commands.indicator import record_reading
from services.plans.commands.jurisdiction import keep_jurisdiction
from services.plans.commands.organization import keep_organization
from services.plans.commands.override import (
    EXPIRE_OVERRIDE,
    ask_override,
    decline_override,
    end_override,
    expire_override,
    grant_override,
)
from services.plans.commands.plan import import_plan, publish_plan
from services.plans.commands.provision import PROVISION_TURNS, keep_provision, turn_provision
from services.plans.commands.resource import keep_resource
from services.plans.commands.signal import record_signal
from services.plans.commands.warning import record_warning

__all__ = [
    "EVALUATE_PLAN",
    "EXPIRE_OVERRIDE",
    "PROVISION_TURNS",
    "ask_override",
    "decline_activation",
    "decline_override",
    "end_activation",
    "end_override",
    "expire_override",
    "grant_override",
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
    "turn_provision",
    "weigh_plan",
]
