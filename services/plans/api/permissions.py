"""What the caller may do to activations, plan versions and consultations, and why not."""

from chassis.permissions import Offered, permissions_batch
from services.plans.commands import target

router = permissions_batch(
    {
        "activation": Offered(
            targets=target.of_activations,
            actions=(
                *("sign_activation", "decline_activation"),
                *("raise_activation", "lower_activation", "end_activation"),
                "ask_override",
            ),
        ),
        "override": Offered(
            targets=target.of_overrides,
            actions=("grant_override", "decline_override", "end_override"),
        ),
        "revision_proposal": Offered(
            targets=target.of_proposals, actions=("accept_revision", "reject_revision")
        ),
        "exercise": Offered(
            targets=target.of_exercises,
            actions=("start_exercise", "complete_exercise", "cancel_exercise", "enter_result"),
        ),
        "plan": Offered(
            targets=target.of_plans,
            actions=(
                *("import_plan", "submit_plan", "return_plan", "approve_plan", "publish_plan"),
                *("file_plan", "trigger_revision", "begin_revision", "end_revision"),
                *("retire_plan", "record_drill", "record_review", "start_activation"),
            ),
        ),
        "consultation": Offered(
            targets=target.of_consultations,
            actions=("comment_plan", "answer_consultation", "resolve_comment"),
        ),
    }
)
