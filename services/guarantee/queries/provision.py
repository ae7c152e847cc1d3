"""Reads of legal provisions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, Text, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents, paging
from chassis.paging import Page, PageRequest
from services.guarantee import store
from services.guarantee.domain.provision import Provision, Question, answer
from services.guarantee.queries.views import document
from services.guarantee.store.tables import PROVISION
from vocabulary import Duty, DutyKind, LegalAnswer, LegalGap, LegalVerdict


class DutyView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """To tell somebody, or to make good; `withinMinutes` null: the article sets no time."""

    kind: DutyKind
    text_zh: str
    text_en: str
    within_minutes: int | None


class ProvisionView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One article, the measures that it authorises, and to whom, where and when."""

    id: str
    version: int
    instrument: str
    article: str
    measures: tuple[str, ...]
    held_by: tuple[str, ...]
    minimum_level: str | None
    territory: str | None
    maximum_duration_minutes: int | None
    valid_from: datetime
    valid_to: datetime | None
    source: str
    duties: tuple[DutyView, ...]


class LegalView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The law's answer: what it rests on and obliges to, or what is missing and who may grant it."""

    verdict: LegalVerdict
    provisions: tuple[str, ...]
    missing: str | None
    gap: LegalGap | None
    who_may_grant: tuple[str, ...]
    holders: tuple[str, ...]
    duties: tuple[DutyView, ...]
    longest_minutes: int | None


def provision_view(provision: Provision) -> ProvisionView:
    """Show a provision."""
    return ProvisionView(
        id=provision.id,
        version=provision.version,
        instrument=provision.instrument,
        article=provision.article,
        measures=provision.measures,
        held_by=provision.held_by,
        minimum_level=provision.minimum_level,
        territory=provision.territory,
        maximum_duration_minutes=provision.maximum_duration_minutes,
        valid_from=provision.valid_from,
        valid_to=provision.valid_to,
        source=provision.source,
        duties=tuple(map(_duty, provision.duties)),
    )


async def provision(db: AsyncConnection, id: str) -> ProvisionView:
    """Return one provision. Raises NotFound."""
    return provision_view(await documents.load(db, PROVISION, id, Provision))


async def provisions(db: AsyncConnection, request: PageRequest) -> Page[ProvisionView]:
    """Return a page of provisions, by id."""
    return await paging.page(
        db,
        select(cast(PROVISION.c.doc, Text)),
        request,
        order_by=[PROVISION.c.id],
        view=_view,
    )


async def may(db: AsyncConnection, questions: Sequence[Question]) -> list[LegalView]:
    """Return the law's answer to each question, in their order, by what is loaded now."""
    laws = await documents.find(db, PROVISION, Provision)
    organizations = await store.all_organizations(db)
    return [_answered(answer(one, laws, organizations)) for one in questions]


def _answered(one: LegalAnswer) -> LegalView:
    return LegalView(
        verdict=one.verdict,
        provisions=one.provisions,
        missing=one.missing,
        gap=one.gap,
        who_may_grant=one.who_may_grant,
        holders=one.holders,
        duties=tuple(map(_duty, one.duties)),
        longest_minutes=one.longest_minutes,
    )


def _duty(one: Duty) -> DutyView:
    return DutyView(
        kind=one.kind,
        text_zh=one.text_zh,
        text_en=one.text_en,
        within_minutes=one.within_minutes,
    )


def _view(row: Row[Any]) -> ProvisionView:
    return provision_view(document(row[0], Provision))
