"""Delegation: what a person may do, given to another for a time, never wider than it is held."""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from chassis.errors import Conflict, Forbidden, Invalid
from vocabulary import is_within


class GrantToOneself(Forbidden):
    """Nobody gives themselves anything."""

    slug = "grant-to-oneself"


class GrantWiderThanOwn(Forbidden):
    """What is given goes beyond what its giver holds."""

    slug = "grant-wider-than-own"


class GrantDatesInvalid(Invalid):
    """The delegation would end before it begins, or has ended."""

    slug = "grant-dates-invalid"


class GrantRevokedAlready(Conflict):
    """The delegation was taken back before."""

    slug = "grant-revoked-already"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A role in an organization within an area, from `valid_from` until before `valid_to`.

    An absent organization is none in particular; an absent date is no limit.
    """

    role: str
    organization: str | None
    area: str
    valid_from: datetime | None = None
    valid_to: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A scope that somebody holds: by the delegation `id`, or by their token when it is absent.

    `chain` holds the delegations that it came through, the first one first, without itself.
    """

    scope: Scope
    id: str | None = None
    chain: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A delegation to `subject`; `chain` holds the delegations that its giver's right came through.

    Who held the right by their token is the giver of the first of the chain, or of this one.
    """

    id: str
    version: int = 0
    subject: str
    role: str
    organization: str | None
    area: str
    valid_from: datetime
    valid_to: datetime
    reason: str
    granted_by: str
    granted_at: datetime
    chain: tuple[str, ...] = ()
    revoked_at: datetime | None = None
    revoked_by: str | None = None
    revoked_because: str | None = None


@dataclass(frozen=True, slots=True)
class GrantStated:
    """The delegation is now as told."""

    grant: Grant


def give_grant(
    wanted: Grant, *, held: Iterable[Held], rules_apply_to: str, now: datetime
) -> tuple[Grant, GrantStated]:
    """Give the delegation, under the first of `held` that covers it whole.

    `rules_apply_to` is the giver's subject. Raises GrantToOneself, GrantDatesInvalid and
    GrantWiderThanOwn, which says in what it goes beyond. Source: issue 3, item 2; abuse case 18.
    """
    if wanted.subject == rules_apply_to:
        raise GrantToOneself(
            "Nobody gives themselves anything.", field=("subject",), remedy="Ask who holds it."
        )
    if not max(wanted.valid_from, now) < wanted.valid_to:
        raise GrantDatesInvalid(
            "A delegation ends after it begins, and after now.", field=("validTo",)
        )
    scope = scope_of(wanted)
    known = list(held)
    cover = next((one for one in known if not beyond(scope, one.scope)), None)
    if cover is None:
        raise _too_wide(scope, known)
    chain = cover.chain if cover.id is None else (*cover.chain, cover.id)
    given = dataclasses.replace(wanted, granted_by=rules_apply_to, granted_at=now, chain=chain)
    return given, GrantStated(given)


def revoke_grant(
    grant: Grant, *, by: str, because: str, now: datetime
) -> tuple[Grant, GrantStated]:
    """Take the delegation back: from `now` on it gives nothing. Raises GrantRevokedAlready."""
    if grant.revoked_at is not None:
        raise GrantRevokedAlready(
            f"{grant.revoked_by} took it back.",
            revokedBy=grant.revoked_by,
            revokedAt=grant.revoked_at,
        )
    revoked = dataclasses.replace(grant, revoked_at=now, revoked_by=by, revoked_because=because)
    return revoked, GrantStated(revoked)


def is_grant_live(grant: Grant, at: datetime) -> bool:
    """Whether the delegation gives its holder anything at that instant."""
    return grant.revoked_at is None and grant.valid_from <= at < grant.valid_to


def scope_of(grant: Grant) -> Scope:
    """What the delegation is of."""
    return Scope(
        role=grant.role,
        organization=grant.organization,
        area=grant.area,
        valid_from=grant.valid_from,
        valid_to=grant.valid_to,
    )


def beyond(wanted: Scope, own: Scope) -> tuple[str, ...]:
    """In what `wanted` goes beyond `own`: of role, organizationId, area, validFrom, validTo.

    An own scope without an area covers nothing.
    """
    goes = {
        "role": wanted.role != own.role,
        "organizationId": own.organization not in (None, wanted.organization),
        "area": not own.area or not is_within(wanted.area, own.area),
        "validFrom": own.valid_from is not None
        and (wanted.valid_from is None or wanted.valid_from < own.valid_from),
        "validTo": own.valid_to is not None
        and (wanted.valid_to is None or wanted.valid_to > own.valid_to),
    }
    return tuple(name for name, is_beyond in goes.items() if is_beyond)


def _too_wide(scope: Scope, held: Iterable[Held]) -> GrantWiderThanOwn:
    # said of what comes nearest: the giver corrects one thing, not the sum of all
    beyonds = [beyond(scope, one.scope) for one in held]
    nearest = min(beyonds, key=len, default=("role",))
    return GrantWiderThanOwn(
        "It goes beyond what you hold yourself.",
        field=nearest[:1],
        remedy="Give no more than you hold, or ask who holds it.",
        beyond=list(nearest),
    )
