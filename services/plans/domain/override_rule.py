"""How long a measure may pass against the law's refusal, and whose word that takes where nobody's does: versioned data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.plans.domain.rule import Edition, RuleDataInvalid, nearest, read_edition
from vocabulary import OrganizationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideRule:
    """One edition: `longest_for` goes before `longest_minutes`, by the code of the measure."""

    edition: Edition
    longest_minutes: int
    longest_for: Mapping[str, int]
    where_nobody_holds: tuple[OrganizationKind, ...]

    def longest(self, measure: str) -> int:
        """How many minutes the measure may pass for at most."""
        return self.longest_for.get(measure, self.longest_minutes)


def override_rule(
    rules: Iterable[OverrideRule], jurisdiction: str, at: datetime
) -> OverrideRule | None:
    """The rule of the nearest division that holds at `at`; None: nothing may be overridden there."""
    return next(iter(nearest(rules, jurisdiction, at)), None)


def parse_override_rule(raw: Mapping[str, Any]) -> OverrideRule:
    """Read one rule file. Raises RuleDataInvalid naming what is wrong."""
    try:
        rule = OverrideRule(
            edition=read_edition(raw),
            longest_minutes=int(raw["longest_minutes"]),
            longest_for={code: int(most) for code, most in raw.get("longest_for", {}).items()},
            where_nobody_holds=tuple(map(OrganizationKind, raw["where_nobody_holds"])),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RuleDataInvalid(f"override rule {raw.get('id')!r}: {error!r}") from error
    if min([rule.longest_minutes, *rule.longest_for.values()]) <= 0:
        raise RuleDataInvalid(f"override rule {rule.edition.name}: a time is at least a minute")
    return rule
