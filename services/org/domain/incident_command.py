"""The one command of an incident: who commands, held by which jurisdiction, over how many (ORG-5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from chassis.errors import Conflict
from services.org.domain.incident import Incident
from services.org.domain.organization import SPAN_OF_CONTROL, Organization, expect_commander
from services.org.domain.post import Post
from vocabulary import Mode


class CommanderMissing(Conflict):
    """No post can lead the command."""

    slug = "commander-missing"


@dataclass(frozen=True, slots=True)
class Section:
    """A subordinate of the command, with the functions that it brings."""

    organization_id: str
    functions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentCommand:
    """Formed for one incident; `held_by` is a superior's code when a superior commands."""

    id: str
    version: int = 0
    incident_id: str
    organization_id: str
    commander_post: str
    held_by: str
    jurisdiction: str
    mode: Mode
    sections: tuple[Section, ...]
    span_of_control: int
    formed_at: datetime


@dataclass(frozen=True, slots=True)
class CommandFormed:
    """The incident has its command."""

    command: IncidentCommand


def form_command(
    id: str,
    incident: Incident,
    *,
    organization: Organization,
    commander: Post,
    organizations: Iterable[Organization],
    now: datetime,
) -> tuple[IncidentCommand, CommandFormed]:
    """Form the command of the incident from the commanding organization and those under it.

    Raises SupervisorCommands.
    """
    expect_commander(organization)
    under = sorted(
        (one for one in organizations if one.parent == organization.id), key=lambda one: one.id
    )
    command = IncidentCommand(
        id=id,
        incident_id=incident.id,
        organization_id=organization.id,
        commander_post=commander.id,
        held_by=organization.jurisdiction,
        jurisdiction=incident.jurisdiction,
        mode=incident.mode,
        sections=tuple(Section(one.id, one.functions) for one in under),
        span_of_control=len(under),
        formed_at=now,
    )
    return command, CommandFormed(command)


def is_span_kept(command: IncidentCommand) -> bool:
    """Whether one person can lead as many: 3 to 7."""
    return command.span_of_control in SPAN_OF_CONTROL
