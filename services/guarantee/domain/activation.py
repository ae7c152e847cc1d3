"""A copied activation: whether a plan is in force, what caused it, and what it requires."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from services.guarantee.domain.ledger import Ledger
from vocabulary import Mode, Place, ResponseLevel


class ActivationState(StrEnum):
    """As plans tells it."""

    PROPOSED = "PROPOSED"
    IN_FORCE = "IN_FORCE"
    DECLINED = "DECLINED"
    ENDED = "ENDED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One requirement as the plan states it; quantity None: its formula could not be computed."""

    key: str
    capability: str
    quantity: float | None
    unit: str
    place: Place | None
    within_minutes: int | None
    severity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """What guarantee keeps of an activation; `causes` are all its causes so far, as KIND:id."""

    id: str
    mode: Mode
    state: ActivationState
    jurisdiction: str
    level: ResponseLevel | None = None
    incident_id: str | None = None
    causes: tuple[str, ...] = ()
    heard: int = 0  # version of the newest event about it
    exercise_id: str | None = None
    version: int = 0

    @property
    def ledger(self) -> Ledger:
        """Whose bookings serve what it requires."""
        return Ledger(self.mode, self.exercise_id)

    @property
    def is_over(self) -> bool:
        """Whether nothing can be required under it any more."""
        return self.state is ActivationState.ENDED


def cause(kind: str, id: str) -> str:
    """Return a cause as it is kept and searched."""
    return f"{kind}:{id}"


def learn(known: Activation | None, news: Activation) -> Activation:
    """Return what is known after the news: causes add up, older news changes nothing else."""
    if known is None:
        return news
    newest = news if news.heard > known.heard else known
    return replace(
        newest,
        state=known.state if known.is_over else newest.state,
        incident_id=newest.incident_id or known.incident_id or news.incident_id,
        causes=_joined(known.causes, news.causes),
        version=known.version,
    )


def _joined(known: Iterable[str], added: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*known, *added)))
