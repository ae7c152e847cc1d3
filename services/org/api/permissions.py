"""What a viewer may do in the organization system, before a command is sent."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.permissions import Offered, Targets, permissions_batch
from chassis.policy import Target
from services.org.commands import target


def _stored(kind: str) -> Targets:
    async def targets(db: AsyncConnection, ids: Sequence[str]) -> Mapping[str, Target]:
        return await target.all_of(db, kind, ids)

    return targets


async def _divisions(_: AsyncConnection, codes: Sequence[str]) -> Mapping[str, Target]:
    return target.jurisdictions(codes)


_ACTIONS = {
    "incident": (
        "record_facts",
        "confirm_figure",
        "change_status",
        "merge_incident",
        "unmerge_incident",
        "close_incident",
        "seal_incident",
        "unseal_incident",
        "form_command",
    ),
    "report": ("verify_report", "reject_report"),
    "reporter": ("reveal_reporter", "hold_reporter", "release_reporter", "erase_reporter"),
    "log_entry": ("strike_log_entry",),
    "obligation": ("confirm_obligation", "report_obligation", "waive_obligation"),
    "order": ("issue_order", "lift_order", "receipt_order"),
    "task": ("acknowledge_task", "complete_task", "decline_task"),
    "coordination_request": (
        "acknowledge_request",
        "accept_request",
        "decline_request",
        "complete_request",
        "withdraw_request",
        "direct_request",
    ),
    "situation_report": (
        "revise_situation_report",
        "phone_situation_report",
        "sign_situation_report",
        "send_situation_report",
        "receipt_situation_report",
    ),
    "organization": ("put_organization", "put_post"),
}
# what begins in a division is asked of the division
_BEGINS = ("declare_incident", "receive_report", "sign_log_entry", "give_grant", "put_jurisdiction")

router = permissions_batch(
    {kind: Offered(_stored(kind), actions) for kind, actions in _ACTIONS.items()}
    | {
        "signal": Offered(target.signals, ("answer_signal",)),
        "jurisdiction": Offered(_divisions, _BEGINS),
    }
)
