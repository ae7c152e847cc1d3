"""What is said of incident commands."""

from chassis.messages import Message, Published
from contracts.org import v1 as contract
from services.org import domain
from services.org.events import wire

PUBLISHED = (
    Published(
        aggregate="command",
        event="formed",
        body=contract.CommandFormed,
        meaning="The incident has its one command.",
    ),
)


def formed(said: domain.CommandFormed) -> Message:
    """The command as formed."""
    one = said.command
    body = contract.IncidentCommand(
        id=one.id,
        incident_id=one.incident_id,
        organization_id=one.organization_id,
        commander_post=one.commander_post,
        held_by=one.held_by,
        span_of_control=one.span_of_control,
        formed_at=one.formed_at,
    )
    return wire.message(
        contract.CommandFormed(command=body),
        aggregate="command",
        event="formed",
        id=one.id,
        area=one.jurisdiction,
        mode=one.mode,
    )


MESSAGES = {domain.CommandFormed: formed}
