"""The words of a decision: what a caller may act as, what is acted on, and what was decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.errors import Conflict, Forbidden

VIEW = "view"
SEALED_READER = "sealed_reader"
SUPERVISOR = "supervisor"  # watches what others decide; policies keep the two apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a person may act as: a role, in an organization, within an area.

    An empty area covers nothing. `valid_to` is the first instant at which it no longer holds.
    """

    role: str
    area: str
    organization: str | None = None
    id: str = "token"
    granted_by: str | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None

    def is_live(self, now: datetime) -> bool:
        """Return whether it holds at `now`."""
        begun = self.valid_from is None or self.valid_from <= now
        return begun and (self.valid_to is None or now < self.valid_to)


def of_token(
    roles: Iterable[str], areas: Iterable[str], organization: str | None
) -> tuple[Grant, ...]:
    """Return the grants that a token amounts to: every role in every area, for its organization."""
    within = tuple(areas) or ("",)
    return tuple(
        Grant(role=role, area=area, organization=organization)
        for role in sorted(roles)
        for area in within
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The single object that is acted on.

    `area` is the lowest that contains it, `organizations` those that it belongs to or is addressed
    to: they see it. Of them `owners` decide on it, with those above them; `addressees` have to act
    on it. `authors` are the subjects who did the earlier step (separation of duty). An object that
    the action would only create is `new`: its refusal is never "there is no such object".
    """

    kind: str
    id: str
    area: str
    organizations: frozenset[str] = frozenset()
    owners: frozenset[str] = frozenset()
    addressees: frozenset[str] = frozenset()
    authors: frozenset[str] = frozenset()
    sealed: bool = False
    mode: str = "REAL"
    new: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided and by which policies; `grant` is the one it was allowed under."""

    action: str
    target: Target
    allowed: bool
    policies: tuple[str, ...]
    grant: Grant | None
    reason: str
    grantable_by: str | None
    needs: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """Whether a viewer may do something, and if not, why and who could grant it."""

    action: str
    allowed: bool
    reason: str | None
    grantable_by: str | None


class NotPermitted(Forbidden):
    """The caller may see the object but not do this to it."""

    slug = "not-permitted"


class SecondPersonRequired(Conflict):
    """The caller did the earlier step, so that somebody else has to do this one."""

    slug = "second-person-required"


def explanation(decision: Decision) -> dict[str, Any]:
    """Return the members that a refusal's answer carries."""
    return {
        "action": decision.action,
        "reason": decision.reason,
        "needs": decision.needs,
        "grantableBy": decision.grantable_by,
    }
