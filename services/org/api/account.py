"""Routes of accounts."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response

from chassis import edge
from chassis.edge import Body, Edge
from chassis.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.org import commands, queries
from services.org.api.bodies import OPERATORS, Reason, Subject
from services.org.queries import AccountView

router = APIRouter(tags=["accounts"])

OfToken = Annotated[Subject, Path(description="The subject of its tokens (claim sub).")]


class ChangeAccount(Body):
    """Why the account is changed."""

    reason: Reason


@router.post("/v1/accounts/{subject}/disable", responses=edge.answers(AccountView))
async def disable_account(
    subject: OfToken, body: ChangeAccount, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Have every token of the subject refused in every service, within a minute."""

    async def disable(uow: UnitOfWork) -> AccountView:
        return queries.account_view(
            await commands.disable_account(uow, subject, because=body.reason)
        )

    return await edge.command(disable)


@router.post("/v1/accounts/{subject}/enable", responses=edge.answers(AccountView))
async def enable_account(
    subject: OfToken, body: ChangeAccount, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Have tokens of the subject accepted again."""

    async def enable(uow: UnitOfWork) -> AccountView:
        return queries.account_view(
            await commands.enable_account(uow, subject, because=body.reason)
        )

    return await edge.command(enable)


@router.get("/v1/accounts", responses=edge.answers(Page[AccountView]))
async def accounts(
    edge: Annotated[Edge, Depends(edge.edge)], page: Annotated[PageRequest, Depends(edge.page)]
) -> Response:
    """List the accounts that were disabled at some time."""
    return await edge.read(lambda db: queries.accounts(db, page), roles=OPERATORS)
