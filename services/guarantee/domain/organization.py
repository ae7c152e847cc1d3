"""A copied organization, and which one speaks for a jurisdiction."""

from collections.abc import Iterable
from dataclasses import dataclass

from vocabulary import OrganizationKind, matches


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """What guarantee keeps of an organization."""

    id: str
    name_zh: str
    name_en: str
    kind: OrganizationKind
    jurisdiction: str
    emergency_types: tuple[str, ...] = ()
    version: int = 0


def announcer(
    organizations: Iterable[Organization], *, jurisdiction: str, emergency_type: str
) -> str | None:
    """Return who announces: the special command for that emergency, else the committee's office.

    None when no organization of the jurisdiction is known: an early warning can still be drafted.
    """
    ours = sorted(
        (one for one in organizations if one.jurisdiction == jurisdiction), key=lambda one: one.id
    )
    special = (one.id for one in ours if _commands(one, emergency_type))
    offices = (one.id for one in ours if one.kind is OrganizationKind.COMMITTEE_OFFICE)
    return next(special, None) or next(offices, None)


def _commands(organization: Organization, emergency_type: str) -> bool:
    return organization.kind is OrganizationKind.SPECIAL_COMMAND and any(
        matches(emergency_type, prefix) for prefix in organization.emergency_types
    )
