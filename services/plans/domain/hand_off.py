"""One measured link of an exercise: who owed what to whom, by when, and what became of it (LINK-2)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.plans.domain.step_record import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOff:
    """An obligation that org kept in an exercise; `id` is that of the obligation.

    `confirmed_at` is when the first person reached confirmed; `waived_at`, when it was taken back:
    that excuses only before it was due.
    """

    id: str
    exercise_id: str
    kind: str
    owed_by: str
    owed_to: str | None
    jurisdiction: str
    owed_at: datetime
    due_at: datetime
    confirmed_at: datetime | None = None
    answered_at: datetime | None = None
    waived_at: datetime | None = None
    system_was_up: bool | None = None
    version: int = 0

    @property
    def minutes(self) -> float | None:
        """How long the answer took."""
        if self.answered_at is None:
            return None
        return (self.answered_at - self.owed_at) / timedelta(minutes=1)

    def outcome(self, as_of: datetime) -> Outcome:
        """How it went, as known at `as_of`."""
        if self.answered_at is not None and self.answered_at <= self.due_at:
            return Outcome.ON_TIME
        ended = min(self.waived_at or as_of, as_of)
        if self.answered_at is None and ended < self.due_at:
            return Outcome.NOT_DUE
        if self.system_was_up is False:
            return Outcome.EXCUSED
        return Outcome.LATE if self.answered_at is not None else Outcome.NOT_DONE
