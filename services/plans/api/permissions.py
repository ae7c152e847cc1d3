"""What the caller may do to activations and plan versions, and why not."""

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
            actions=("import_plan", "publish_plan", "start_activation"),
        ),
    }
)
