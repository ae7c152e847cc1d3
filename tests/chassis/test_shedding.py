"""Under overload the higher class goes first, and a caller's rate is a bound for it alone."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from chassis import rates, shedding
from chassis.clock import Clock
from chassis.errors import RateLimited
from chassis.rates import Class, Rate, Rates
from chassis.shedding import Admission, Overloaded, Share
from chassis.unit_of_work import Caller

EVERYBODY = {one: Share(1.0, 10, 60.0) for one in Class}


class Standing(Clock):
    """A clock whose seconds the test counts."""

    at = 0.0

    def monotonic(self) -> float:
        return self.at


def caller(*roles: str) -> Caller:
    return Caller(subject="s", roles=frozenset(roles))


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_the_lowest_class_is_turned_away_first(monkeypatch):
    none_waits = {one: Share(shedding.SHARES[one].part, 0, 1.0) for one in Class}
    monkeypatch.setattr(shedding, "SHARES", none_waits)
    admission = Admission(8)
    admitted = {one: 0 for one in Class}

    async with AsyncExitStack() as stack:
        for class_ in Class:
            for _ in range(8):
                try:
                    await stack.enter_async_context(admission.place(class_))
                except Overloaded:
                    break
                admitted[class_] += 1

    assert admitted == {
        Class.CITIZEN: 2,
        Class.READ: 2,
        Class.RESPONDER: 2,
        Class.COMMAND: 2,
    }


async def test_who_waits_is_served_by_class_and_then_in_order(monkeypatch):
    monkeypatch.setattr(shedding, "SHARES", EVERYBODY)
    admission = Admission(1)
    served: list[tuple[Class, int]] = []

    async def ask(class_: Class, number: int) -> None:
        async with admission.place(class_):
            served.append((class_, number))
            await asyncio.sleep(0)

    async with admission.place(Class.CITIZEN):
        asked = [asyncio.create_task(ask(one, n)) for n in (1, 2) for one in Class]
        await settle()
        assert served == []
    await asyncio.gather(*asked)

    assert served == [(one, n) for one in sorted(Class, reverse=True) for n in (1, 2)]


async def test_a_command_never_waits_behind_citizens_that_wait(monkeypatch):
    monkeypatch.setattr(shedding, "SHARES", {**shedding.SHARES, Class.CITIZEN: Share(0.5, 100, 60)})
    admission = Admission(4)
    free = asyncio.Event()

    async def report() -> None:
        async with admission.place(Class.CITIZEN):
            await free.wait()

    flood = [asyncio.create_task(report()) for _ in range(50)]
    await settle()

    async with asyncio.timeout(1), admission.place(Class.COMMAND):
        pass
    free.set()
    await asyncio.gather(*flood)


async def test_patience_ends_and_leaves_no_place_taken(monkeypatch):
    shares = EVERYBODY | {Class.READ: Share(1.0, 10, 0.01)}
    monkeypatch.setattr(shedding, "SHARES", shares)
    admission = Admission(1)

    async with admission.place(Class.COMMAND):
        with pytest.raises(Overloaded):
            async with admission.place(Class.READ):
                pass

    async with asyncio.timeout(1), admission.place(Class.READ):
        pass


async def test_a_client_that_goes_away_gives_its_place_on(monkeypatch):
    monkeypatch.setattr(shedding, "SHARES", EVERYBODY)
    admission = Admission(1)

    async def ask() -> str:
        async with admission.place(Class.READ):
            return "served"

    async with AsyncExitStack() as stack:
        await stack.enter_async_context(admission.place(Class.READ))
        gone, called, next_ = (asyncio.create_task(ask()) for _ in range(3))
        await settle()
        gone.cancel()
        await settle()
        await stack.aclose()
        called.cancel()  # its turn has just come
    async with asyncio.timeout(1):
        assert await next_ == "served"
        async with admission.place(Class.CITIZEN):
            pass


@pytest.mark.parametrize(
    ("method", "path", "who", "class_"),
    [
        ("POST", "/v1/x", None, Class.CITIZEN),
        ("GET", "/v1/x", caller("citizen"), Class.CITIZEN),
        ("POST", "/v1/in", caller("agency", "viewer"), Class.CITIZEN),
        ("POST", "/v1/in", caller("duty_officer", "viewer"), Class.COMMAND),
        ("GET", "/v1/x", caller("commander", "viewer"), Class.READ),
        ("POST", "/v1/batch/x", caller("commander", "viewer"), Class.READ),
        ("POST", "/v1/x", caller("keeper", "viewer"), Class.RESPONDER),
        ("POST", "/v1/x", caller("commander", "viewer"), Class.COMMAND),
        ("GET", "/v1/operator/outbox", caller("operator", "viewer"), Class.COMMAND),
        ("GET", "/v1/operator/outbox", caller("viewer"), Class.READ),
    ],
)
def test_the_class_follows_from_roles_and_route(method, path, who, class_):
    assert rates.class_of(method, path, who, intake={"/v1/in"}) is class_


def test_a_caller_has_a_burst_and_then_its_rate(monkeypatch):
    monkeypatch.setattr(rates, "RATES", {one: Rate(2, 3) for one in Class})
    clock = Standing()
    taken = Rates(clock)

    for _ in range(3):
        taken.take("a", Class.READ)
    with pytest.raises(RateLimited) as refused:
        taken.take("a", Class.READ)
    taken.take("b", Class.READ)
    taken.take("a", Class.COMMAND)
    clock.at += 0.5
    taken.take("a", Class.READ)
    with pytest.raises(RateLimited):
        taken.take("a", Class.READ)

    assert refused.value.extra["retryAfterS"] == 1


def test_what_is_remembered_of_callers_is_bounded(monkeypatch):
    monkeypatch.setattr(rates, "MOST_BUCKETS", 3)
    taken = Rates(Standing())

    for number in range(10):
        taken.take(str(number), Class.CITIZEN)

    assert len(taken._buckets) == 3


def test_nobody_reaches_the_rate_of_a_command_by_hand():
    by_hand = 10  # a second, with both hands

    assert all(rates.RATES[one].per_s > by_hand for one in (Class.RESPONDER, Class.COMMAND))
    assert [rates.RATES[one].burst for one in Class] == sorted(
        rates.RATES[one].burst for one in Class
    )
