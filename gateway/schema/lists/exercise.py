"""Lists of exercises, of how steps went, and of what that proposes."""

import strawberry

from gateway import reading
from gateway.context import Info
from gateway.fields import PAGE_DEFAULT
from gateway.scalars import Cursor
from gateway.schema.exercise import ExerciseState
from gateway.schema.revision import ProposalState
from gateway.upstream import Json
from vocabulary import Mode


async def exercises(
    info: Info,
    plan: strawberry.ID | None = None,
    jurisdiction: str | None = None,
    state: ExerciseState | None = None,
    first: int = PAGE_DEFAULT,
    after: Cursor | None = None,
) -> Json:
    """Exercises, the latest planned first."""
    return await reading.page(
        "exercises",
        info,
        first=first,
        after=after,
        planId=plan,
        jurisdiction=jurisdiction,
        state=state,
    )


async def step_records(
    info: Info,
    plan: strawberry.ID | None = None,
    step: str | None = None,
    activation: strawberry.ID | None = None,
    exercise: strawberry.ID | None = None,
    first: int = PAGE_DEFAULT,
    after: Cursor | None = None,
    mode: Mode = Mode.REAL,
) -> Json:
    """How steps of plans went, the latest owed first; those of an exercise where it is named."""
    return await reading.page(
        "stepRecords",
        info,
        first=first,
        after=after,
        mode=mode,
        planId=plan,
        step=step,
        activationId=activation,
        exerciseId=exercise,
    )


async def revision_proposals(
    info: Info,
    plan: strawberry.ID | None = None,
    jurisdiction: str | None = None,
    state: ProposalState | None = None,
    first: int = PAGE_DEFAULT,
    after: Cursor | None = None,
) -> Json:
    """Revision proposals, the latest first."""
    return await reading.page(
        "revisionProposals",
        info,
        first=first,
        after=after,
        planId=plan,
        jurisdiction=jurisdiction,
        state=state,
    )
