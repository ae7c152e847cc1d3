"""The life of a plan version from draft to retirement: each step by a named officer, kept as history.

Its text may change only while it is a draft. Who may take a step, and that approval takes a second
person, is decided by the policy.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chassis.errors import Conflict, Invalid
from services.plans.domain.history import (
    Filing,
    PlanAction,
    PlanStatus,
    Transition,
)
from services.plans.domain.officer import Officer
from services.plans.domain.plan import Plan, in_force, version_id
from services.plans.domain.refusal import ReasonRequired

_FROM: Mapping[PlanAction, tuple[PlanStatus, ...]] = {
    PlanAction.SUBMIT: (PlanStatus.DRAFT,),
    PlanAction.RETURN: (PlanStatus.IN_REVIEW, PlanStatus.APPROVED),
    PlanAction.APPROVE: (PlanStatus.IN_REVIEW,),
    PlanAction.PUBLISH: (PlanStatus.APPROVED,),
    PlanAction.FILE: (PlanStatus.PUBLISHED,),
    PlanAction.BEGIN_REVISION: (PlanStatus.PUBLISHED, PlanStatus.FILED),
    PlanAction.END_REVISION: (PlanStatus.UNDER_REVISION,),
    PlanAction.RETIRE: (PlanStatus.PUBLISHED, PlanStatus.FILED, PlanStatus.UNDER_REVISION),
    PlanAction.SUPERSEDE: (PlanStatus.PUBLISHED, PlanStatus.FILED, PlanStatus.UNDER_REVISION),
}
_TO: Mapping[PlanAction, PlanStatus] = {
    PlanAction.SUBMIT: PlanStatus.IN_REVIEW,
    PlanAction.RETURN: PlanStatus.DRAFT,
    PlanAction.APPROVE: PlanStatus.APPROVED,
    PlanAction.PUBLISH: PlanStatus.PUBLISHED,
    PlanAction.FILE: PlanStatus.FILED,
    PlanAction.BEGIN_REVISION: PlanStatus.UNDER_REVISION,
    PlanAction.RETIRE: PlanStatus.RETIRED,
    PlanAction.SUPERSEDE: PlanStatus.RETIRED,
}


@dataclass(frozen=True, slots=True)
class PlanStatusChanged:
    """A version went from one status to another."""

    plan: Plan

    @property
    def transition(self) -> Transition:
        """What was done, by whom, when and why."""
        return self.plan.history[-1]


class PlanVersionImmutable(Conflict):
    """A published version cannot be edited."""

    slug = "plan-version-immutable"


class PlanInReview(Conflict):
    """A version that is being reviewed, or is approved, is not edited."""

    slug = "plan-in-review"


class PlanAlreadyPublished(Conflict):
    """The version is published already."""

    slug = "plan-already-published"


class PlanStatusRefuses(Conflict):
    """The version does not stand where this step starts from."""

    slug = "plan-status-refuses"


class PlanInUse(Conflict):
    """A response stands under the version."""

    slug = "plan-in-use"


class FilingInFuture(Invalid):
    """Nothing is filed on a day that has not come."""

    slug = "filing-in-future"


def redraft(stored: Plan | None, drafted: Plan, *, by: Officer, versions: Collection[str]) -> Plan:
    """The draft takes the place of what is stored; `versions` are those that the plan has.

    Raises `PlanInReview`, and `PlanVersionImmutable` once published, naming the version to draft.
    The same text again is no edit: the stored version is returned as it stands.
    """
    if stored is None:
        return replace(drafted, drafted_by=(by.subject,))
    if stored.text == drafted.text:
        return stored
    if stored.status is not PlanStatus.DRAFT:
        raise _not_editable(stored, versions)
    drafters = dict.fromkeys((*stored.drafted_by, by.subject))
    return replace(
        drafted, drafted_by=tuple(drafters), history=stored.history, version=stored.version
    )


def submit(plan: Plan, by: Officer, *, at: datetime) -> tuple[Plan, PlanStatusChanged]:
    """The draft is in review. Raises `PlanStatusRefuses`."""
    return step(plan, PlanAction.SUBMIT, by=by, at=at)


def send_back(
    plan: Plan, by: Officer, *, reason: str, at: datetime
) -> tuple[Plan, PlanStatusChanged]:
    """The version is a draft again. Raises `PlanStatusRefuses` and `ReasonRequired`."""
    return step(plan, PlanAction.RETURN, by=by, reason=_given(reason), at=at)


def approve(
    plan: Plan, by: Officer, *, reason: str | None, at: datetime
) -> tuple[Plan, PlanStatusChanged]:
    """The version is approved. Raises `PlanStatusRefuses`."""
    return step(plan, PlanAction.APPROVE, by=by, reason=reason, at=at)


def publish_version(plan: Plan, by: Officer, *, at: datetime) -> tuple[Plan, PlanStatusChanged]:
    """The version is published at `at` and immutable.

    Raises `PlanAlreadyPublished`, and `PlanStatusRefuses` unless it was approved.
    """
    if plan.published_at is not None and plan.is_standing:
        raise PlanAlreadyPublished(
            f"{plan.id} is published since {plan.published_at:%Y-%m-%d %H:%M} UTC.",
            publishedAt=plan.published_at,
        )
    published, changed = step(plan, PlanAction.PUBLISH, by=by, at=at)
    published = replace(published, published_at=at)
    return published, replace(changed, plan=published)


def file_version(
    plan: Plan, by: Officer, *, filing: Filing, at: datetime
) -> tuple[Plan, PlanStatusChanged]:
    """The version is on file. Raises `PlanStatusRefuses` and `FilingInFuture`."""
    if filing.at > at:
        raise FilingInFuture("The day of filing has not come.", field=("filedAt",))
    said = f"filed with {filing.organization} as {filing.number}"
    filed, changed = step(plan, PlanAction.FILE, by=by, reason=said, at=at)
    filed = replace(filed, filing=filing)
    return filed, replace(changed, plan=filed)


def retire(
    plan: Plan, by: Officer, *, reason: str, under: Sequence[str], at: datetime
) -> tuple[Plan, PlanStatusChanged]:
    """The version is in force no more; `under` are the activations that stand under it.

    Raises `PlanStatusRefuses`, `PlanInUse` and `ReasonRequired`.
    """
    retired, changed = step(plan, PlanAction.RETIRE, by=by, reason=_given(reason), at=at)
    if under:
        raise PlanInUse(
            f"{plan.id} is in use: {', '.join(under)}.",
            remedy="End the response first, or publish a version that takes the place of this one.",
            activations=list(under),
        )
    retired = replace(retired, retired_at=at)
    return retired, replace(changed, plan=retired)


def supersede(
    versions: Sequence[Plan], by: Officer, *, at: datetime
) -> list[tuple[Plan, PlanStatusChanged]]:
    """Of one plan's versions, those that a later one took the place of by `at` are retired.

    Each is retired at the instant from which the later one has ruled, for good: it does not come
    back when the later one ends.
    """
    ruling = next(iter(in_force(versions, at)), None)
    if ruling is None:
        return []
    return [
        _superseded(one, ruling, by)
        for one in versions
        if one.is_standing and one.id != ruling.id and _rank(one) < _rank(ruling)
    ]


def take_effect(versions: Sequence[Plan], *, at: datetime) -> tuple[Plan, datetime] | None:
    """The version that has come to rule since this was last asked, and when; None when none has."""
    ruling = next(iter(in_force(versions, at)), None)
    if ruling is None or ruling.ruling_since is not None:
        return None
    since = took_effect_at(ruling)
    return replace(ruling, ruling_since=since), since


def check_derivable(plan: Plan) -> None:
    """Pass when plans may be derived from the version. Raises `PlanStatusRefuses`."""
    if not plan.is_standing:
        raise PlanStatusRefuses(
            f"{plan.id} is {plan.status}{_since(plan)}.",
            remedy="Derive from a version that is published and not retired.",
            **_told(plan),
        )


def took_effect_at(plan: Plan) -> datetime:
    """From when the published version has ruled, or will."""
    assert plan.published_at is not None, f"{plan.id} was never published"
    return max(plan.effective_from, plan.published_at)


def next_version(plan_version: str, taken: Collection[str]) -> str:
    """A free version after this one: its last number counted up, 2021.1 → 2021.2."""
    found = re.search(r"(\d+)(\D*)\Z", plan_version)
    if found is None:
        stem, number, tail = f"{plan_version}.", 2, ""
    else:
        stem, number, tail = plan_version[: found.start()], int(found[1]) + 1, found[2]
    while f"{stem}{number}{tail}" in taken:
        number += 1
    return f"{stem}{number}{tail}"


def step(
    plan: Plan, action: PlanAction, *, by: Officer, at: datetime, reason: str | None = None
) -> tuple[Plan, PlanStatusChanged]:
    """The version has taken the step. Raises `PlanStatusRefuses`, telling who was first."""
    if plan.status not in _FROM[action]:
        raise _refused(plan, action)
    to = _back(plan) if action is PlanAction.END_REVISION else _TO[action]
    taken = Transition(action, plan.status, to, at, by, reason)
    after = replace(plan, status=to, history=(*plan.history, taken))
    return after, PlanStatusChanged(after)


def _back(plan: Plan) -> PlanStatus:
    """Where a version stands when its revision is over and nothing was changed."""
    return PlanStatus.FILED if plan.filing else PlanStatus.PUBLISHED


def _superseded(one: Plan, ruling: Plan, by: Officer) -> tuple[Plan, PlanStatusChanged]:
    at = max(took_effect_at(ruling), took_effect_at(one))
    reason = f"superseded by {ruling.id}"
    over, changed = step(one, PlanAction.SUPERSEDE, by=by, reason=reason, at=at)
    over = replace(over, retired_at=at, superseded_by=ruling.id)
    return over, replace(changed, plan=over)


def _rank(plan: Plan) -> tuple[datetime, datetime]:
    """Which of two versions in force rules: as `in_force` orders them."""
    assert plan.published_at is not None
    return plan.effective_from, plan.published_at


def _given(reason: str) -> str:
    if not reason.strip():
        raise ReasonRequired("This decision takes a reason.", field=("reason",))
    return reason


def _not_editable(stored: Plan, versions: Collection[str]) -> Conflict:
    if stored.published_at is None:
        return PlanInReview(
            f"{stored.id} is {stored.status}{_since(stored)}: its text is not changed meanwhile.",
            field=("version",),
            remedy="Send it back to draft with a reason, change it, and submit it again.",
            **_told(stored),
        )
    draft = next_version(stored.plan_version, versions)
    return PlanVersionImmutable(
        f"Version {stored.plan_version} of {stored.plan_id} was published"
        f" at {stored.published_at:%Y-%m-%d %H:%M} UTC and stands as it is.",
        field=("version",),
        remedy=f"Save the change as a draft: write `version: {draft!r}` and import it again.",
        publishedAt=stored.published_at,
        draft=version_id(stored.plan_id, draft),
    )


def _refused(plan: Plan, action: PlanAction) -> PlanStatusRefuses:
    starts = " or ".join(_FROM[action])
    return PlanStatusRefuses(
        f"{plan.id} is {plan.status}{_since(plan)}.",
        remedy=f"{action} starts from {starts}; read the version again.",
        **_told(plan),
    )


def _since(plan: Plan) -> str:
    if not plan.history:
        return ""
    last = plan.history[-1]
    return f" since {last.at:%Y-%m-%d %H:%M} UTC by {last.by}"


def _told(plan: Plan) -> dict[str, Any]:
    last = plan.history[-1] if plan.history else None
    return {
        "currentStatus": plan.status,
        "decidedBy": last.by if last else None,
        "decidedAt": last.at if last else None,
    }
