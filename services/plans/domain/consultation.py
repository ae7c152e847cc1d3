"""A consultation: one round of asking organizations about a version in review, with their comments."""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chassis.errors import Conflict, Invalid, missing
from services.plans.domain.life_cycle import PlanStatusChanged, approve
from services.plans.domain.officer import Officer
from services.plans.domain.plan import Level, Plan


class Opinion(StrEnum):
    """What a consulted organization thinks of the version."""

    AGREED = "AGREED"
    COMMENTED = "COMMENTED"
    OBJECTED = "OBJECTED"


class Resolution(StrEnum):
    """What became of a comment: taken up in the text, explained, or declined."""

    TAKEN_UP = "TAKEN_UP"
    ANSWERED = "ANSWERED"
    DECLINED = "DECLINED"


@dataclass(frozen=True, slots=True)
class Consulted:
    """An organization that was asked, until when, and its opinion once it has given one."""

    organization_id: str
    answer_before: datetime
    opinion: Opinion | None = None
    note: str | None = None
    answered_at: datetime | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """What an organization says about one place of the plan, and what was made of it."""

    id: str
    organization_id: str | None
    place: str
    text: str
    at: datetime
    by: str
    resolution: Resolution | None = None
    answer: str | None = None
    resolved_at: datetime | None = None
    resolved_by: str | None = None


@dataclass(frozen=True, slots=True)
class Consultation:
    """One round, from submission until the version is approved or sent back."""

    id: str
    plan_id: str
    plan_version: str
    jurisdiction: str
    opened_at: datetime
    opened_by: str
    consulted: tuple[Consulted, ...]
    comments: tuple[Comment, ...] = ()
    closed_at: datetime | None = None
    version: int = 0

    @property
    def version_id(self) -> str:
        """The version that it is about."""
        return f"{self.plan_id}@{self.plan_version}"

    @property
    def silent(self) -> tuple[Consulted, ...]:
        """The organizations that have not answered."""
        return tuple(one for one in self.consulted if one.opinion is None)

    @property
    def unresolved(self) -> tuple[Comment, ...]:
        """The comments of which nobody has said what became of them."""
        return tuple(one for one in self.comments if one.resolution is None)


@dataclass(frozen=True, slots=True)
class ConsultationOpened:
    """Organizations are asked about a version."""

    consultation: Consultation


@dataclass(frozen=True, slots=True)
class ConsultationAnswered:
    """An organization has given its opinion."""

    consultation: Consultation
    organization_id: str


@dataclass(frozen=True, slots=True)
class ConsultationClosed:
    """The version was approved or sent back: nothing more is said to it in this round."""

    consultation: Consultation


class ConsultationOpen(Conflict):
    """Organizations have not answered, or comments are unresolved: approval takes a reason."""

    slug = "consultation-open"


class ConsultationOver(Conflict):
    """The round is closed."""

    slug = "consultation-over"


class NotConsulted(Conflict):
    """The organization was not asked, or has no opinion to give here."""

    slug = "not-consulted"


class DeadlinePassed(Invalid):
    """Nobody can answer before an instant that has passed."""

    slug = "deadline-passed"


class PlaceUnknown(Invalid):
    """The plan has no such place."""

    slug = "place-unknown"


class CommentResolved(Conflict):
    """Somebody has said what became of the comment."""

    slug = "comment-resolved"


def open_consultation(
    id: str, plan: Plan, *, asked: Sequence[Consulted], by: Officer, at: datetime
) -> tuple[Consultation, ConsultationOpened]:
    """The organizations are asked, each once. Raises `DeadlinePassed`."""
    for one in asked:
        if one.answer_before <= at:
            raise DeadlinePassed(
                f"{one.organization_id} cannot answer before {one.answer_before:%Y-%m-%d %H:%M}.",
                field=("consulted",),
                remedy="Give a day to come.",
            )
    each = {one.organization_id: one for one in asked}
    opened = Consultation(
        id=id,
        plan_id=plan.plan_id,
        plan_version=plan.plan_version,
        jurisdiction=plan.jurisdiction,
        opened_at=at,
        opened_by=by.by,
        consulted=tuple(each.values()),
    )
    return opened, ConsultationOpened(opened)


def comment_on(consultation: Consultation, plan: Plan, comment: Comment) -> Consultation:
    """The comment stands. Raises `ConsultationOver` and `PlaceUnknown`."""
    _check_open(consultation)
    known = list(places(plan))
    if comment.place not in known:
        near = difflib.get_close_matches(comment.place, known, n=3)
        raise PlaceUnknown(
            f"{plan.id} has no place {comment.place!r}.",
            field=("place",),
            remedy=f"Did you mean {', '.join(near)}?" if near else "Write `plan` for the whole.",
        )
    return replace(consultation, comments=(*consultation.comments, comment))


