"""What organizations say to a version in review, and what is made of it."""

from chassis import documents
from chassis.unit_of_work import UnitOfWork
from services.plans import domain, events, store
from services.plans.commands import target
from services.plans.commands.officer import officer_of


async def comment_on_plan(
    uow: UnitOfWork, id: str, *, place: str, text: str, expected_version: int | None
) -> domain.Consultation:
    """The comment of the caller's organization stands on that place of the version.

    Raises `consultation-not-found`, `consultation-over`, `place-unknown` and `version-conflict`.
    """
    asking = await store.get_consultation(uow.db, id)
    uow.authorize("comment_plan", target.of_consultation(asking))
    plan = await store.get_plan(uow.db, asking.version_id)
    comment = domain.Comment(
        id=uow.new_id("cmt"),
        organization_id=uow.caller.organization,
        place=place,
        text=text,
        at=uow.now,
        by=officer_of(uow.caller).by,
    )
    commented = domain.comment_on(asking, plan, comment)
    await documents.current(uow.db, store.consultation, asking, expected_version)
    return await store.put_consultation(uow.db, commented)


async def resolve_comment(
    uow: UnitOfWork,
    id: str,
    comment_id: str,
    *,
    resolution: domain.Resolution,
    answer: str,
    expected_version: int | None,
) -> domain.Consultation:
    """It is said what became of the comment. Raises as `domain.resolve_comment`."""
    asking = await store.get_consultation(uow.db, id)
    uow.authorize("resolve_comment", target.of_consultation(asking))
    by = officer_of(uow.caller)
    resolved = domain.resolve_comment(
        asking, comment_id, resolution=resolution, answer=answer, by=by, at=uow.now
    )
    await documents.current(uow.db, store.consultation, asking, expected_version)
    return await store.put_consultation(uow.db, resolved)


async def answer_consultation(
    uow: UnitOfWork,
    id: str,
    *,
    opinion: domain.Opinion,
    note: str | None,
    expected_version: int | None,
) -> domain.Consultation:
    """The opinion of the caller's organization is known. Raises as `domain.answer_consultation`."""
    asking = await store.get_consultation(uow.db, id)
    uow.authorize("answer_consultation", target.of_consultation(asking))
    answered, event = domain.answer_consultation(
        asking,
        uow.caller.organization,
        opinion=opinion,
        note=note,
        by=officer_of(uow.caller),
        at=uow.now,
    )
    await documents.current(uow.db, store.consultation, asking, expected_version)
    stored = await store.put_consultation(uow.db, answered)
    await uow.publish(events.consultation_message(event))
    return stored
