"""Never promised twice: the database holds it, whoever asks at the same moment."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from chassis import compute
from services.guarantee import commands, store
from services.guarantee.domain import allocation
from services.guarantee.domain.activation import Activation, ActivationState, Need
from services.guarantee.domain.allocation import Assignment
from services.guarantee.domain.dispatch import order
from services.guarantee.domain.ledger import REAL
from services.guarantee.domain.requirement import Requirement, RequirementStatus
from services.guarantee.domain.resource import Resource, ResourceKind
from tests.services.guarantee.messages import PUMPS_OWNER, at, pump
from vocabulary import Mode, Place

_numbers = count()
OVERBOOKED = text(
    """
    SELECT b.resource_id, b.mode, sum(b.quantity), r.doc ->> 'quantity'
    FROM booking b JOIN resource r ON r.id = b.resource_id
    WHERE upper_inf(b.during) GROUP BY 1, 2, r.doc
    HAVING sum(b.quantity) > (r.doc ->> 'quantity')::float
    """
)


async def overbooked(db):
    return (await db.execute(OVERBOOKED)).all()


def resource(quantity):
    return Resource(
        id=f"res_{next(_numbers)}",
        name_zh="泵",
        name_en="pump",
        kind=ResourceKind.VEHICLE,
        capabilities=("pump.mobile",),
        quantity=quantity,
        unit="unit",
        is_whole=quantity == 1,
        owner=PUMPS_OWNER.id,
        jurisdiction="410100",
    )


NEED = Requirement(
    id="req_1",
    key="pumps",
    activation_id="act_1",
    mode=Mode.REAL,
    jurisdiction="410100",
    pool="410100",
    capability="pump.mobile",
    quantity=1.0,
    unit="unit",
    severity=1,
    tier="OWN_FORCES",
    status=RequirementStatus.OPEN,
    raised_at=at(0),
)


def dispatch_of(resource, quantity, mode):
    need = replace(NEED, mode=mode)
    return order(
        f"dsp_{next(_numbers)}",
        Assignment(need.id, resource.id, quantity, 10.0),
        requirement=need,
        resource=resource,
        now=at(0),
        by="test",
    )


async def book(uow, dispatch):
    """Hold the resource as a claim does: its row first, then the booking."""
    locked = (await store.lock_resources(uow.db, [dispatch.resource_id]))[dispatch.resource_id]
    if locked.is_whole:
        return await store.book_whole(uow.db, dispatch)
    return await store.book_part(uow.db, dispatch, locked.quantity)


async def test_of_two_who_book_one_pump_without_a_lock_the_constraint_lets_one_win(guarantee):
    pump = await guarantee.run(lambda uow: store.put_resource(uow.db, resource(1.0)))
    asked = [dispatch_of(pump, 1, Mode.REAL) for _ in range(6)]

    answers = await asyncio.gather(
        *(guarantee.run(lambda uow, one=one: store.book_whole(uow.db, one)) for one in asked)
    )

    assert sorted(answers) == [False] * 5 + [True]


attempts = st.lists(
    st.tuples(st.integers(0, 2), st.integers(1, 5), st.sampled_from(Mode), st.booleans()),
    min_size=2,
    max_size=12,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(stocks=st.tuples(st.just(1.0), st.floats(1.5, 9.0), st.just(4.0)), attempts=attempts)
async def test_no_interleaving_of_claims_and_returns_overbooks_anything(
    guarantee, stocks, attempts
):
    resources = [
        await guarantee.run(lambda uow, one=one: store.put_resource(uow.db, resource(one)))
        for one in stocks
    ]

    async def attempt(which, quantity, mode, comes_back):
        chosen = resources[which]
        wanted = dispatch_of(chosen, 1 if chosen.is_whole else quantity, mode)
        booked = await guarantee.run(book, wanted)
        if booked and comes_back:
            ended = at(0) + timedelta(minutes=5)
            await guarantee.run(lambda uow: store.end_booking(uow.db, wanted.id, ended))
        return booked

    answers = await asyncio.gather(*(attempt(*one) for one in attempts))

    assert any(answers) is any(
        which == 0 or quantity <= stocks[which] for which, quantity, *_ in attempts
    )
    assert await guarantee.read(overbooked) == []


async def test_two_cities_that_solve_at_once_share_one_pump_and_the_loser_is_solved_again(
    guarantee, monkeypatch
):
    async with guarantee.client(roles=["keeper"], org=PUMPS_OWNER.id) as keeper:
        for id, longitude in (("res_near", 114.0), ("res_far", 113.0)):
            body = pump(longitude=longitude, tier="OWN_FORCES")
            assert (await keeper.put(f"/v1/resources/{id}", json=body)).status_code == 200
    need = Need(
        key="pumps",
        capability="pump.mobile",
        quantity=1.0,
        unit="unit",
        place=Place(114.1, 34.5),
        within_minutes=60,
        severity=1,
    )
    for city in ("410100", "410200"):
        told = Activation(
            id=f"act_{city}",
            mode=Mode.REAL,
            state=ActivationState.IN_FORCE,
            jurisdiction=city,
            heard=1,
        )
        await guarantee.run(commands.require_for_activation, told, (need,))
    both = asyncio.Barrier(2)

    async def solve_when_both_have_read(function, problem, *, timeout_s):
        await both.wait()
        return function(problem)

    with monkeypatch.context() as patch:
        patch.setattr(compute, "run", solve_when_both_have_read)
        await asyncio.gather(
            *(guarantee.run(commands.solve_dispatch, city, REAL) for city in ("410100", "410200"))
        )
    ordered_at_once = await guarantee.published("dispatch.ordered")
    unmet_at_once = await guarantee.published("requirement.unmet")
    await guarantee.advance(guarantee.clock.now())

    assert [one.body["dispatch"]["resourceId"] for one in ordered_at_once] == ["res_near"]
    assert unmet_at_once == []
    ordered = {
        one.body["dispatch"]["resourceId"]: one.body["dispatch"]["jurisdiction"]
        for one in await guarantee.published("dispatch.ordered")
    }
    assert set(ordered) == {"res_near", "res_far"}
    assert set(ordered.values()) == {"410100", "410200"}
    assert len(await guarantee.published("requirement.met")) == 2
    assert await guarantee.read(overbooked) == []


async def test_a_solver_that_does_not_answer_is_replaced_by_the_greedy_allocation(
    guarantee, monkeypatch
):
    async with guarantee.client(roles=["keeper"], org=PUMPS_OWNER.id) as keeper:
        await keeper.put("/v1/resources/res_1", json=pump())
        need = Need(
            key="pumps",
            capability="pump.mobile",
            quantity=1.0,
            unit="unit",
            place=None,
            within_minutes=None,
            severity=1,
        )
        told = Activation(
            id="act_1",
            mode=Mode.REAL,
            state=ActivationState.IN_FORCE,
            jurisdiction="410100",
            heard=1,
        )
        await guarantee.run(commands.require_for_activation, told, (need,))

        async def never(function, problem, *, timeout_s):
            raise compute.ComputeTimeout("it thinks")

        monkeypatch.setattr(compute, "run", never)
        await guarantee.advance(guarantee.clock.now())
        (record,) = (await keeper.get("/v1/allocations")).json()["nodes"]

    assert record["method"] == allocation.Method.GREEDY
    assert record["savedMinutes"] == 0.0
    assert len(await guarantee.published("dispatch.ordered")) == 1
