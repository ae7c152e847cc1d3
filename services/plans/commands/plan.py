"""Plan versions come in as files, or are derived from a superior's, and are kept as drafts."""

from dataclasses import replace

from chassis.errors import Conflict, Invalid
from chassis.unit_of_work import UnitOfWork
from services.plans import domain, store
from services.plans.commands import target
from services.plans.commands.officer import officer_of
from vocabulary import is_within


class PlanExists(Conflict):
    """There is such a version already."""

    slug = "plan-exists"


class NotBelow(Invalid):
    """A plan is derived for a division below the superior's."""

    slug = "not-below"


async def import_plan(uow: UnitOfWork, text: str) -> domain.Plan:
    """The plan file is kept as a draft, in place of an earlier draft of the same version.

    Raises `PlanFileInvalid`, `PlanInReview` and `PlanVersionImmutable`.
    """
    drafted = domain.parse(text)
    uow.authorize("import_plan", target.of_plan(drafted))
    known = await store.locked_versions(uow.db, drafted.plan_id)
    stored = next((one for one in known if one.id == drafted.id), None)
    if stored is not None and stored.jurisdiction != drafted.jurisdiction:
        uow.authorize("import_plan", target.of_plan(stored))
    versions = {one.plan_version for one in known}
    draft = domain.redraft(stored, drafted, by=officer_of(uow.caller), versions=versions)
    return draft if draft is stored else await store.put_plan(uow.db, draft)


async def derive_plan(uow: UnitOfWork, superior_id: str, *, wanted: domain.Deriver) -> domain.Plan:
    """A draft for a division below is kept, made of the superior's text; its risks are to be written.

    Without a plan id in `wanted` the superior's is made fit.

    Raises `plan-not-found`, `plan-status-refuses`, `not-below` and `plan-exists`.
    """
    superior = await store.get_plan(uow.db, superior_id)
    domain.check_derivable(superior)
    _check_below(wanted.jurisdiction, superior.jurisdiction)
    if not wanted.plan_id:
        own = domain.derived_id(
            superior.plan_id, of=superior.jurisdiction, jurisdiction=wanted.jurisdiction
        )
        wanted = replace(wanted, plan_id=own)
    text = domain.derived(
        superior.text,
        wanted,
        of=superior.plan_id,
        version_id=superior.id,
        renamed=await _names(uow, superior.jurisdiction, wanted.jurisdiction),
    )
    drafted = domain.parse(text)
    uow.authorize("import_plan", target.of_plan(drafted))
    if await store.find_plan(uow.db, drafted.id) is not None:
        raise PlanExists(
            f"There is {drafted.id} already.",
            field=("version",),
            remedy="Name another version, or change that draft.",
        )
    draft = domain.redraft(None, drafted, by=officer_of(uow.caller), versions=())
    return await store.put_plan(uow.db, draft)


def _check_below(jurisdiction: str, superior: str) -> None:
    if not is_within(jurisdiction, superior) or is_within(superior, jurisdiction):
        raise NotBelow(
            f"{jurisdiction} does not lie below {superior}.",
            field=("jurisdiction",),
            remedy="Derive from a plan of a division above.",
        )


async def _names(uow: UnitOfWork, before: str, after: str) -> list[tuple[str, str]]:
    """How titles name the division below instead; nothing while either name is unknown here."""
    above = await store.find_jurisdiction(uow.db, before)
    below = await store.find_jurisdiction(uow.db, after)
    if above is None or below is None:
        return []
    return [(above.name_zh, below.name_zh), (above.name_en, below.name_en)]
