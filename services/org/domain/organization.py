"""Units that can owe and answer, and which of them is accountable for what, where."""

import dataclasses
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from chassis.errors import Conflict
from services.org.domain.jurisdiction import lineage
from vocabulary import OrganizationKind, matches

# Who commands where no special command covers the emergency type (seed paper §4: the office is
# the central nerve of the committee).
_GENERAL_COMMAND = (OrganizationKind.COMMITTEE_OFFICE, OrganizationKind.COMMITTEE)
SPAN_OF_CONTROL = range(3, 8)  # 3-7 subordinates, ICS; ORG-5


class SupervisorCommands(Conflict):
    """An organization that supervises would command."""

    slug = "supervisor-commands"


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """A unit with its place in the tree, the functions it holds and the emergencies it covers."""

    id: str
    version: int = 0
    name_zh: str
    name_en: str
    kind: OrganizationKind
    jurisdiction: str
    parent: str | None = None
    functions: tuple[str, ...] = ()
    emergency_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OrganizationDefined:
    """The organization is now as told."""

    organization: Organization


@dataclass(frozen=True, slots=True)
class Accountable:
    """The one organization that answers for a function, and those that wrongly hold it too."""

    organization: Organization | None
    rivals: tuple[str, ...] = ()


def define_organization(
    present: Organization | None, wanted: Organization, *, commands: Collection[str] = ()
) -> tuple[Organization, OrganizationDefined | None]:
    """Make the organization as `wanted`; no event when it already is.

    `commands` are the open incidents whose command it holds. Raises SupervisorCommands when it
    would supervise while it holds any.
    """
    if commands:
        expect_commander(wanted, incidents=sorted(commands))
    version = 0 if present is None else present.version
    defined = dataclasses.replace(wanted, version=version)
    return defined, None if defined == present else OrganizationDefined(defined)


def expect_commander(organization: Organization, *, incidents: Sequence[str] = ()) -> None:
    """Pass unless the organization supervises: then it holds no command. Raises SupervisorCommands.

    Source: seed paper §4, the monitoring and evaluation institution stands beside the response.
    """
    if organization.kind is OrganizationKind.SUPERVISION_ORGANIZATION:
        raise SupervisorCommands(
            f"{organization.name_en} supervises, so it holds no command.",
            remedy="A special command, the committee's office or the committee commands.",
            organizationId=organization.id,
            incidents=list(incidents),
        )


def commanding(
    organizations: Iterable[Organization], jurisdiction: str, emergency_type: str
) -> Organization | None:
    """The organization that commands this emergency type in this jurisdiction, or its nearest superior.

    In each division upward: a special command that covers the type (the narrowest cover wins, then
    the id), else the committee's office, else the committee. None when nobody does.
    """
    known = sorted(organizations, key=lambda one: one.id)
    for code in lineage(jurisdiction):
        here = [one for one in known if one.jurisdiction == code]
        special = [one for one in here if _covers(one, emergency_type)]
        if special:
            return max(special, key=lambda one: _narrowness(one, emergency_type))
        for kind in _GENERAL_COMMAND:
            general = [one for one in here if one.kind is kind]
            if general:
                return general[0]
    return None


def superior_of(
    organizations: Iterable[Organization], one: Organization, emergency_type: str
) -> Organization | None:
    """Who commands this emergency type in the division above that of `one`, or further up."""
    above = lineage(one.jurisdiction)[1:]
    return commanding(organizations, above[0], emergency_type) if above else None


def accountable(
    organizations: Iterable[Organization], function: str, jurisdiction: str
) -> Accountable:
    """The holder of `function` in the jurisdiction or its nearest ancestor (ORG-6).

    Two holders in one division break the rule of one accountable organization: the first by id
    answers and the others are named as rivals.
    """
    known = sorted(organizations, key=lambda one: one.id)
    for code in lineage(jurisdiction):
        holders = [one for one in known if one.jurisdiction == code and function in one.functions]
        if holders:
            return Accountable(holders[0], tuple(one.id for one in holders[1:]))
    return Accountable(None)


def same_house(organizations: Sequence[Organization], start: Organization) -> list[Organization]:
    """`start`, then its parents within its jurisdiction, then that jurisdiction's general command."""
    by_id = {one.id: one for one in organizations}
    house: dict[str, Organization] = {}
    one: Organization | None = start
    while one is not None and one.id not in house and one.jurisdiction == start.jurisdiction:
        house[one.id] = one
        one = by_id.get(one.parent) if one.parent else None
    for kind in _GENERAL_COMMAND:
        for other in sorted(organizations, key=lambda other: other.id):
            if other.kind is kind and other.jurisdiction == start.jurisdiction:
                house.setdefault(other.id, other)
    return list(house.values())


def is_under(organizations: Iterable[Organization], one: str, superior: str) -> bool:
    """Whether `one` is `superior` or stands below it in the tree of parents."""
    parents = {each.id: each.parent for each in organizations}
    seen: set[str] = set()
    current: str | None = one
    while current is not None and current not in seen:
        if current == superior:
            return True
        seen.add(current)
        current = parents.get(current)
    return False


def _covers(organization: Organization, emergency_type: str) -> bool:
    return organization.kind is OrganizationKind.SPECIAL_COMMAND and any(
        matches(emergency_type, prefix) for prefix in organization.emergency_types
    )


def _narrowness(organization: Organization, emergency_type: str) -> int:
    return max(
        len(prefix) for prefix in organization.emergency_types if matches(emergency_type, prefix)
    )
