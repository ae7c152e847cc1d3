"""How well departments answer one another, in numbers: pair by pair, from the times on record."""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.org.domain.coordination_request.state import (
    CoordinationRequest,
    CoordinationStatus,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PairFigures:
    """What one organization asked of another: counts, minutes, shares (0-1).

    Minutes and shares are None while nothing of the kind is on record. `on_time_share` is of those
    whose answer was due by now; what was withdrawn before an answer counts in `asked` only.
    """

    from_organization: str
    to_organization: str
    asked: int
    answered: int
    declined: int
    completed: int
    unanswered_late: int
    acknowledge_median_minutes: float | None
    answer_median_minutes: float | None
    answer_p90_minutes: float | None
    complete_median_minutes: float | None
    on_time_share: float | None


def pair_figures(requests: Iterable[CoordinationRequest], *, now: datetime) -> list[PairFigures]:
    """The figures of every pair, the slowest answers first."""
    pairs: dict[tuple[str, str], list[CoordinationRequest]] = defaultdict(list)
    for one in requests:
        pairs[one.from_organization, one.to_organization].append(one)
    figures = [_of_pair(*pair, found, now=now) for pair, found in sorted(pairs.items())]
    return sorted(figures, key=lambda one: -(one.answer_median_minutes or 0.0))


def _of_pair(
    asking: str, asked: str, found: Sequence[CoordinationRequest], *, now: datetime
) -> PairFigures:
    answers = [_minutes(one.requested_at, one.answered_at) for one in found if one.answered_at]
    acknowledged = [
        _minutes(one.requested_at, one.acknowledged_at) for one in found if one.acknowledged_at
    ]
    completed = [_minutes(one.requested_at, one.completed_at) for one in found if one.completed_at]
    late = [one for one in found if _is_unanswered_late(one, now)]
    judged = [one for one in found if one.answered_at is not None] + late
    on_time = [one for one in judged if one.answered_at and one.answered_at <= one.answer_due_at]
    return PairFigures(
        from_organization=asking,
        to_organization=asked,
        asked=len(found),
        answered=len(answers),
        declined=sum(one.ground is not None for one in found),
        completed=len(completed),
        unanswered_late=len(late),
        acknowledge_median_minutes=_median(acknowledged),
        answer_median_minutes=_median(answers),
        answer_p90_minutes=_p90(answers),
        complete_median_minutes=_median(completed),
        on_time_share=len(on_time) / len(judged) if judged else None,
    )


def _is_unanswered_late(one: CoordinationRequest, now: datetime) -> bool:
    is_taken_back = one.status is CoordinationStatus.WITHDRAWN
    return one.answered_at is None and not is_taken_back and one.answer_due_at < now


def _minutes(start: datetime, end: datetime | None) -> float:
    return ((end or start) - start).total_seconds() / 60


def _median(minutes: Sequence[float]) -> float | None:
    return statistics.median(minutes) if minutes else None


def _p90(minutes: Sequence[float]) -> float | None:
    """The smallest value that nine of ten do not exceed (nearest rank)."""
    if not minutes:
        return None
    return sorted(minutes)[-(-len(minutes) * 9 // 10) - 1]
