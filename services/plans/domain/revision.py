"""Revision of a plan: what asks for one, beginning it, and ending it without a new version."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chassis.errors import Invalid
from services.plans.domain import life_cycle
from services.plans.domain.history import (
    PlanAction,
    RevisionGround,
    RevisionTrigger,
)
from services.plans.domain.life_cycle import PlanStatusChanged, PlanStatusRefuses
from services.plans.domain.officer import Officer
from services.plans.domain.plan import Plan, Text
from services.plans.domain.provision import Provision
from services.plans.domain.refusal import ReasonRequired
from services.plans.domain.rule import Edition, RuleDataInvalid, nearest, read_edition


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundRule:
    """One edition of the grounds on which plans have to be revised."""

    edition: Edition
    grounds: Mapping[RevisionGround, Text]


@dataclass(frozen=True, slots=True)
class RevisionTriggered:
    """Something asks for a revision of the version."""

    plan: Plan

    @property
    def trigger(self) -> RevisionTrigger:
        """What it is."""
        return self.plan.triggers[-1]


class GroundUnknown(Invalid):
    """No rule that holds here names the ground."""

    slug = "revision-ground-unknown"


def parse_ground_rule(raw: Mapping[str, Any]) -> GroundRule:
    """Read one rule file. Raises RuleDataInvalid naming what is wrong."""
    try:
        return GroundRule(
            edition=read_edition(raw),
            grounds={
                RevisionGround(code): Text(text["zh"], text["en"])
                for code, text in raw["grounds"].items()
            },
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RuleDataInvalid(f"revision grounds {raw.get('id')!r}: {error!r}") from error


def grounds_for(
    rules: Iterable[GroundRule], jurisdiction: str, at: datetime
) -> Mapping[RevisionGround, Text]:
    """The grounds that hold there at `at`, by the nearest division's newest rule; none is empty."""
    return next((rule.grounds for rule in nearest(rules, jurisdiction, at)), {})


def trigger(plan: Plan, one: RevisionTrigger) -> tuple[Plan, RevisionTriggered] | None:
    """The version is known to need a revision because of `one`; None when it is known already.

    Raises `PlanStatusRefuses` for a version that does not stand.
    """
    if any((kept.ground, kept.cause) == (one.ground, one.cause) for kept in plan.triggers):
        return None
    _check_standing(plan)
    asked = replace(plan, triggers=(*plan.triggers, one))
    return asked, RevisionTriggered(asked)


def check_ground(grounds: Mapping[RevisionGround, Text], ground: RevisionGround) -> None:
    """Pass when a rule that holds names the ground. Raises `GroundUnknown`."""
    if ground not in grounds:
        raise GroundUnknown(
            f"{ground} is no ground of revision here.",
            field=("ground",),
            remedy=f"There are {', '.join(grounds) or 'none'}.",
        )


def begin_revision(
    plan: Plan, by: Officer, *, ground: RevisionGround, note: str, at: datetime
) -> tuple[Plan, PlanStatusChanged]:
    """The version is under revision, in force all the while; what asked for it is answered.

    Raises `PlanStatusRefuses`.
    """
    reason = f"{ground}: {note}" if note.strip() else str(ground)
    begun, _ = life_cycle.step(plan, PlanAction.BEGIN_REVISION, by=by, reason=reason, at=at)
    begun = answered(begun, at)
    return begun, PlanStatusChanged(begun)


def end_revision(
    plan: Plan, by: Officer, *, reason: str, at: datetime
) -> tuple[Plan, PlanStatusChanged]:
    """The revision is over without a new version. Raises `PlanStatusRefuses`, `ReasonRequired`."""
    if not reason.strip():
        raise ReasonRequired("This decision takes a reason.", field=("reason",))
    return life_cycle.step(plan, PlanAction.END_REVISION, by=by, reason=reason, at=at)


def answered(plan: Plan, at: datetime) -> Plan:
    """Whatever asked for a revision is answered at `at`."""
    return replace(
        plan,
        triggers=tuple(
            one if one.answered_at else replace(one, answered_at=at) for one in plan.triggers
        ),
    )


def superior_changed(superior: Plan, *, by: Officer, at: datetime) -> RevisionTrigger:
    """What a new version of a superior plan asks of those below it."""
    return RevisionTrigger(
        ground=RevisionGround.LAW_OR_SUPERIOR_CHANGED,
        cause=f"plan:{superior.id}",
        note=f"{superior.title_zh} {superior.plan_version} / {superior.title_en}",
        at=at,
        by=by.by,
    )


def provision_changed(provision: Provision, *, by: Officer, at: datetime) -> RevisionTrigger:
    """What a changed provision asks of the plans that rest on it."""
    law = provision.law
    return RevisionTrigger(
        ground=RevisionGround.LAW_OR_SUPERIOR_CHANGED,
        cause=f"provision:{provision.id}:changed:{at.isoformat()}",
        note=f"{law.instrument} {law.article}",
        at=at,
        by=by.by,
    )


def provision_lapsed(provision: Provision, *, by: Officer) -> RevisionTrigger | None:
    """What a provision that is valid no more asks of the plans that rest on it; None: it has no end."""
    law = provision.law
    if law.valid_to is None:
        return None
    return RevisionTrigger(
        ground=RevisionGround.LAW_OR_SUPERIOR_CHANGED,
        cause=f"provision:{provision.id}:lapsed:{law.valid_to.isoformat()}",
        note=f"{law.instrument} {law.article}",
        at=law.valid_to,
        by=by.by,
    )


def says_otherwise(kept: Provision | None, heard: Provision) -> bool:
    """Whether what was heard changes what was known, wherever it was read.

    What was not known changes nothing.
    """
    return kept is not None and replace(kept.law, source="") != replace(heard.law, source="")


def has_predecessor(plan: Plan, versions: Sequence[Plan]) -> bool:
    """Whether the plan had been published in another version before this one was."""
    return any(
        one.id != plan.id and one.published_at is not None and one.published_at <= published
        for one in versions
        for published in [plan.published_at]
        if published is not None
    )


def _check_standing(plan: Plan) -> None:
    if not plan.is_standing:
        raise PlanStatusRefuses(
            f"{plan.id} is {plan.status}.",
            remedy="Only a version in force, or to come, is revised.",
            currentStatus=plan.status,
        )
