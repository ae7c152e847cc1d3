"""The law is asked again about what is in force or proposed, when law or holder is not what it was."""

from collections.abc import Callable

from chassis.unit_of_work import UnitOfWork
from services.plans import domain, events, store
from services.plans.commands import override, target
from vocabulary import Mode

Concerns = Callable[[domain.Activation], bool]


async def reanswer(uow: UnitOfWork, concerns: Concerns) -> None:
    """Every open activation concerned has the law's answers of now; what changed is told."""
    present = [one for mode in Mode for one in await store.open_activations(uow.db, mode)]
    wanted = [one for one in present if concerns(one)]
    if not wanted:
        return
    await store.lock_plans(uow.db, sorted({one.plan_id for one in wanted}))
    provisions = tuple(await store.all_provisions(uow.db))
    organizations = tuple(await store.all_organizations(uow.db))
    for one in wanted:
        holder = next((each for each in organizations if each.id == one.organization_id), None)
        await _ask_again(uow, one.id, domain.Law(provisions, holder, organizations))


def has_any_of(measures: set[str]) -> Concerns:
    """Whether one of these measures is in force or proposed under the activation."""

    def concerns(one: domain.Activation) -> bool:
        named = (*one.content.measures, *one.proposed_content.measures)
        return any(measure.code in measures for measure in named)

    return concerns


async def _ask_again(uow: UnitOfWork, id: str, law: domain.Law) -> None:
    present = await store.get_activation(uow.db, id)
    if not present.is_open:
        return
    plan = await store.get_plan(uow.db, domain.version_id(present.plan_id, present.plan_version))
    after, said = domain.reanswer(present, plan, law=law, now=uow.now)
    if after == present:
        return
    sealed = await store.is_sealed(uow.db, after.incidents)
    uow.authorize("apply_plan", target.of_activation(after, sealed=sealed))
    after = await store.put_activation(uow.db, after)
    if said is not None:
        await uow.publish(events.reanswered_message(said))
        await override.follow_activation(uow, after)
