"""Commands on duty posts and their rosters; a gap is owed to the roster keeper a day ahead."""

from chassis import documents
from chassis.unit_of_work import UnitOfWork
from services.org import domain, store
from services.org.commands import obligation as obligations
from services.org.commands import target
from vocabulary import Mode


async def put_post(
    uow: UnitOfWork, wanted: domain.Post, *, expected_version: int | None = None
) -> domain.Post:
    """Make the post as `wanted`, answer the gaps that its roster closes, and watch for the next one.

    Posts hold persons and numbers, so nothing is said of them outside this service.
    Raises ShiftInvalid, PostChannelsMissing, NotFound `organization-not-found`.
    """
    organization = await store.get_organization(uow.db, wanted.organization)
    uow.authorize("put_post", target.of_post(wanted, organization))
    present = await store.find_post(uow.db, wanted.id, lock=True)
    if present is not None:
        before = await store.get_organization(uow.db, present.organization)
        uow.authorize("put_post", target.of_post(present, before))
        documents.expect(present, expected_version)
    post = domain.define_post(present, wanted)
    if post != present:
        post = await store.put_post(uow.db, post)
        await _close_gaps(uow, post)
        await watch_roster(uow, post.id)
    return post


async def watch_roster(uow: UnitOfWork, post_id: str) -> None:
    """Owe the roster keeper a gap that is less than a day away; look again when one will be."""
    post = await store.get_post(uow.db, post_id)
    gap = domain.next_gap(post, uow.now)
    if gap is None:
        await uow.unschedule(f"roster/{post.id}")
        return
    look_at = gap.starts - domain.LOOK_AHEAD
    if look_at > uow.now:
        payload = {"post": post.id}
        await uow.schedule(
            f"roster/{post.id}", due_at=look_at, command="watch_roster", payload=payload
        )
        return
    await _owe_gap(uow, post, gap)


async def _owe_gap(uow: UnitOfWork, post: domain.Post, gap: domain.Gap) -> None:
    organization = await store.get_organization(uow.db, post.organization)
    starts = gap.starts.astimezone(domain.CIVIL_TIME).strftime("%m-%d %H:%M")
    await obligations.owe(
        uow,
        obligations.draft(
            uow,
            domain.ObligationKind.ROSTER_GAP,
            key=f"ROSTER_GAP/{post.id}/{gap.starts.isoformat()}",
            owed_by=organization.id,
            subject=domain.Subject(domain.SubjectKind.POST, post.id),
            title=(
                f"{post.title_zh}自 {starts} 起无人值班",
                f"{post.title_en}: nobody on duty from {starts}",
            ),
            at=uow.now,
            due_at=gap.starts,
            mode=Mode.REAL,
            jurisdiction=organization.jurisdiction,
        ),
    )


async def _close_gaps(uow: UnitOfWork, post: domain.Post) -> None:
    still = domain.next_gap(post, uow.now)
    gap_key = f"ROSTER_GAP/{post.id}/{still.starts.isoformat()}" if still else None
    for one in await store.open_obligations(
        uow.db, domain.ObligationKind.ROSTER_GAP, subject_id=post.id
    ):
        if one.key != gap_key:
            await obligations.answer(uow, one, at=uow.now, by=uow.caller.subject)
