"""What the law says, by our copies of provisions and organizations."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from services.plans import domain, store
from services.plans.queries.views import View, shaped
from vocabulary import DutyKind, LegalGap, LegalVerdict, OrganizationKind


class DutyView(View, frozen=True):
    """To tell somebody, or to make good; `withinMinutes` null: the article sets no time."""

    kind: DutyKind
    text_zh: str
    text_en: str
    within_minutes: int | None


class LegalView(View, frozen=True):
    """The law's answer: what it rests on and obliges to, or what is missing and who may grant it."""

    verdict: LegalVerdict
    provisions: tuple[str, ...]
    missing: str | None
    gap: LegalGap | None
    who_may_grant: tuple[OrganizationKind, ...]
    holders: tuple[str, ...]
    duties: tuple[DutyView, ...]
    longest_minutes: int | None


async def may(db: AsyncConnection, questions: Sequence[domain.Question]) -> list[LegalView]:
    """The law's answer to each question, in their order, by what is known here now."""
    provisions = await store.all_provisions(db)
    organizations = await store.all_organizations(db)
    known = {one.id: one for one in organizations}
    return [
        shaped(
            domain.answer_question(
                one,
                provisions,
                holder=known.get(one.organization_id or ""),
                organizations=organizations,
            ),
            LegalView,
        )
        for one in questions
    ]
