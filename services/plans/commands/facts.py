"""What is known once the plans to be weighed are ours: facts, responses in force, the law."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from chassis.unit_of_work import UnitOfWork
from services.plans import domain, store
from vocabulary import Mode


@dataclass(slots=True)
class Look:
    """One mode as it is known now; `open` follows what this unit of work decides.

    `standing` are the responses as the plans of this round see them, so that the order in which
    they are weighed is no matter.
    """

    uow: UnitOfWork
    mode: Mode
    index: domain.Index
    gathered: domain.Gathered
    open: dict[str, domain.Activation]
    standing: tuple[domain.Activation, ...]
    _law: domain.Law | None = None

    def facts(self, one: domain.CompiledPlan) -> domain.Facts:
        """The facts as the plan sees them, with the responses that it reads."""
        facts = self.gathered.seen_by(one.plan)
        if not one.responses:
            return facts
        return facts.beside(*domain.responses(one, self.standing, self.uow.now))

    def incidents(self, plan: domain.Plan) -> tuple[domain.Incident, ...]:
        """The open incidents of the plan's types in its area."""
        known = self.gathered.world.incidents
        return tuple(one for one in known if domain.bears_on(one, plan))

    def ruling(self, plan_ids: Iterable[str]) -> dict[str, domain.CompiledPlan]:
        """The version that rules each plan: the one an open activation was made under, else in force."""
        bound = {one.plan_id: one.plan_version for one in self.open.values()}
        return self.index.ruling(plan_ids, bound=bound, at=self.uow.now)

    def note(self, one: domain.Activation) -> None:
        """The activation is as this unit of work has left it."""
        self.open.pop(one.plan_id, None)
        if one.is_open:
            self.open[one.plan_id] = one

    def end_round(self) -> list[domain.Activation]:
        """The activations whose level changed in this round; the next round sees what it left."""
        now = tuple(self.open.values())
        found = domain.changed(self.standing, now)
        self.standing = now
        return found

    async def law(self, plan: domain.Plan) -> domain.Law:
        """What the law says, whom the plan would have act, and who else there is to act."""
        if self._law is None:
            provisions = tuple(await store.all_provisions(self.uow.db))
            organizations = tuple(await store.all_organizations(self.uow.db))
            self._law = domain.Law(provisions=provisions, organizations=organizations)
        known = (one for one in self._law.organizations if one.id == plan.organization_id)
        return replace(self._law, holder=next(known, None))


async def look(uow: UnitOfWork, index: domain.Index, mode: Mode) -> Look:
    """What is known in the mode now; whoever decides upon it has locked its plans before."""
    world = domain.World(
        jurisdictions=tuple(await store.all_jurisdictions(uow.db)),
        signals=tuple(await store.standing_signals(uow.db, mode)),
        warnings=tuple(await store.standing_warnings(uow.db, mode)),
        incidents=tuple(await store.open_incidents(uow.db, mode)),
        readings=tuple(await store.newest_readings(uow.db, mode)),
    )
    present = {one.plan_id: one for one in await store.open_activations(uow.db, mode)}
    return Look(
        uow=uow,
        mode=mode,
        index=index,
        gathered=domain.Gathered(world, uow.now),
        open=present,
        standing=tuple(present.values()),
    )
