"""Legal provisions as data: what the law lets whom do, where, at which level, from when to when (PLAN-6)."""

from dataclasses import dataclass
from datetime import datetime

from chassis.errors import Invalid
from vocabulary import OrganizationKind, ResponseLevel


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
    version: int = 0


def checked(provision: Provision) -> Provision:
    """Return the provision. Raises ProvisionPeriodContradicts when it ends before it begins."""
    if provision.valid_to is not None and provision.valid_to <= provision.valid_from:
        raise ProvisionPeriodContradicts(
            "validTo lies before validFrom.",
            field=("validTo",),
            remedy="Leave validTo out while the article is in force.",
        )
    return provision
