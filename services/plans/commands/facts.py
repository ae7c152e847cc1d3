"""What is known once the plans to be weighed are ours: facts, responses in force, the law."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from chassis.unit_of_work import UnitOfWork
from services.plans import domain, store
from vocabulary import Mode


@dataclass(frozen=True, slots=True)
class Scene:
    """Where plans are weighed: a mode or, in it, one exercise, with the versions that may rule there.

    `exercised` is the version that an exercise is of, which rules its plan there, in force or not.
    Whoever looks at an exercise that is not running starts nothing by it.
    """

    mode: Mode
    index: domain.Index
    exercise_id: str | None = None
    exercised: domain.Plan | None = None
    is_running: bool = True

    @property
    def bound(self) -> Mapping[str, str]:
        """The version that the scene itself says of a plan."""
        one = self.exercised
        return {} if one is None else {one.plan_id: one.plan_version}


@dataclass(slots=True)
class Look:
    """One scene as it is known now; `open` follows what this unit of work decides.

    `standing` are the responses as the plans of this round see them, so that the order in which
    they are weighed is no matter.
    """

    uow: UnitOfWork
    scene: Scene
    gathered: domain.Gathered
    open: dict[str, domain.Activation]
    standing: tuple[domain.Activation, ...]
    _law: domain.Law | None = None

    @property
    def index(self) -> domain.Index:
        """The versions that may rule."""
        return self.scene.index

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
        """The version that rules each plan: the scene's or an open activation's, else in force."""
        bound = {one.plan_id: one.plan_version for one in self.open.values()}
        bound.update(self.scene.bound)
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


async def scene(uow: UnitOfWork, mode: Mode, exercise_id: str | None) -> Scene:
    """The mode, or the exercise as it stands until the unit of work ends."""
    index = await store.ready_plans(uow.db)
    if exercise_id is None:
        return Scene(mode, index)
    exercise = await store.find_exercise(uow.db, exercise_id, lock=True)
    if exercise is None:
        return Scene(mode, index, exercise_id, is_running=False)
    plan = await store.read_plan(uow.db, exercise.version_id)
    if not any(one.plan.id == plan.id for one in index.versions(plan.plan_id)):
        index = index.beside(domain.compiled(plan))  # a draft
    return Scene(mode, index, exercise_id, plan, exercise.is_running)


async def look(uow: UnitOfWork, at: Scene) -> Look:
    """What is known there now; whoever decides upon it has locked its plans before."""
    db, mode, of = uow.db, at.mode, at.exercise_id
    world = domain.World(
        jurisdictions=tuple(await store.all_jurisdictions(db)),
        signals=tuple(await store.standing_signals(db, mode, exercise_id=of)),
        warnings=tuple(await store.standing_warnings(db, mode, exercise_id=of)),
        incidents=tuple(await store.open_incidents(db, mode, exercise_id=of)),
        readings=tuple(await store.newest_readings(db, mode, exercise_id=of)),
    )
    responses = await store.open_activations(db, mode, exercise_id=of)
    present = {one.plan_id: one for one in responses}
    return Look(
        uow=uow,
        scene=at,
        gathered=domain.Gathered(world, uow.now),
        open=present,
        standing=tuple(present.values()),
    )
