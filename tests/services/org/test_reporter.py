"""Who told is sealed, shown masked, whole only for a purpose, and gone when the time is over."""

import base64
import dataclasses
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from sqlalchemy import select

from chassis import documents, sealing
from chassis.errors import NotFound
from chassis.policy import EVERYTHING, Grant, enter, put_grant
from chassis.runtime import Runtime
from chassis.settings import SettingsError
from services.org import app, commands, domain
from services.org.store import tables
from tests.harness import START, Harness
from tests.services.org import city

PLACE = {"type": "Point", "coordinates": [113.62, 34.75]}
NAME, PHONE = "王小明", "138 0013-8000"
WANG = city.caller("wang", city.FLOOD, "duty_officer", person="wang")
NINETY_DAYS = timedelta(days=90)


@pytest.fixture
async def officer(org: Harness) -> AsyncIterator[httpx.AsyncClient]:
    async with org.client(
        roles=["duty_officer", "commander", "viewer"], org=city.FLOOD, person="wang"
    ) as client:
        yield client


def told(**reporter: Any) -> dict[str, Any]:
    return {
        "source": "hotline-110",
        "emergencyType": "11A02",
        "jurisdiction": "410100",
        "text": "the underpass is full of water",
        "observedAt": START.isoformat(),
        "reporter": {"name": NAME, "phone": PHONE, "place": PLACE} | reporter,
    }


async def take(client: httpx.AsyncClient, **reporter: Any) -> dict[str, Any]:
    answer = await client.post("/v1/reports", json=told(**reporter))
    assert answer.status_code == 201, answer.text
    taken: dict[str, Any] = answer.json()
    return taken


async def masked(client: httpx.AsyncClient, report: str) -> dict[str, Any]:
    shown: dict[str, Any] = (await client.get(f"/v1/reports/{report}/reporter")).json()
    return shown


def ring_of(org: Harness) -> sealing.Ring:
    return sealing.read(org.runtime.settings.keys_file)


async def rows(org: Harness, table: Any) -> list[Any]:
    async with org.runtime.reading.connect() as db:
        return list(await db.execute(select(table)))


async def test_who_told_is_shown_masked(officer: Any) -> None:
    report = await take(officer)

    shown = await masked(officer, report["id"])

    assert (shown["name"], shown["phone"], shown["hasPlace"]) == ("王**", "138****8000", True)
    assert "reporter" not in report
    assert shown["expiresAt"] == "2026-11-28T08:00:00Z"  # 180 days, while nobody decides


async def test_a_reader_without_an_office_sees_nobody(org: Harness, officer: Any) -> None:
    report = await take(officer)

    async with org.client(roles=["viewer", "agency"], org=city.FLOOD) as reader:
        path = f"/v1/reports/{report['id']}/reporter"
        shown = await reader.get(path)
        revealed = await reader.post(f"{path}/reveal", json={"purpose": "CALL_BACK"})

    assert (shown.status_code, revealed.status_code) == (403, 403)


async def test_the_whole_is_shown_for_a_purpose_and_the_look_is_recorded(
    org: Harness, officer: Any
) -> None:
    report = await take(officer)
    path = f"/v1/reports/{report['id']}/reporter/reveal"

    whole = await officer.post(path, json={"purpose": "CALL_BACK"})
    without = await officer.post(path, json={})
    kept = await officer.post(path, json={"purpose": "RESCUE"}, headers={"Idempotency-Key": "a"})

    assert whole.json() == {
        "report": report["id"],
        "purpose": "CALL_BACK",
        "name": NAME,
        "phone": "13800138000",
        "longitude": 113.62,
        "latitude": 34.75,
    }
    assert (without.status_code, kept.json()["slug"]) == (422, "answer-not-kept")
    assert (await masked(officer, report["id"]))["reveals"] == [
        {"by": "wang", "purpose": "CALL_BACK", "at": "2026-06-01T08:00:00Z"}
    ]
    (line,) = (await officer.get("/v1/log-entries")).json()["nodes"]
    assert line["textEn"] == f"wang saw who told {report['id']}: CALL_BACK"


