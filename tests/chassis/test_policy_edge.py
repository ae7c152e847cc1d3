"""Who may, as a caller over HTTP meets it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from chassis import policy
from chassis.policy import Grant, NotPermitted, Target, Visible
from chassis.service import create_service
from chassis.unit_of_work import Caller, UnitOfWork, begin
from tests.chassis.toy import store
from tests.chassis.toy.app import create_app, open_jar, put_marbles, router
from tests.databases import Postgres
from tests.harness import START, TESTER, Harness
from tests.tokens import Issuer

HERE, ELSEWHERE = ("410100",), ("420000",)


@pytest.fixture
async def toy(postgres: Postgres, issuer: Issuer) -> AsyncIterator[Harness]:
    async with Harness.open(create_app(), postgres, issuer) as toy:
        yield toy


async def opened(toy: Harness, **about: Any) -> str:
    return str((await toy.run(open_jar, label="x", **about)).id)


def told(answer: httpx.Response) -> dict[str, Any]:
    """Return the answer without what differs from request to request."""
    return {name: value for name, value in answer.json().items() if name != "traceId"}


async def test_what_lies_elsewhere_is_answered_like_what_does_not_exist(toy: Harness):
    jar = await opened(toy)
    async with toy.client(roles=["keeper"], areas=ELSEWHERE) as stranger:
        foreign = [
            await stranger.get(f"/v1/jars/{jar}"),
            await stranger.post(f"/v1/jars/{jar}/marbles", json={"count": 1}),
        ]
        missing = [
            await stranger.get("/v1/jars/jar_none"),
            await stranger.post("/v1/jars/jar_none/marbles", json={"count": 1}),
        ]
        batch = await stranger.post("/v1/batch/jars", json={"keys": [jar]})
        listed = await stranger.get("/v1/jars?count=true")

    assert [one.status_code for one in foreign] == [404, 404]
    for found, absent in zip(foreign, missing, strict=True):
        assert str(told(found)).replace(jar, "jar_none") == str(told(absent))
    assert batch.json() == {jar: None}
    assert (listed.json()["nodes"], listed.json()["totalCount"]) == ([], 0)


async def test_a_refusal_names_the_action_the_need_and_who_could_grant_it(toy: Harness):
    jar = await opened(toy)
    async with toy.client(roles=["viewer"], areas=HERE) as viewer:
        refused = await viewer.post(f"/v1/jars/{jar}/marbles", json={"count": 1})
        read = (await viewer.get(f"/v1/jars/{jar}")).json()

    answer = refused.json()
    assert (refused.status_code, answer["slug"], answer["action"]) == (403, "not-permitted", "fill")
    assert answer["grantableBy"] == "the head of the pantry"
    assert answer["needs"] == "the role keeper where the jar stands"
    fill = read["permissions"][0]
    assert (fill["action"], fill["allowed"], fill["reason"]) == ("fill", False, answer["reason"])


async def test_a_batch_tells_for_many_objects_what_the_caller_may_do_to_them(toy: Harness):
    jar, far = await opened(toy), await opened(toy, area="420000")
    keys = [f"jar:{jar}", f"jar:{far}", "jar:jar_none"]
    async with toy.client(roles=["viewer"], areas=HERE) as viewer:
        told = (await viewer.post("/v1/batch/permissions", json={"keys": keys})).json()
        named = await viewer.post(
            "/v1/batch/permissions", json={"keys": keys[:1], "fields": ["action", "allowed"]}
        )
    async with toy.client(roles=["keeper"], areas=HERE) as keeper:
        may = (await keeper.post("/v1/batch/permissions", json={"keys": keys[:1]})).json()
        wrong = [
            await keeper.post("/v1/batch/permissions", json={"keys": [key]})
            for key in ("lid:jar_1", "jar", "jar:")
        ]

    fill, check = told[keys[0]]
    assert (fill["action"], fill["allowed"]) == ("fill", False)
    assert fill["grantableBy"] == "the head of the pantry"
    assert "needs the role keeper" in fill["reason"]
    assert check["action"] == "check"
    assert (told[keys[1]], told[keys[2]]) == (None, None)
    assert named.json()[keys[0]][0] == {"action": "fill", "allowed": False}
    # the keeper opened the jar: somebody else checks it
    assert [one["allowed"] for one in may[keys[0]]] == [True, False]
    assert [one["reason"] for one in may[keys[0]]] == [
        None,
        "Whoever opened the jar does not check it.",
    ]
    assert [one.status_code for one in wrong] == [422] * 3


async def test_nothing_is_opened_in_an_area_that_the_role_does_not_reach(toy: Harness):
    async with toy.client(roles=["keeper"], areas=ELSEWHERE) as stranger:
        refused = await stranger.post("/v1/jars", json={"label": "x", "area": "410105"})

    assert (refused.status_code, refused.json()["slug"]) == (403, "not-permitted")


async def test_a_second_person_checks(toy: Harness):
    async with toy.client(roles=["keeper"], subject="ali") as ali:
        jar = (await ali.post("/v1/jars", json={"label": "x"})).json()["id"]
        own = await ali.post(f"/v1/jars/{jar}/checks")
    async with toy.client(roles=["keeper"], subject="bo") as bo:
        second = await bo.post(f"/v1/jars/{jar}/checks")

    assert (own.status_code, own.json()["slug"]) == (409, "second-person-required")
    assert second.status_code == 200


async def test_a_command_that_nobody_decided_on_is_not_committed(toy: Harness):
    async with toy.client(roles=["keeper"]) as keeper:
        failed = await keeper.post("/v1/undecided")
        listed = await keeper.get("/v1/jars")

    assert (failed.status_code, failed.json()["slug"]) == (500, "internal-error")
    assert listed.json()["nodes"] == []


async def test_a_grant_works_while_it_is_live_and_ends_when_revoked(toy: Harness):
    jar = await opened(toy)
    grant = Grant(
        id="gra_1",
        role="keeper",
        area="410100",
        granted_by="head",
        valid_from=START,
        valid_to=START + timedelta(hours=1),
    )
    url, one = f"/v1/jars/{jar}/marbles", {"count": 1}

    async def put(uow: UnitOfWork, *, version: int, **about: Any) -> None:
        await policy.put_grant(uow.db, grant, subject="ali", version=version, **about)

    async with toy.client(roles=[], areas=[], subject="ali") as ali:
        before = await ali.post(url, json=one)
        await toy.run(put, version=1)
        during = await ali.post(url, json=one)
        await toy.run(put, version=3, revoked_at=START)
        await toy.run(put, version=2)  # an older fact, come late
        revoked = await ali.post(url, json=one)
        await toy.run(put, version=4)
        toy.runtime.clock.set(START + timedelta(hours=1))
        expired = await ali.post(url, json=one)

    answers = [before, during, revoked, expired]
    assert [answer.status_code for answer in answers] == [404, 200, 404, 404]


async def test_a_disabled_account_is_refused_until_it_is_enabled_again(toy: Harness):
    async def put(uow: UnitOfWork, version: int, disabled_at: Any) -> None:
        await policy.put_account(uow.db, "ali", version=version, disabled_at=disabled_at)

    async with toy.client(subject="ali") as ali:
        await toy.run(put, 1, START)
        disabled = await ali.get("/v1/jars")
        await toy.run(put, 2, None)
        enabled = await ali.get("/v1/jars")

    assert (disabled.status_code, disabled.json()["slug"]) == (401, "account-disabled")
    assert enabled.status_code == 200


async def test_decisions_and_changes_stay_with_the_unit_of_work(toy: Harness):
    keeper = Caller(subject="ali", grants=(Grant(role="keeper", area="410100"),))
    jar = await toy.run(open_jar, label="x")
    target = Target(kind="jar", id=jar.id, area="410100")

    async with begin(toy.runtime, keeper) as uow:
        allowed = uow.authorize("fill", target)
        await put_marbles(uow, jar.id, 1)
        await put_marbles(uow, jar.id, 1)
        first, second = uow.changes
    async with begin(toy.runtime, TESTER) as refused:
        with pytest.raises(NotPermitted):
            refused.authorize("fill", target)

    assert uow.decisions == [allowed]
    assert [one.allowed for one in refused.decisions] == [False]
    assert (first.kind, first.id, first.version, second.version) == ("jar", jar.id, 2, 3)
    assert first.before is not None
    assert second.before == first.after
    assert second.after not in (first.after, first.before)


def test_a_service_that_hides_rows_needs_a_policy_and_a_way_to_see_them():
    with pytest.raises(ValueError, match="jar"):
        create_service(
            "toy",
            router=router,
            subscriptions=(),
            timers={},
            published=(),
            metadata=store.metadata,
            migrations="tests.chassis.toy.migrations",
        )
    with pytest.raises(ValueError, match="area or by organization"):
        Visible()
