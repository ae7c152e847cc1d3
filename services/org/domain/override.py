"""An emergency override as this service hears of it: a refused measure that an authority lets pass for a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.org.domain.activation import Measure
from services.org.domain.jurisdiction import lineage
from services.org.domain.order import Basis, Order, OrderDrafted, OrderedMeasure
from services.org.domain.organization import Organization
from vocabulary import Mode, OrganizationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """What was heard of it; `authorities` may decide, the nearest first; `until` once granted."""

    id: str
    activation_id: str
    plan_title_zh: str
    plan_title_en: str
    emergency_type: str
    jurisdiction: str
    mode: Mode
    incident_id: str | None
    organization_id: str
    measure: Measure
    authorities: tuple[str, ...]
    authority: str | None = None
    decided_by: str | None = None
    until: datetime | None = None
    ended_because: str | None = None
    exercise_id: str | None = None

    @property
    def basis(self) -> Basis | None:
        """What an order of its measure rests on, None while nobody granted it."""
        if self.until is None:
            return None
        return Basis(self.id, self.decided_by or self.authority or "", self.until)

    @property
    def names(self) -> tuple[str, str]:
        """The measure in Chinese and English."""
        return self.measure.text_zh or self.measure.code, self.measure.text_en or self.measure.code


def draft_under_override(
    id: str, said: Override, *, measure: OrderedMeasure, at: datetime
) -> tuple[Order, OrderDrafted]:
    """Prepare an order of the one measure that the override lets pass; it binds nobody yet."""
    order = Order(
        id=id,
        jurisdiction=said.jurisdiction,
        organization_id=said.organization_id,
        activation_id=said.activation_id,
        incident_id=said.incident_id,
        mode=said.mode,
        exercise_id=said.exercise_id,
        title_zh=said.plan_title_zh,
        title_en=said.plan_title_en,
        measures=(measure,),
        drafted_at=at,
        override=said.basis,
    )
    return order, OrderDrafted(order)


def supervising(organizations: Iterable[Organization], jurisdiction: str) -> Organization | None:
    """The supervision organization of the division, or of the nearest above it that has one."""
    kind = OrganizationKind.SUPERVISION_ORGANIZATION
    known = sorted((one for one in organizations if one.kind is kind), key=lambda one: one.id)
    for code in lineage(jurisdiction):
        here = [one for one in known if one.jurisdiction == code]
        if here:
            return here[0]
    return None