async def test_nobody_looks_at_more_reporters_than_a_desk_calls_back(
    org: Harness, officer: Any
) -> None:
    report = await take(officer)
    path = f"/v1/reports/{report['id']}/reporter/reveal"
    purpose = {"purpose": "CALL_BACK"}
    looks = [(await officer.post(path, json=purpose)).status_code for _ in range(20)]

    refused = await officer.post(path, json=purpose)
    org.clock.set(START + timedelta(minutes=61))
    later = await officer.post(path, json=purpose)

    assert looks == [200] * 20
    assert (refused.status_code, refused.json()["slug"]) == (429, "revealed-too-often")
    assert later.status_code == 200


async def test_reports_of_one_caller_are_found_without_anybody_naming_the_number(
    officer: Any,
) -> None:
    first = await take(officer)
    same = await take(officer, phone="+86 13800138000", name=None)
    other = await take(officer, phone="13900139000")

    assert (await masked(officer, first["id"]))["sameCaller"] == [same["id"]]
    assert (await masked(officer, other["id"]))["sameCaller"] == []


async def test_a_hold_names_no_report_of_the_same_caller_that_may_not_be_seen(
    org: Harness, officer: Any
) -> None:
    await take(officer)  # told in the city, which the district does not see
    body = told() | {"jurisdiction": "410105"}
    here = (await officer.post("/v1/reports", json=body)).json()["id"]

    async with org.client(
        subject="zhou", roles=["commander", "viewer"], areas=["410105"]
    ) as commander:
        version = (await masked(commander, here))["version"]
        held = await commander.post(
            f"/v1/reports/{here}/reporter/hold",
            json={"expectedVersion": version, "reason": "a complaint"},
        )

    assert (held.status_code, held.json()["sameCaller"]) == (200, [])


@pytest.mark.parametrize("phone", ["call me", "13", "12345678901234567", "138x0013800"])
async def test_a_number_that_is_none_is_refused_without_repeating_it(
    officer: Any, phone: str
) -> None:
    answer = await officer.post("/v1/reports", json=told(phone=phone))

    assert answer.status_code == 422
    problem = answer.json()
    del problem["traceId"]  # random digits, which may happen to be those of the number
    assert phone not in str(problem)


async def test_a_home_that_is_nowhere_is_refused_without_repeating_it(officer: Any) -> None:
    swapped = {"type": "Point", "coordinates": [34.7512345, 113.6254321]}

    answer = await officer.post("/v1/reports", json=told(place=swapped))

    assert (answer.status_code, answer.json()["slug"]) == (422, "place-invalid")
    assert "113.62" not in answer.text


async def test_the_seal_holds_apart_from_its_key_and_after_it(org: Harness, officer: Any) -> None:
    report = await take(officer)
    reporter = await org.read(documents.load, tables.reporter, report["id"], domain.Reporter)
    ((_, key_id, wrapped, _),) = await rows(org, tables.reporter_key)
    key = sealing.Wrapped(key_id=key_id, key=wrapped)
    plain = sealing.unseal(ring_of(org), reporter.sealed, key, bound_to=report["id"])
    assert msgspec.json.decode(plain)["phone"] == "13800138000"

    erased = await officer.post(
        f"/v1/reports/{report['id']}/reporter/erase",
        json={"reason": "the caller asked", "expectedVersion": reporter.version},
    )

    assert (erased.json()["name"], erased.json()["erasedAt"]) == (None, "2026-06-01T08:00:00Z")
    assert await rows(org, tables.reporter_key) == []
    revealed = await officer.post(
        f"/v1/reports/{report['id']}/reporter/reveal", json={"purpose": "RESCUE"}
    )
    assert (revealed.status_code, revealed.json()["slug"]) == (409, "reporter-erased")


