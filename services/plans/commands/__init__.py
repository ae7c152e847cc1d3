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
from services.plans.commands.exercise import (
    DELIVER_INJECT,
    cancel_exercise,
    complete_exercise,
    deliver_inject,
    plan_exercise,
    start_exercise,
)
from services.plans.commands.exercise_record import import_record
from services.plans.commands.hand_off import keep_hand_offs
from services.plans.commands.incident import keep_incident, record_incident
from services.plans.commands.indicator import record_reading
from services.plans.commands.jurisdiction import keep_jurisdiction
from services.plans.commands.learning import LEARN, learn_from, learn_soon
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
from services.plans.commands.measure_record import keep_measures
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
from services.plans.commands.revision_proposal import accept_revision, reject_revision
from services.plans.commands.signal import record_signal
from services.plans.commands.step_record import enter_result, keep_step
from services.plans.commands.upkeep import record_drill, record_review
from services.plans.commands.warning import record_warning

__all__ = [
    "DELIVER_INJECT",
    "EVALUATE_PLAN",
    "EXPIRE_OVERRIDE",
    "LEARN",
    "LOOK_AT_PLAN",
    "PROVISION_TURNS",
    "accept_revision",
    "answer_consultation",
    "approve_plan",
    "ask_override",
    "begin_revision",
    "cancel_exercise",
    "comment_on_plan",
    "complete_exercise",
    "decline_activation",
    "decline_override",
    "deliver_inject",
    "derive_plan",
    "end_activation",
    "end_override",
    "end_revision",
    "enter_result",
    "expire_override",
    "file_plan",
    "grant_override",
    "import_plan",
    "import_record",
    "keep_hand_offs",
    "keep_incident",
    "keep_jurisdiction",
    "keep_measures",
    "keep_organization",
    "keep_provision",
    "keep_resource",
    "keep_step",
    "learn_from",
    "learn_soon",
    "look_at_plan",
    "lower_activation",
    "officer_of",
    "plan_exercise",
    "publish_plan",
    "raise_activation",
    "record_drill",
    "record_incident",
    "record_reading",
    "record_review",
    "record_signal",
    "record_warning",
    "reject_revision",
    "resolve_comment",
    "retire_plan",
    "return_plan",
    "shown",
    "sign_activation",
    "start_activation",
    "start_exercise",
    "submit_plan",
    "trigger_revision",
    "turn_provision",
    "weigh_plan",
]
