"""Lists of activations and of records hold the rows that Cedar lets the caller view, and no others."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from chassis.paging import PageRequest
from chassis.policy import EVERYTHING, VIEW, Grant, Scope, Target, enter
from chassis.unit_of_work import Caller, UnitOfWork
from services.plans import domain, queries, store
from services.plans.commands import target
from tests.harness import START, Harness
from tests.services.plans import city
from vocabulary import Mode, WarningColour

AREAS = ("410000", "410100", "410105", "420000")
ORGANIZATIONS = ("org_a", "org_b")
SEALED = domain.Incident(
    id="inc_sealed",
    number="410100-20260601-001",
    title="kept apart",
    mode=Mode.REAL,
    emergency_type=city.RAINSTORM,
    status="DECLARED",
    grade=None,
    grade_rule=None,
    jurisdiction=city.CITY,
    place=None,
    figures=(),
    declared_at=START,
    closed_at=None,
    as_of=START,
    sealed=True,
)


@dataclass(frozen=True)
class Row:
    area: str
    organization: str
    sealed: bool


grants = st.builds(
    Grant,
    role=st.sampled_from(["viewer", "commander", "sealed_reader"]),
    area=st.sampled_from((*AREAS, "000000", "410300", "")),
    organization=st.none() | st.sampled_from(ORGANIZATIONS),
)
rows = st.builds(
    Row,
    area=st.sampled_from(AREAS),
    organization=st.sampled_from((*ORGANIZATIONS, "org_c")),
    sealed=st.booleans(),
)


@dataclass(frozen=True)
class Known:
    """An activation and a record of the service itself, of which rows are made."""

    activation: domain.Activation
    evaluation: domain.Evaluation


@pytest.fixture
async def known(plans: Harness) -> Known:
    await city.hear_signal(plans, "issued", city.signal("sig_1", WarningColour.RED, city.CITY))
    kept = await plans.read(store.last_evaluation, "flood-410100", Mode.REAL)
    assert kept is not None
    return Known(await city.present(plans), kept)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(grants=st.lists(grants, max_size=3), rows=st.lists(rows, min_size=1, max_size=6))
async def test_a_list_returns_the_rows_that_cedar_lets_the_caller_view(
    plans: Harness, known: Known, grants: list[Grant], rows: list[Row]
):
    policy = plans.runtime.policy
    assert policy is not None
    caller = Caller(subject="ali", grants=tuple(grants))
    targets: list[Target] = await plans.run(stored, known, rows)
    permitted = {
        (one.kind, one.id)
        for one in targets
        if policy.decide(caller, VIEW, one, now=plans.clock.now()).allowed
    }

    scope = policy.scope(caller, now=plans.clock.now())

    assert await listed(plans, scope) == permitted
    assert await left_by_row_security(plans, scope) == permitted


async def stored(uow: UnitOfWork, known: Known, rows: list[Row]) -> list[Target]:
    """The rows are all that there is; what the policy is to be asked about."""
    await uow.db.execute(delete(store.activation))
    await uow.db.execute(delete(store.evaluation))
    if await store.find_incident(uow.db, SEALED.id) is None:
        await store.put_incident(uow.db, SEALED)
    targets = []
    for index, row in enumerate(rows):
        rests_on = ("inc_sealed",) if row.sealed else ()
        response = await store.put_activation(
            uow.db,
            replace(
                known.activation,
                id=domain.ActivationId(f"act_{index}"),
                version=0,
                jurisdiction=row.area,
                plan_id=f"plan-{index}",
                organization_id=row.organization,
                incidents=rests_on,
            ),
        )
        record = await store.add_evaluation(
            uow.db,
            replace(
                known.evaluation,
                id=domain.EvaluationId(f"eva_{index}"),
                version=0,
                jurisdiction=row.area,
                incidents=rests_on,
            ),
            organization_id=row.organization,
        )
        whose = target.of_activation(response, sealed=row.sealed)
        targets += [whose, replace(whose, kind="evaluation", id=record.id)]
    return targets


async def listed(plans: Harness, scope: Scope) -> set[tuple[str, str]]:
    """What the service's own predicate lets through, with row security out of its way."""
    async with plans.runtime.engine.connect() as connection:
        db = await connection.execution_options(scope=scope)
        async with db.begin():
            await enter(db, EVERYTHING)
            asked = PageRequest(first=100)
            responses = await queries.activations(db, asked)
            records = await queries.evaluations(db, asked)
    found = {("activation", one.id) for one in responses.nodes}
    return found | {("evaluation", one.id) for one in records.nodes}


async def left_by_row_security(plans: Harness, scope: Scope) -> set[tuple[str, str]]:
    async with plans.runtime.engine.begin() as db:
        await enter(db, scope)
        return {
            (table.name, row.id)
            for table in (store.activation, store.evaluation)
            for row in await db.execute(select(table.c.id))
        }