def resolve_comment(
    consultation: Consultation,
    comment_id: str,
    *,
    resolution: Resolution,
    answer: str,
    by: Officer,
    at: datetime,
) -> Consultation:
    """It is said what became of the comment.

    Raises `comment-not-found`, `CommentResolved` naming who was first, and `ConsultationOver`.
    """
    _check_open(consultation)
    found = next((one for one in consultation.comments if one.id == comment_id), None)
    if found is None:
        raise missing("comment", comment_id)
    if found.resolution is not None:
        raise CommentResolved(
            f"{found.resolved_by} {found.resolution} it at {found.resolved_at:%Y-%m-%d %H:%M} UTC.",
            decidedBy=found.resolved_by,
            decidedAt=found.resolved_at,
        )
    resolved = replace(
        found, resolution=resolution, answer=answer, resolved_at=at, resolved_by=by.by
    )
    comments = tuple(resolved if one is found else one for one in consultation.comments)
    return replace(consultation, comments=comments)


def answer_consultation(
    consultation: Consultation,
    organization_id: str | None,
    *,
    opinion: Opinion,
    note: str | None,
    by: Officer,
    at: datetime,
) -> tuple[Consultation, ConsultationAnswered]:
    """The organization's opinion is known; a later one replaces it.

    Raises `NotConsulted` and `ConsultationOver`.
    """
    _check_open(consultation)
    found = next(
        (one for one in consultation.consulted if one.organization_id == organization_id), None
    )
    if found is None:
        asked = ", ".join(one.organization_id for one in consultation.consulted) or "nobody"
        raise NotConsulted(f"{organization_id} was not consulted: {asked} was.")
    said = replace(found, opinion=opinion, note=note, answered_at=at, by=by.by)
    consulted = tuple(said if one is found else one for one in consultation.consulted)
    answered = replace(consultation, consulted=consulted)
    return answered, ConsultationAnswered(answered, found.organization_id)


def approve_consulted(
    plan: Plan,
    consultation: Consultation | None,
    *,
    by: Officer,
    reason: str | None,
    at: datetime,
) -> tuple[Plan, PlanStatusChanged]:
    """The version is approved; over open consultations only with a reason.

    Raises `PlanStatusRefuses` and `ConsultationOpen`, naming who is silent and what is unresolved.
    """
    approved = approve(plan, by, reason=reason, at=at)
    if consultation is not None and not (reason or "").strip():
        _check_complete(consultation)
    return approved


def close_consultation(
    consultation: Consultation, at: datetime
) -> tuple[Consultation, ConsultationClosed]:
    """Nothing more is said in this round."""
    closed = replace(consultation, closed_at=at)
    return closed, ConsultationClosed(closed)


def places(plan: Plan) -> Iterator[str]:
    """What a comment can be about: `plan`, a part of it, a level, and what has an id in a level."""
    yield "plan"
    yield from ("title", "emergency_types", "effective_from", "superiors", "legal_basis", "risks")
    yield from ("termination", "information")
    yield from (f"information/{one.id}" for one in plan.information)
    for level in plan.levels:
        yield level.level.value
        for part in _parts(level):
            yield f"{level.level}/{part}"


def _parts(level: Level) -> Iterator[str]:
    yield from ("conditions", "measures", "steps", "requirements")
    yield from (f"measures/{one.code}" for one in level.measures)
    yield from (f"steps/{one.id}" for one in level.steps)
    yield from (f"requirements/{one.id}" for one in level.requirements)


def _check_open(consultation: Consultation) -> None:
    if consultation.closed_at is not None:
        raise ConsultationOver(
            f"{consultation.id} was closed at {consultation.closed_at:%Y-%m-%d %H:%M} UTC.",
            remedy="A version that is submitted again opens another round.",
        )


def _check_complete(consultation: Consultation) -> None:
    silent = [one.organization_id for one in consultation.silent]
    unresolved = [one.id for one in consultation.unresolved]
    if silent or unresolved:
        raise ConsultationOpen(
            f"{len(silent)} consulted organizations have not answered,"
            f" {len(unresolved)} comments are unresolved.",
            field=("reason",),
            remedy="Wait for them, or say why the version is approved all the same.",
            silent=silent,
            unresolved=unresolved,
        )
