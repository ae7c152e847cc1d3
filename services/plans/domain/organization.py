"""Our copy of an organization: its kind decides what it may order, its functions what it is given."""

from dataclasses import dataclass
from datetime import datetime

from chassis.errors import Conflict
from vocabulary import OrganizationKind


class SupervisorCommands(Conflict):
    """An organization that supervises would command."""

    slug = "supervisor-commands"


@dataclass(frozen=True, slots=True)
class Organization:
    """An organization as org last said it; `as_of` is when. `functions` None: heard before they were kept."""

    id: str
    name_zh: str
    name_en: str
    kind: OrganizationKind
    jurisdiction: str
    as_of: datetime
    functions: tuple[str, ...] | None = None
    parent: str | None = None
    version: int = 0


def expect_commander(organization: Organization | None) -> None:
    """Pass unless it is known to supervise: then no plan lets it command. Raises SupervisorCommands."""
    if organization and organization.kind is OrganizationKind.SUPERVISION_ORGANIZATION:
        raise SupervisorCommands(
            f"{organization.name_en} supervises, so it does not command.",
            field=("organization",),
            remedy="Name the organization that commands: a special command, or the office.",
            organizationId=organization.id,
        )
