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
from services.plans.commands.consultation import (
    answer_consultation,
    comment_on_plan,
    resolve_comment,
)
from services.plans.commands.cycle import LOOK_AT_PLAN, look_at_plan
from services.plans.commands.evaluation import EVALUATE_PLAN
from services.plans.commands.incident import keep_incident, record_incident
from services.plans.commands.indicator import record_reading
from services.plans.commands.jurisdiction import keep_jurisdiction
from services.plans.commands.life_cycle import (
    approve_plan,
    begin_revision,
    end_revision,
    file_plan,
    publish_plan,
    retire_plan,
    return_plan,
    submit_plan,
)
from services.plans.commands.officer import officer_of
from services.plans.commands.organization import keep_organization
from services.plans.commands.override import (
    EXPIRE_OVERRIDE,
    ask_override,
    decline_override,
    end_override,
    expire_override,
    grant_override,
)
from services.plans.commands.plan import derive_plan, import_plan
from services.plans.commands.provision import PROVISION_TURNS, keep_provision, turn_provision
from services.plans.commands.resource import keep_resource
from services.plans.commands.revision import trigger_revision
from services.plans.commands.signal import record_signal
from services.plans.commands.upkeep import record_drill, record_review
from services.plans.commands.warning import record_warning

__all__ = [
    "EVALUATE_PLAN",
    "EXPIRE_OVERRIDE",
    "LOOK_AT_PLAN",
    "PROVISION_TURNS",
    "answer_consultation",
    "approve_plan",
    "ask_override",
    "begin_revision",
    "comment_on_plan",
    "decline_activation",
    "decline_override",
    "derive_plan",
    "end_activation",
    "end_override",
    "end_revision",
    "expire_override",
    "file_plan",
    "grant_override",
    "import_plan",
    "keep_incident",
    "keep_jurisdiction",
    "keep_organization",
    "keep_provision",
    "keep_resource",
    "look_at_plan",
    "lower_activation",
    "officer_of",
    "publish_plan",
    "raise_activation",
    "record_drill",
    "record_incident",
    "record_reading",
    "record_review",
    "record_signal",
    "record_warning",
    "resolve_comment",
    "retire_plan",
    "return_plan",
    "shown",
    "sign_activation",
    "start_activation",
    "submit_plan",
    "trigger_revision",
    "turn_provision",
    "weigh_plan",
]
