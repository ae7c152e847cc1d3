"""Our copy of the legal provisions that measures rest on, and what they answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import vocabulary
from services.plans.domain.organization import Organization
from vocabulary import LegalAnswer, LegalGap, LegalVerdict, OrganizationKind, ResponseLevel


@dataclass(frozen=True, slots=True)
class Provision:
    """A provision as guarantee last published it."""

    id: str
    law: vocabulary.Provision
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """May this be done there, then, at that level, for so long, by that kind or that organization?"""

    measure: str
    area: str
    at: datetime
    kind: OrganizationKind | None = None
    organization_id: str | None = None
    level: ResponseLevel | None = None
    minutes: int | None = None


def answer_question(
    question: Question,
    provisions: Sequence[Provision],
    *,
    holder: Organization | None,
    organizations: Sequence[Organization],
) -> LegalAnswer:
    """The law's answer; without a kind it is asked for `holder`, and unknown while there is none."""
    kind = question.kind or (holder.kind if holder else None)
    if kind is None:
        missing = f"{question.organization_id} is not known here yet"
        return LegalAnswer(LegalVerdict.UNKNOWN, missing=missing, gap=LegalGap.HOLDER_UNKNOWN)
    return vocabulary.may(
        question.measure,
        kind=kind,
        level=question.level,
        area=question.area,
        at=question.at,
        provisions=[one.law for one in provisions],
        minutes=question.minutes,
        units=((one.id, one.kind, one.jurisdiction) for one in organizations),
    )


def next_edge(law: vocabulary.Provision, after: datetime) -> datetime | None:
    """When the provision next comes into force or lapses, None when it does neither any more."""
    edges = [one for one in (law.valid_from, law.valid_to) if one is not None and one > after]
    return min(edges, default=None)
