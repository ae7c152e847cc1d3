"""What a plan is judged against: the plans above it, the law, who holds what, and what is held."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from services.plans.domain.hierarchy import Ruling
from services.plans.domain.jurisdiction import Jurisdiction
from services.plans.domain.organization import Organization
from services.plans.domain.plan import Plan
from services.plans.domain.provision import Provision
from services.plans.domain.resource import Resource
from vocabulary import area


@dataclass(frozen=True, slots=True)
class DrillStanding:
    """When a plan was drilled last, None never, and by when it has to be next, None: no rule asks."""

    last: datetime | None
    due: datetime | None


@dataclass(frozen=True)  # without slots: what is looked up often is indexed once
class Surroundings:
    """Our copies of what bears on the quality of plans; what is not here is unknown, never absent.

    `plans` are the versions that rule; `reported` the indicators of which a division has ever had
    a value, each with its division; `drills` how plans stand with their drills, by plan.
    """

    plans: tuple[Plan, ...] = ()
    provisions: tuple[Provision, ...] = ()
    organizations: tuple[Organization, ...] = ()
    jurisdictions: tuple[Jurisdiction, ...] = ()
    resources: tuple[Resource, ...] = ()
    reported: frozenset[tuple[str, str]] = frozenset()
    drills: Mapping[str, DrillStanding] = field(default_factory=dict)

    @cached_property
    def ruling(self) -> Ruling:
        """The plans, found by division."""
        return Ruling(self.plans)

    def organization(self, id: str) -> Organization | None:
        """The organization, or None when it is not known here."""
        return self._organizations.get(id)

    @property
    def knows_functions(self) -> bool:
        """Whether every organization here is known with the functions that it holds."""
        return bool(self.organizations) and all(
            one.functions is not None for one in self.organizations
        )

    def answering(self, function: str, jurisdiction: str) -> list[Organization]:
        """Who holds the function in the division or the nearest above: one, or rivals, or nobody."""
        for code in area.chain(jurisdiction):
            if found := self._holders.get((function, area.prefix(code))):
                return found
        return []

    @cached_property
    def _organizations(self) -> dict[str, Organization]:
        return {one.id: one for one in self.organizations}

    @cached_property
    def _holders(self) -> dict[tuple[str, str], list[Organization]]:
        found: dict[tuple[str, str], list[Organization]] = {}
        for one in sorted(self.organizations, key=lambda each: each.id):
            for function in one.functions or ():
                found.setdefault((function, area.prefix(one.jurisdiction)), []).append(one)
        return found
