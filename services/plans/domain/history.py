"""What happened to a plan version, and who did it: values only, the decisions are in `life_cycle`."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.plans.domain.officer import Officer


class PlanStatus(StrEnum):
    """Where a version stands in its life; from PUBLISHED on its text never changes.

    A version rules (from its effective date) while it is PUBLISHED, FILED or UNDER_REVISION.
    """

    DRAFT = "DRAFT"
    IN_REVIEW = "IN_REVIEW"
    APPROVED = "APPROVED"
    PUBLISHED = "PUBLISHED"
    FILED = "FILED"
    UNDER_REVISION = "UNDER_REVISION"
    RETIRED = "RETIRED"


STANDING = (PlanStatus.PUBLISHED, PlanStatus.FILED, PlanStatus.UNDER_REVISION)
ONCE_PUBLISHED = (*STANDING, PlanStatus.RETIRED)


class PlanAction(StrEnum):
    """What brings a version from one status to another."""

    SUBMIT = "SUBMIT"
    RETURN = "RETURN"
    APPROVE = "APPROVE"
    PUBLISH = "PUBLISH"
    FILE = "FILE"
    BEGIN_REVISION = "BEGIN_REVISION"
    END_REVISION = "END_REVISION"
    RETIRE = "RETIRE"
    SUPERSEDE = "SUPERSEDE"


class RevisionGround(StrEnum):
    """Why a plan has to be revised; what each means is versioned data (data/revision)."""

    LAW_OR_SUPERIOR_CHANGED = "LAW_OR_SUPERIOR_CHANGED"
    COMMAND_CHANGED = "COMMAND_CHANGED"
    RISK_CHANGED = "RISK_CHANGED"
    RESOURCES_CHANGED = "RESOURCES_CHANGED"
    INFORMATION_CHANGED = "INFORMATION_CHANGED"
    SHORTCOMING_FOUND = "SHORTCOMING_FOUND"


@dataclass(frozen=True, slots=True)
class Transition:
    """One change of status, with who, when and why."""

    action: PlanAction
    from_status: PlanStatus
    to_status: PlanStatus
    at: datetime
    officer: Officer
    reason: str | None = None

    @property
    def by(self) -> str:
        """Organization and post of whoever did it."""
        return self.officer.by


@dataclass(frozen=True, slots=True)
class Filing:
    """With whom a version was put on file (备案), under which number and when."""

    organization: str
    number: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Drill:
    """The plan was drilled at `at`: by whom, and what shows it.

    `exercise_id` names the exercise of this system; None: it was held elsewhere.
    """

    at: datetime
    organization_id: str
    note: str
    recorded_at: datetime
    by: str
    exercise_id: str | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """The plan was reviewed as its cycle asks, and found fit to stand or in need of revision."""

    at: datetime
    organization_id: str
    note: str
    recorded_at: datetime
    by: str
    is_fit: bool


@dataclass(frozen=True, slots=True)
class RevisionTrigger:
    """Something that asks for a revision; `cause` names it, so that it counts once.

    `answered_at` None: nobody has begun a revision, or found that none is needed, since.
    """

    ground: RevisionGround
    cause: str
    note: str
    at: datetime
    by: str
    answered_at: datetime | None = None
