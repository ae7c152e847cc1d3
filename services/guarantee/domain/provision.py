"""Legal provisions as data: what the law lets whom do, where, at which level, from when to when (PLAN-6)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import vocabulary
from chassis.errors import Invalid
from services.guarantee.domain.organization import Organization
from vocabulary import (
    Duty,
    LegalAnswer,
    LegalGap,
    LegalVerdict,
    OrganizationKind,
    ResponseLevel,
)


class ProvisionPeriodContradicts(Invalid):
    """A provision ends after it begins."""

    slug = "provision-period-contradicts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """One article and the measures that it authorises; territory None is national."""

    id: str
    instrument: str
    article: str
    measures: tuple[str, ...]
    held_by: tuple[OrganizationKind, ...]
    source: str
    valid_from: datetime
    valid_to: datetime | None = None
    minimum_level: ResponseLevel | None = None
    territory: str | None = None
    maximum_duration_minutes: int | None = None
    duties: tuple[Duty, ...] = ()
    version: int = 0

    @property
    def law(self) -> vocabulary.Provision:
        """What it says, as questions to the law are answered by."""
        return vocabulary.Provision(
            id=self.id,
            instrument=self.instrument,
            article=self.article,
            measures=self.measures,
            held_by=self.held_by,
            minimum_level=self.minimum_level,
            territory=self.territory,
            maximum_duration_minutes=self.maximum_duration_minutes,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            source=self.source,
            duties=self.duties,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """May this be done there, then, at that level, for so long, by that kind or that organization?"""

    measure: str
    area: str
    at: datetime
    kind: OrganizationKind | None = None
    organization_id: str | None = None
    level: ResponseLevel | None = None
    minutes: int | None = None


def answer(
    question: Question,
    provisions: Iterable[Provision],
    organizations: Mapping[str, Organization],
) -> LegalAnswer:
    """The law's answer; it is unknown for an organization that is not known here."""
    holder = organizations.get(question.organization_id or "")
    kind = holder.kind if holder else question.kind
    if kind is None:
        missing = f"{question.organization_id} is not known here yet"
        return LegalAnswer(LegalVerdict.UNKNOWN, missing=missing, gap=LegalGap.HOLDER_UNKNOWN)
    return vocabulary.may(
        question.measure,
        kind=kind,
        level=question.level,
        area=question.area,
        at=question.at,
        provisions=[one.law for one in provisions],
        minutes=question.minutes,
        units=((one.id, one.kind, one.jurisdiction) for one in organizations.values()),
    )


def checked(provision: Provision) -> Provision:
    """Return the provision. Raises ProvisionPeriodContradicts when it ends before it begins."""
    if provision.valid_to is not None and provision.valid_to <= provision.valid_from:
        raise ProvisionPeriodContradicts(
            "validTo lies before validFrom.",
            field=("validTo",),
            remedy="Leave validTo out while the article is in force.",
        )
    return provision
