"""Who may do what in guarantee: refusals say why, decisions are kept."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import select

from chassis.tables.audit import RECORD
from tests.services.guarantee.messages import (
    FLOOD_COMMAND,
    PUMPS_OWNER,
    SENDER,
    cap_xml,
    hear,
    need,
    pump,
    started,
)

PROVISION = {
    "instrument": "Emergency Response Law",
    "article": "art. 67",
    "measures": ["stop_metro"],
    "heldBy": ["SPECIAL_COMMAND"],
    "validFrom": "2024-11-01T00:00:00+08:00",
    "source": "law",
}
DRAFT = {"emergencyType": "11B03", "colour": "ORANGE", "areas": ["410100"]}

Asked = Callable[[Any, dict[str, Any]], Awaitable[Any]]


def post(path: str, **body: Any) -> Asked:
    return lambda client, ids: client.post(path.format(**ids), json=body)


def put(path: str, body: dict[str, Any]) -> Asked:
    return lambda client, ids: client.put(path.format(**ids), json=body)


def cap(client, ids):
    return client.post(
        "/v1/cap", content=cap_xml("ZZ-2"), headers={"content-type": "application/cap+xml"}
    )


HOME, FAR, PUMPS = "410100", "420000", PUMPS_OWNER.id
FORM = {"identifier": "ZZ-F", "emergencyType": "11B03", "colour": "RED", "areas": ["410100"]}
BECAUSE = {"expectedVersion": 1, "reason": "because"}
UPDATE = {"expectedVersion": 2, "colour": "RED"}

# action, what is asked, who may, who may not and is told so; each (role, area, organization)
CASES = [
    ("receive_message", cap, ("agency", HOME, SENDER), ("commander", HOME, SENDER)),
    ("begin_signal", cap, ("agency", HOME, SENDER), ("agency", FAR, SENDER)),
    (
        "issue_signal",
        post("/v1/signals", **FORM),
        ("agency", HOME, SENDER),
        ("agency", FAR, SENDER),
    ),
    (
        "end_signal",
        post("/v1/signals/{signal}/cancel", **BECAUSE),
        ("agency", HOME, SENDER),
        ("agency", HOME, "somebody-else"),
    ),
    (
        "draft_warning",
        post("/v1/warnings", **DRAFT),
        ("duty_officer", HOME, None),
        ("commander", FAR, None),
    ),
    (
        "approve_warning",
        post("/v1/warnings/{draft}/approve", expectedVersion=1),
        ("commander", HOME, None),
        ("duty_officer", HOME, None),
    ),
    (
        "reject_warning",
        post("/v1/warnings/{draft_2}/reject", **BECAUSE),
        ("commander", "410000", None),
        ("commander", FAR, FLOOD_COMMAND.id),
    ),
    (
        "update_warning",
        post("/v1/warnings/{issued}/update", **UPDATE),
        ("duty_officer", HOME, None),
        ("duty_officer", FAR, None),
    ),
    (
        "cancel_warning",
        post("/v1/warnings/{issued}/cancel", expectedVersion=2, reason="over"),
        ("commander", HOME, None),
        ("commander", FAR, None),
    ),
    (
        "put_provision",
        put("/v1/provisions/prov_1", PROVISION),
        ("planner", "000000", None),
        ("planner", HOME, None),
    ),
    (
        "put_resource",
        put("/v1/resources/res_9", pump()),
        ("keeper", FAR, PUMPS),
        ("keeper", HOME, "org_b"),
    ),
    (
        "widen_requirement",
        post("/v1/requirements/{short}/widen", expectedVersion=2),
        ("duty_officer", HOME, None),
        ("keeper", HOME, None),
    ),
    (
        "report_dispatch",
        post("/v1/dispatches/{dispatch}/acknowledge", expectedVersion=1),
        ("keeper", FAR, PUMPS),
        ("keeper", HOME, "org_b"),
    ),
    (
        "report_unable",
        post("/v1/dispatches/{dispatch_2}/unable", **BECAUSE),
        ("commander", HOME, None),
        ("agency", HOME, None),
    ),
    (
        "release_dispatch",
        post("/v1/dispatches/{dispatch_3}/release", **BECAUSE),
        ("commander", HOME, None),
        ("keeper", FAR, PUMPS),
    ),
]


@pytest.fixture
async def desk(guarantee):
    """A signal, drafts, an announced warning, resources on their way and a need that is short."""
    async with guarantee.client(
        roles=["agency", "commander", "operator"], org=SENDER, subject="drafter"
    ) as one:
        signal = (await one.post("/v1/signals", json=FORM | {"identifier": "ZZ-0"})).json()
        (of_signal,) = (await one.get("/v1/warnings")).json()["nodes"]
        drafts = [(await one.post("/v1/warnings", json=DRAFT)).json()["id"] for _ in range(2)]
        await one.post(f"/v1/warnings/{of_signal['id']}/approve", json={"expectedVersion": 1})
        for number in range(3):
            await one.put(f"/v1/resources/res_{number}", json=pump())
        await hear(guarantee, started(need(quantity=3.0), need("boats", 1.0, capability="boat")))
        await guarantee.advance(guarantee.clock.now())
        sent = [one["id"] for one in (await one.get("/v1/dispatches")).json()["nodes"]]
        (short,) = (await one.get("/v1/requirements?status=UNMET")).json()["nodes"]
    return {
        "signal": signal["id"],
        "draft": drafts[0],
        "draft_2": drafts[1],
        "issued": of_signal["id"],
        "dispatch": sent[0],
        "dispatch_2": sent[1],
        "dispatch_3": sent[2],
        "short": short["id"],
    }


async def test_a_command_is_for_a_role_in_an_organization_within_an_area(guarantee, desk):
    async def answer(ask, who, role, area, org):
        async with guarantee.client(roles=[role], areas=[area], org=org, subject=who) as client:
            return await ask(client, desk)

    for action, ask, _, may_not in CASES:
        refused = await answer(ask, "no", *may_not)
        assert refused.status_code == 403, (action, refused.text)
        assert (refused.json()["slug"], refused.json()["action"]) == ("not-permitted", action)
        assert refused.json()["grantableBy"]
    for action, ask, may, _ in CASES:
        done = await answer(ask, "yes", *may)
        assert done.status_code in {200, 201}, (action, done.text)

    kept = await recorded(guarantee)
    assert {("no", case[0], "REFUSED") for case in CASES} <= kept
    assert {("yes", case[0], "PERMITTED") for case in CASES} <= kept


async def recorded(guarantee):
    statement = select(RECORD.c.subject, RECORD.c.action, RECORD.c.decision)
    rows = await guarantee.read(lambda db: db.execute(statement))
    return {tuple(row) for row in rows}


async def test_what_one_may_not_see_is_not_there_whatever_version_is_named(guarantee, desk):
    async with guarantee.client(roles=["commander"], areas=[FAR]) as client:
        answers = [
            await client.post(f"/v1/dispatches/{id}/acknowledge", json={"expectedVersion": version})
            for id in (desk["dispatch"], "dsp_none")
            for version in (1, 9)
        ]
        listed = [
            (await client.get(f"/v1/{kind}")).json()["nodes"]
            for kind in ("dispatches", "requirements", "allocations")
        ]
        warnings = (await client.get("/v1/warnings")).json()["nodes"]

    assert [one.status_code for one in answers] == [404] * 4
    assert {one.json()["slug"] for one in answers} == {"dispatch-not-found"}
    assert listed == [[], [], []]
    assert [one["id"] for one in warnings] == [desk["issued"]]  # announced: everybody's


async def test_a_batch_tells_what_the_viewer_may_do(guarantee, desk):
    keys = [f"warning:{desk['draft']}", f"dispatch:{desk['dispatch']}", "dispatch:dsp_none"]
    async with guarantee.client(roles=["commander"], areas=[HOME], subject="drafter") as client:
        found = (await client.post("/v1/batch/permissions", json={"keys": keys})).json()

    may = {key: {one["action"]: one["allowed"] for one in found[key] or ()} for key in keys}
    assert may == {
        keys[0]: {
            "approve_warning": False,
            "reject_warning": True,
            "update_warning": True,
            "cancel_warning": True,
        },
        keys[1]: dict.fromkeys(
            ("report_dispatch", "report_unable", "release_dispatch", "return_dispatch"), True
        ),
        keys[2]: {},
    }
    (approve,) = [one for one in found[keys[0]] if one["action"] == "approve_warning"]
    assert approve["reason"] == "Whoever drafted a warning does not approve it."


async def test_a_cap_message_ends_no_signal_that_others_passed_on(guarantee):
    cancel = cap_xml("ZZ-9", kind="Cancel", references=["ZZ-1"])
    headers = {"content-type": "application/cap+xml"}
    async with guarantee.client(roles=["agency"], org=SENDER) as agency:
        signal = (await agency.post("/v1/cap", content=cap_xml(), headers=headers)).json()["id"]
    async with guarantee.client(roles=["agency"], org="somebody-else") as other:
        foreign = await other.post("/v1/cap", content=cancel, headers=headers)
        shown = (await other.get(f"/v1/signals/{signal}")).json()

    assert (foreign.status_code, foreign.json()["action"]) == (403, "end_signal")
    assert shown["status"] == "ACTIVE"
