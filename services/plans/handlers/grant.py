"""What org says of delegations and of disabled accounts, kept here to decide by."""

from chassis import policy
from chassis.messages import Incoming, Subscription
from chassis.unit_of_work import UnitOfWork
from contracts.org import v1 as org


async def on_grant_state(uow: UnitOfWork, event: Incoming[org.GrantState]) -> None:
    """The copy of the delegation is as org last said it."""
    said = event.body.grant
    await policy.put_grant(
        uow.db,
        policy.Grant(
            role=said.role,
            area=said.area,
            organization=said.organization,
            id=said.id,
            granted_by=said.granted_by,
            valid_from=said.valid_from,
            valid_to=said.valid_to,
        ),
        subject=said.subject,
        version=event.version,
        revoked_at=said.revoked_at,
    )


async def on_account_state(uow: UnitOfWork, event: Incoming[org.AccountState]) -> None:
    """The account stands, or is refused here, as org last said."""
    said = event.body.account
    await policy.put_account(
        uow.db, said.subject, version=event.version, disabled_at=said.disabled_since
    )


SUBSCRIPTIONS = (
    Subscription(
        service="org",
        aggregate="grant",
        on={"state.v1": (org.GrantState, on_grant_state)},
        state=True,
    ),
    Subscription(
        service="org",
        aggregate="account",
        on={"state.v1": (org.AccountState, on_account_state)},
        state=True,
    ),
)
