"""Whose bookings count beside which: real ones, and those of each exercise for themselves (PLAN-7)."""

from dataclasses import dataclass

from vocabulary import Mode


@dataclass(frozen=True, slots=True, order=True)
class Ledger:
    """One book of what is held: the real one, or the shadow of one exercise, which holds nothing real.

    EXERCISE without an exercise is what outsiders rehearse in messages of their own.
    """

    mode: Mode
    exercise_id: str | None = None

    @property
    def name(self) -> str:
        """How timers are filed under it; the real one's is its mode."""
        return self.exercise_id or self.mode.value


REAL = Ledger(Mode.REAL)
