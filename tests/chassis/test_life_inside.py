"""A service's life, looked at from inside one process."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from chassis import firing, life, stamp
from chassis.life import Life
from chassis.settings import Deployment, Settings
from chassis.stamp import StampMismatch
from tests.chassis.toy.app import create_app, open_jar
from tests.chassis.toy.store import get_jar
from tests.harness import START


@pytest.fixture
async def app(postgres):
    """The app, its database and settings, not yet alive."""
    made = create_app()
    async with postgres.lend(made.state.service, Deployment.REHEARSAL) as lent:
        made.state.database = lent
        yield made


@pytest.fixture
def settings(app, issuer) -> Settings:
    return Settings(
        database_url=app.state.database.url,
        deployment=Deployment.REHEARSAL,
        issuers=(issuer.trusted,),
        data_dir=issuer.jwks_file.parent,
        nats_url="nats://127.0.0.1:1",
    )


async def until(condition) -> None:
    async with asyncio.timeout(30):
        while not await condition():  # noqa: ASYNC110 - the service sets no event of ours
            await asyncio.sleep(0.01)


async def test_what_is_due_happens_while_a_service_lives(app, settings):
    async with app.state.database.engine.begin() as db:
        await stamp.set_now(db, START)
    living = Life(app, app.state.service, settings)
    await living.begin()
    try:
        runtime = app.state.runtime
        assert runtime.clock.now() == START  # as it was set before we started
        async with life_unit(runtime) as uow:
            jar = await open_jar(uow, label="x")

        runtime.clock.set(START + timedelta(hours=1))
        runtime.timers_changed.set()

        async def is_checked() -> bool:
            async with life_unit(runtime) as uow:
                return (await get_jar(uow.db, jar.id)).notes != ()

        await until(is_checked)
    finally:
        await living.end()
    assert app.state.runtime is None
    assert app.state.draining


def life_unit(runtime):
    from chassis.unit_of_work import Caller, begin

    return begin(runtime, Caller(subject="tester"))


async def test_what_fails_in_the_background_is_started_again(app, settings, monkeypatch):
    tries: asyncio.Queue[None] = asyncio.Queue()
    real = firing.run

    async def fragile(runtime, handlers, stop):
        tries.put_nowait(None)
        if tries.qsize() < 3:
            raise RuntimeError("not yet")
        await real(runtime, handlers, stop)

    monkeypatch.setattr(firing, "run", fragile)
    monkeypatch.setattr(life, "RETRY_FIRST", timedelta(milliseconds=1))
    living = Life(app, app.state.service, settings)
    await living.begin()
    try:

        async def has_been_tried() -> bool:
            return tries.qsize() == 3

        await until(has_been_tried)
    finally:
        await living.end()


async def test_what_does_not_finish_in_time_is_ended(app, settings, monkeypatch):
    ended = asyncio.Event()

    async def stubborn(runtime, handlers, stop):
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    monkeypatch.setattr(firing, "run", stubborn)
    monkeypatch.setattr(life, "FINISH_S", 0.05)
    living = Life(app, app.state.service, settings)
    await living.begin()
    await asyncio.sleep(0)

    await living.end()

    assert ended.is_set()


async def test_another_deployments_database_is_refused_at_once(app, settings):
    living = Life(app, app.state.service, replace(settings, deployment=Deployment.PRODUCTION))

    with pytest.raises(StampMismatch):
        await living.begin()
    await living.end()

    assert app.state.runtime is None


async def test_a_service_that_waits_can_be_ended(app, settings, monkeypatch):
    monkeypatch.setattr(life, "RETRY_FIRST", timedelta(milliseconds=1))
    away = settings.database_url.rsplit("/", 1)[0] + "/no_such_database"
    living = Life(app, app.state.service, replace(settings, database_url=away))

    await living.begin()
    because = app.state.waiting_for
    await living.end()

    assert "no_such_database" in because


async def test_hooks_surround_the_life(app, settings):
    from contextlib import asynccontextmanager

    seen: list[str] = []

    @asynccontextmanager
    async def hook(runtime):
        seen.append(f"before {runtime.service}")
        yield
        seen.append("after")

    service = replace(app.state.service, lifespan_hooks=(hook,))
    living = Life(app, service, settings)

    await living.begin()
    assert seen == ["before toy"]
    await living.end()

    assert seen == ["before toy", "after"]
