"""What is said of delegations: their whole state, newest wins."""

from chassis.messages import Message, Published
from contracts.org import v1 as contract
from services.org import domain
from services.org.events import wire

PUBLISHED = (
    Published(
        aggregate="grant",
        event="state",
        body=contract.GrantState,
        meaning="A delegation is as told here: who may act as what, where and how long; or revoked.",
        state=True,
    ),
)


def grant_stated(said: domain.GrantStated) -> Message:
    """The delegation's whole state; why it was given or taken back stays here."""
    one = said.grant
    body = contract.Grant(
        id=one.id,
        subject=one.subject,
        role=one.role,
        organization=one.organization,
        area=one.area,
        valid_from=one.valid_from,
        valid_to=one.valid_to,
        granted_by=one.granted_by,
        chain=one.chain,
        revoked_at=one.revoked_at,
    )
    return wire.message(
        contract.GrantState(grant=body),
        aggregate="grant",
        event="state",
        id=one.id,
        area=one.area,
        state=True,
    )


MESSAGES = {domain.GrantStated: grant_stated}