async def test_a_copy_of_the_row_opens_nowhere_once_the_key_is_destroyed(
    org: Harness, officer: Any
) -> None:
    report, other = await take(officer), await take(officer, phone="13900139000")
    copied = await org.read(documents.load, tables.reporter, report["id"], domain.Reporter)
    await officer.post(
        f"/v1/reports/{report['id']}/reporter/erase",
        json={"reason": "the caller asked", "expectedVersion": copied.version},
    )

    # when the row is put back as it was, as from a copy, and under the id of another report
    async with org.runtime.engine.begin() as db:
        await enter(db, EVERYTHING)
        for id in (report["id"], other["id"]):
            doc = msgspec.json.decode(msgspec.json.encode(copied)) | {"id": id}
            row = tables.reporter
            await db.execute(row.update().where(row.c.id == id).values(doc=doc, version=2))

    with pytest.raises(NotFound):
        await org.run(
            commands.reveal_reporter,
            report["id"],
            domain.Purpose.RESCUE,
            ring=ring_of(org),
            caller=WANG,
        )
    with pytest.raises(sealing.SealBroken):
        await org.run(
            commands.reveal_reporter,
            other["id"],
            domain.Purpose.RESCUE,
            ring=ring_of(org),
            caller=WANG,
        )


async def test_keys_are_rotated_and_the_old_one_can_go(org: Harness, officer: Any) -> None:
    first, second = await take(officer), await take(officer, name=None)
    old = ring_of(org)
    both = sealing.Ring(current="k2", keys={**old.keys, "k2": bytes(range(32))})
    new = sealing.Ring(current="k2", keys={"k2": bytes(range(32))})

    counts = [await org.run(commands.rewrap_reporters, ring=both) for _ in range(2)]

    assert counts == [2, 0]
    person = await org.run(
        commands.reveal_reporter, first["id"], domain.Purpose.RESCUE, ring=new, caller=WANG
    )
    assert person.phone == "13800138000"
    file = org.runtime.settings.keys_file
    assert file is not None
    file.write_text(_text(new))
    assert (await masked(officer, first["id"]))["sameCaller"] == [second["id"]]


async def test_without_the_key_the_service_says_which_one_is_wanted(
    org: Harness, officer: Any
) -> None:
    report = await take(officer)
    file = org.runtime.settings.keys_file
    assert file is not None
    file.write_text(_text(sealing.Ring(current="k9", keys={"k9": bytes(range(32))})))

    answer = await officer.get(f"/v1/reports/{report['id']}/reporter")

    assert (answer.status_code, answer.json()["slug"]) == (503, "key-not-held")
    assert "k1" in answer.json()["detail"]


@pytest.mark.parametrize("file", [None, Path("/nowhere/keys.json")])
async def test_org_does_not_start_without_its_keys(org: Harness, file: Path | None) -> None:
    without = dataclasses.replace(org.runtime.settings, keys_file=file)
    runtime = Runtime("org", org.runtime.engine, org.runtime.clock, without)

    with pytest.raises(SettingsError, match="UEM_KEYS_FILE"):
        async with app.keys_held(runtime):
            raise AssertionError("it started")


def _text(ring: sealing.Ring) -> str:
    keys = {name: base64.b64encode(key).decode() for name, key in ring.keys.items()}
    return msgspec.json.encode({"current": ring.current, "keys": keys}).decode()


async def test_an_officer_of_one_district_who_only_looks_at_another_sees_no_reporter_there(
    org: Harness, officer: Any
) -> None:
    body = told() | {"jurisdiction": "410105"}
    report = (await officer.post("/v1/reports", json=body)).json()["id"]
    looks = Grant(id="gra_1", role="viewer", area="410105")
    async with org.runtime.engine.begin() as db:
        await put_grant(db, looks, subject="li", version=1)

    async with org.client(subject="li", roles=["duty_officer"], areas=["410102"]) as elsewhere:
        seen = await elsewhere.get(f"/v1/reports/{report}")
        refused = await elsewhere.get(f"/v1/reports/{report}/reporter")

    assert seen.status_code == 200
    assert (refused.status_code, refused.json()["slug"]) == (403, "not-permitted")
