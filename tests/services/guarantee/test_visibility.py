"""Lists of guarantee return what Cedar lets the caller view, in the service and in the database."""

from dataclasses import dataclass, replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from chassis.paging import PageRequest
from chassis.policy import VIEW, Grant, Target
from chassis.unit_of_work import Caller
from services.guarantee import queries, store
from services.guarantee.commands import target
from services.guarantee.domain import warning
from services.guarantee.domain.allocation import Method, Solved
from services.guarantee.domain.incident import Incident
from services.guarantee.domain.jurisdiction import Footprint
from services.guarantee.store import tables
from tests.services.guarantee.test_booking import NEED, dispatch_of, resource
from vocabulary import Mode, WarningColour

AREAS = ("410000", "410100", "410105", "420000")
OWNERS = ("org_a", "org_b")
ALL = PageRequest(first=100)
CASE_DATA = (tables.WARNING, tables.REQUIREMENT, tables.DISPATCH, tables.ALLOCATION)
SEALED = Incident(id="inc_sealed", mode=Mode.REAL, status="DECLARED", jurisdiction="410100")
WORDING = warning.Wording(
    colour=WarningColour.RED,
    headline_zh="暴雨",
    headline_en="rain",
    description_zh=None,
    description_en=None,
    onset=None,
    expires_at=None,
)


@dataclass(frozen=True)
class Row:
    area: str
    owner: str
    issued: bool
    sealed: bool


rows = st.builds(
    Row,
    area=st.sampled_from(AREAS),
    owner=st.sampled_from(OWNERS),
    issued=st.booleans(),
    sealed=st.booleans(),
)
grants = st.builds(
    Grant,
    role=st.sampled_from(["viewer", "commander", "sealed_reader"]),
    area=st.sampled_from((*AREAS, "000000", "")),
    organization=st.none() | st.sampled_from((*OWNERS, "*")),
)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    grants=st.lists(grants, max_size=3), rows=st.lists(rows, min_size=1, max_size=5, unique=True)
)
async def test_lists_return_what_cedar_lets_the_caller_view(bare, grants, rows):
    caller = Caller(subject="ali", grants=tuple(grants))
    targets = await bare.run(stored, rows)
    policy, now = bare.runtime.policy, bare.clock.now()
    permitted = {one.id for one in targets if policy.decide(caller, VIEW, one, now=now).allowed}

    async with bare.runtime.seen_by(policy.scope(caller, now=now)) as db:
        warnings = await queries.warnings(db, ALL, mode="REAL", status=None, jurisdiction=None)
        dispatches = await queries.dispatches(
            db, ALL, mode="REAL", status=None, activation_id=None, incident_id=None
        )
        needs = await queries.requirements(db, ALL, mode="REAL", status=None, activation_id=None)
        solvings = await queries.allocations(db, ALL, mode="REAL", pool=None)
        unfiltered = {id for table in CASE_DATA for id in await db.scalars(select(table.c.id))}

    listed = {one.id for page in (warnings, needs, dispatches, solvings) for one in page.nodes}
    assert listed == permitted
    assert unfiltered == permitted  # row security alone


async def stored(uow, rows) -> list[Target]:
    for table in CASE_DATA:
        await uow.db.execute(delete(table))
    if await store.find_incident(uow.db, SEALED.id) is None:
        await store.put_incident(uow.db, replace(SEALED, sealed=True))
    return [one for row in rows for one in await _put(uow, row)]


async def _put(uow, row: Row) -> list[Target]:
    drafted = warning.draft(
        uow.new_id("war"),
        WORDING,
        mode=Mode.REAL,
        emergency_type="11B03",
        footprint=Footprint(jurisdiction=row.area, areas=(), geojson=None),
        organization_id=row.owner,
        drafted_by="bo",
        now=uow.now,
    )
    issued = warning.issue(drafted, approver="di", now=uow.now) if row.issued else drafted
    incident = SEALED.id if row.sealed else None
    need = replace(NEED, id=uow.new_id("req"), jurisdiction=row.area, incident_id=incident)
    sent = replace(dispatch_of(resource(1.0), 1.0, Mode.REAL), jurisdiction=row.area)
    sent = replace(sent, id=uow.new_id("dsp"), owner=row.owner, incident_id=incident)
    solved = Solved(
        id=uow.new_id("sol"),
        pool=row.area,
        mode=Mode.REAL,
        solved_at=uow.now,
        method=next(iter(Method)),
        rule="r",
        requirement_ids=(need.id,),
        cost_minutes=0,
        baseline_cost_minutes=0,
        travel_minutes=0,
        baseline_travel_minutes=0,
        unmet={},
        baseline_unmet={},
        lost=0,
    )
    need = await store.put_requirement(uow.db, need)
    await store.put_allocation(uow.db, solved)
    return [
        target.of_warning(await store.put_warning(uow.db, issued)),
        target.of_requirement(need, sealed=row.sealed),
        target.of_dispatch(await store.put_dispatch(uow.db, sent), sealed=row.sealed),
        Target(kind="allocation", id=solved.id, area=row.area, sealed=row.sealed),
    ]
