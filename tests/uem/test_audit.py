"""`uem audit` against a running service's routes, a real database and a real broker."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import pytest
from sqlalchemy import text

from chassis.audit.appender import Appender
from chassis.clock import Clock
from chassis.tables.audit import LINK, RECORD
from tests.chassis.rig import until
from tests.chassis.toy.app import create_app
from tests.harness import Harness
from uem import services
from uem.__main__ import main
from uem.problem import Problem
from uem.stack.passwords import Passwords

CLOCK = Clock()


@dataclass
class Bridge:
    """The operator's line to one service: sync on this side, the test's loop on the other."""

    client: httpx.AsyncClient
    loop: asyncio.AbstractEventLoop
    addresses: dict[str, str]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return

    def get(self, service: str, path: str, **query: str) -> dict[str, Any]:
        asked = asyncio.run_coroutine_threadsafe(self.client.get(path, params=query), self.loop)
        answer = asked.result(timeout=30)
        if answer.is_success:
            return dict(answer.json())
        raise Problem(str(answer.json()["detail"]), remedy=str(answer.status_code))


@dataclass
class Audited:
    """A service whose audit is being kept, and the command that looks at it."""

    toy: Harness
    appender: Appender

    async def record(self, *ids: str, **about: Any) -> None:
        values = {
            "recorded_at": CLOCK.wall(),
            "decided_at": CLOCK.now(),
            "subject": "ali",
            "action": "fill",
            "decision": "PERMITTED",
            "policies": ["fill-jar"],
            "object_kind": "jar",
            "mode": "REAL",
            "correlation_id": "cor_1",
        }
        async with self.toy.runtime.engine.begin() as db:
            for one in ids:
                given = {"id": one, "decision_id": one, "object_id": f"jar_{one}"} | values | about
                await db.execute(RECORD.insert().values(**given))

    async def linked(self, count: int) -> None:
        async def are_linked() -> bool:
            async with self.toy.runtime.reading.connect() as db:
                return len((await db.execute(LINK.select())).all()) == count

        await until(are_linked)

    async def tamper(self, owner: Any, statement: str) -> None:
        async with owner.begin() as db:
            await db.execute(text("SET LOCAL session_replication_role = replica"))
            await db.execute(text(statement))


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("UEM_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
async def audited(
    harness: Callable[..., Any], nats_url: str, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Audited]:
    toy = await harness(create_app())
    key = Passwords(own_home / "secrets").audit_key("toy")
    told = dataclasses.replace(toy.runtime.settings, nats_url=nats_url, audit_key_file=key)
    # a chain of its own in the session's stream of heads
    name = f"toy{CLOCK.new_id('x')[-8:]}"
    (own_home / "secrets" / f"audit-{name}.pem").write_text(key.read_text())
    toy.runtime = dataclasses.replace(toy.runtime, service=name, settings=told)
    toy.app.state.runtime = toy.runtime
    appender = Appender(toy.runtime, toy.runtime.broker, anchor_every_s=0)
    await toy.runtime.broker.start()
    await appender.start()
    async with toy.client(roles=["operator"]) as client:
        bridge = Bridge(client, asyncio.get_running_loop(), {name: "http://service"})
        monkeypatch.setattr("uem.verbs.audit.NAMES", [name])
        monkeypatch.setattr("uem.running.expect_running", lambda home: None)
        monkeypatch.setattr(services.Services, "of", lambda home, running: bridge)
        yield Audited(toy, appender)
    await appender.stop()
    await toy.runtime.broker.stop()


async def command(*words: str) -> int:
    return await asyncio.to_thread(main, ["audit", *words])


async def test_an_untouched_audit_passes_and_its_lag_is_told(audited: Audited, capsys):
    await audited.record("aud_1", "aud_2")
    await audited.linked(2)
    await audited.appender.drain()

    assert await command("verify") == 0

    heading, told = capsys.readouterr().out.splitlines()
    assert heading.split()[-3:] == ["unlinked", "unanchored", "findings"]
    assert told.split()[:3] == [audited.toy.runtime.service, "2", "2,"]
    assert told.split()[-3:] == ["0", "0", "0"]


async def test_a_touched_audit_is_named_and_the_command_fails(
    audited: Audited, postgres: Any, capsys
):
    await audited.record("aud_1", "aud_2", "aud_3")
    await audited.linked(3)
    await audited.appender.drain()
    (lent,) = [one for one in postgres._all if one.engine is audited.toy.runtime.engine]

    await audited.tamper(lent.owner, "UPDATE audit_record SET subject = 'bo' WHERE id = 'aud_2'")
    await audited.tamper(lent.owner, "DELETE FROM audit_link WHERE position = 3")

    assert await command("verify", "--service", audited.toy.runtime.service) == 1
    said = capsys.readouterr().out
    assert "EDITED link 2 aud_2" in said
    assert "TRUNCATED link 3" in said


async def test_anchors_of_another_key_are_forged(audited: Audited, own_home: Path, capsys):
    await audited.record("aud_1")
    await audited.linked(1)
    await audited.appender.drain()
    other = Passwords(own_home / "secrets").audit_key("other")

    assert await command("verify", "--key", str(other)) == 1

    assert "FORGED_ANCHOR link 1" in capsys.readouterr().out


async def test_anchors_that_cannot_be_read_are_a_finding(audited: Audited, capsys):
    await audited.appender.stop()
    await audited.toy.runtime.broker.stop()

    assert await command("verify") == 1

    assert "the anchors cannot be read: The broker is away." in capsys.readouterr().out


async def test_what_is_no_key_is_said(audited: Audited, tmp_path: Path, capsys):
    (tmp_path / "no.pem").write_text("-----BEGIN PRIVATE KEY-----")

    assert await command("verify", "--key", str(tmp_path / "no.pem")) == 1

    assert "holds no private key" in capsys.readouterr().out


async def test_who_did_what_is_listed_by_object_subject_and_time(audited: Audited, capsys):
    await audited.record("aud_1", "aud_2", "aud_3")
    await audited.record("aud_4", subject="bo", decision="REFUSED", reason="not here")

    assert await command("list", "--object", "jar/jar_aud_2") == 0
    by_object = capsys.readouterr().out
    assert await command("list", "--subject", "bo", "--since", "2020-01-01T00:00:00Z") == 0
    by_subject = capsys.readouterr().out
    assert await command("list", "--since", "2999-01-01T00:00:00Z") == 0
    assert "nothing is recorded" in capsys.readouterr().out
    assert await command("list", "--object", "jar") == 1

    assert "jar/jar_aud_2" in by_object
    assert "jar_aud_1" not in by_object
    assert "bo" in by_subject
    assert "ali" not in by_subject
    assert "kind/id" in capsys.readouterr().out


async def test_long_lists_and_chains_come_in_pages(audited: Audited, monkeypatch, capsys):
    monkeypatch.setattr("uem.audit.PAGE", 2)
    await audited.record(*(f"aud_{number}" for number in range(1, 6)))
    await audited.linked(5)
    await audited.appender.drain()

    assert await command("list", "--limit", "3") == 0
    assert capsys.readouterr().out.count("jar/jar_aud_") == 3
    assert await command("list") == 0
    assert capsys.readouterr().out.count("jar/jar_aud_") == 5
    assert await command("verify") == 0


async def test_only_an_operator_sees_the_audit(audited: Audited):
    async with audited.toy.client(roles=["keeper"], areas=["000000"]) as client:
        found = [
            (await client.get(f"/v1/operator/audit/{path}")).status_code
            for path in ("records", "links", "unlinked", "anchors")
        ]

    assert found == [403] * 4
