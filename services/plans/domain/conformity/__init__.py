"""Whether a plan conforms to the plans above it (PLAN-1): decided, with what shows the opposite."""

from services.plans.domain.conformity.comparison import (
    Conformity,
    Verdict,
    compare,
    of_its_kind,
)
from services.plans.domain.conformity.copying import Likeness, likeness

__all__ = ["Conformity", "Likeness", "Verdict", "compare", "likeness", "of_its_kind"]
