"""Who may what: each command permitted to one and refused to another, and both on record."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from chassis import documents
from services.org import commands, domain
from services.org.store import tables
from tests.harness import START, Harness
from tests.services.org import city, incidents, reading
from vocabulary import OrganizationKind

CITY, DISTRICT, ELSEWHERE = "410100", "410105", "420100"
SEEN: dict[str, Any] = {
    "subject": "stranger",
    "roles": ["viewer"],
    "areas": [CITY],
}  # sees it, and no more
UNSEEN: dict[str, Any] = {
    "subject": "stranger",
    "roles": ["duty_officer", "commander", "operator", "agency"],
    "org": "org_420100_office",
    "areas": [ELSEWHERE],
}


def who(
    subject: str, org: str | None, *roles: str, area: str = CITY, **more: Any
) -> dict[str, Any]:
    return {"subject": subject, "org": org, "roles": list(roles), "areas": [area]} | more


OFFICER = who("wang", city.OFFICE, "duty_officer")
OTHER_OFFICER = who("li", city.OFFICE, "duty_officer")
COMMANDER = who("chen", city.OFFICE, "commander")
FLOOD_COMMANDER = who("zhao", city.FLOOD, "commander", posts=["pst_duty"])
# acts for an organization that has no say over the area
METRO = who("sun", city.METRO, "duty_officer", area=ELSEWHERE)
SCHOOLS = who("zhou", city.EDUCATION, "duty_officer", area=ELSEWHERE)
OPERATOR = who("op", None, "operator")


class Tried:
    """Commands sent by somebody who may and by those who may not."""

    def __init__(self, org: Harness) -> None:
        self.org = org

    async def __call__(
        self,
        action: str,
        path: str,
        permitted: Mapping[str, Any],
        *,
        refused: Mapping[str, Any] = SEEN,
        unseen: int = 404,
        put: bool = False,
        **body: Any,
    ) -> Any:
        """Return the permitted answer; what is refused says why, what is not seen is not there."""
        method = "PUT" if put else "POST"
        for caller, status in ((UNSEEN, unseen), (refused, 403)):
            async with self.org.client(**caller) as client:
                answer = await client.request(method, path, json=body)
            assert answer.status_code == status, (action, answer.text)
            if status == 403:
                told = answer.json()
                assert (told["slug"], told["action"]) == ("not-permitted", action)
                assert told["needs"]
        async with self.org.client(**permitted) as client:
            answer = await client.request(method, path, json=body)
        assert answer.status_code < 300, (action, answer.text)
        on_record = {("REFUSED", "stranger"), ("PERMITTED", permitted["subject"])}
        assert on_record <= await self.recorded(action)
        return answer.json()

    async def recorded(self, action: str) -> set[tuple[str, str]]:
        async with self.org.runtime.reading.connect() as db:
            rows = await db.execute(
                text("SELECT decision, subject FROM audit_record WHERE action = :action"),
                {"action": action},
            )
            return {tuple(row) for row in rows}


async def test_incidents_reports_and_the_log_are_kept_where_they_happen(org: Harness) -> None:
    tried = Tried(org)
    told: dict[str, Any] = {
        "source": "hotline-110",
        "jurisdiction": CITY,
        "text": "water",
        "observedAt": START.isoformat(),
        "reporter": {"name": "王小明"},
    }
    report = await tried("receive_report", "/v1/reports", OFFICER, unseen=403, **told)
    other = await tried("receive_report", "/v1/reports", OFFICER, unseen=403, **told)
    incident = await tried(
        "declare_incident", "/v1/incidents", OFFICER, unseen=403, **incidents.body()
    )
    path, version = f"/v1/reports/{report['id']}", report["version"]
    await tried("verify_report", f"{path}/verify", OFFICER, expectedVersion=version)
    await tried(
        "reject_report",
        f"/v1/reports/{other['id']}/reject",
        OFFICER,
        reason="noise",
        expectedVersion=other["version"],
    )
    await tried("reveal_reporter", f"{path}/reporter/reveal", OFFICER, purpose="RESCUE")
    refusals: list[tuple[str, dict[str, Any]]] = [
        ("hold", OFFICER),
        ("release", SEEN),
        ("erase", SEEN),
    ]
    for action, refused in refusals:
        async with org.client(**OFFICER) as client:
            present = (await client.get(f"{path}/reporter")).json()
        body: dict[str, Any] = {} if action == "release" else {"reason": "court"}
        await tried(
            f"{action}_reporter",
            f"{path}/reporter/{action}",
            COMMANDER,
            refused=refused | {"subject": "stranger"},
            expectedVersion=present["version"],
            **body,
        )

    line: dict[str, Any] = {
        "jurisdiction": CITY,
        "at": START.isoformat(),
        "kind": "NOTE",
        "text": "x",
    }
    entry = await tried("sign_log_entry", "/v1/log-entries", OFFICER, unseen=403, **line)
    await tried(
        "strike_log_entry",
        f"/v1/log-entries/{entry['id']}/strike",
        OFFICER,
        reason="wrong",
        expectedVersion=entry["version"],
    )

    path = f"/v1/incidents/{incident['id']}"
    facts = [incidents.fact("deaths", 500)]
    version = incident["version"]
    typed = await tried(
        "record_facts", f"{path}/facts", OFFICER, facts=facts, expectedVersion=version
    )
    figure = typed["attention"][0]["figureId"]
    moved = await tried(
        "confirm_figure",
        f"{path}/figures/{figure}/confirm",
        OTHER_OFFICER,
        expectedVersion=typed["version"],
    )
    moved = await tried(
        "change_status",
        f"{path}/status",
        OFFICER,
        status="RESPONDING",
        reason="begun",
        expectedVersion=moved["version"],
    )
    async with org.client(**OFFICER) as client:
        whole = await incidents.declared(client, notADuplicateOf=[incident["id"]])
    merging: list[tuple[str, dict[str, Any]]] = [
        ("merge", {"into": whole["id"]}),
        ("unmerge", {}),
    ]
    for action, body in merging:
        moved = await tried(
            f"{action}_incident",
            f"{path}/{action}",
            OFFICER,
            expectedVersion=moved["version"],
            **body,
        )
    post = city.post("pst_office", city.OFFICE, 0)
    await org.run(commands.put_post, post, caller=city.OPERATOR)
    await tried("form_command", f"{path}/command", COMMANDER)
    await tried("close_incident", f"{path}/close", OFFICER, expectedVersion=moved["version"])
    async with org.client(**OFFICER) as client:
        version = (await client.get(path)).json()["version"]
    await tried("seal_incident", f"{path}/seal", COMMANDER, reason="court", expectedVersion=version)


async def test_organizations_do_what_they_owe_and_command_what_is_theirs(org: Harness) -> None:
    tried = Tried(org)
    await org.deliver(city.issued(org, city.signal()))
    answering = FLOOD_COMMANDER | {"roles": ["duty_officer"]}
    # an officer of another organization of the same city is not who answers
    await tried(
        "answer_signal",
        "/v1/signals/sig_1/answer",
        answering,
        refused=OFFICER | {"subject": "stranger", "org": city.EDUCATION},
        unseen=403,
        answer="DECLINE",
        reason="the rain passes north",
    )
    owed = await reading.obligation(org, "ANSWER_SIGNAL")
    await tried(
        "confirm_obligation", f"/v1/obligations/{owed.id}/confirm", FLOOD_COMMANDER, post="pst_duty"
    )
    await org.deliver(city.activated(org, "started", city.activation(steps=(*city.STEPS,))))
    issued, draft = await reading.orders(org)
    ordering: dict[str, Any] = {"refused": COMMANDER | {"subject": "stranger", "org": city.METRO}}
    await tried(
        "receipt_order",
        f"/v1/orders/{issued.id}/receipts",
        METRO,
        refused=FLOOD_COMMANDER | {"subject": "stranger"},
        status="CONFIRMED",
    )
    await tried(
        "issue_order",
        f"/v1/orders/{draft.id}/issue",
        FLOOD_COMMANDER,
        expectedVersion=draft.version,
        **ordering,
    )
    issued = (await reading.orders(org))[0]
    await tried(
        "lift_order",
        f"/v1/orders/{issued.id}/lift",
        who("mayor", city.COMMITTEE, "commander"),  # above the organization that ordered
        reason="water fell",
        expectedVersion=issued.version,
        **ordering,
    )
    task, of_nobody = await reading.tasks(org)
    tasks: list[tuple[str, domain.Task, Any, dict[str, Any]]] = [
        ("acknowledge", task, SCHOOLS, {}),
        ("complete", task, SCHOOLS, {}),
    ]
    tasks += [("decline", of_nobody, OFFICER, {"reason": "no aircraft"})]
    for action, one, permitted, body in tasks:
        version = next(each.version for each in await reading.tasks(org) if each.id == one.id)
        await tried(
            f"{action}_task",
            f"/v1/tasks/{one.id}/{action}",
            permitted,
            refused=SEEN if one is of_nobody else OFFICER | {"subject": "stranger"},
            expectedVersion=version,
            **body,
        )
    owed = (await reading.obligations(org, "ACKNOWLEDGE_ORDER"))[-1]
    await tried(
        "waive_obligation",
        f"/v1/obligations/{owed.id}/waive",
        COMMANDER,
        refused=OFFICER | {"subject": "stranger"},
        reason="called",
        expectedVersion=owed.version,
    )


async def test_reports_upward_are_kept_by_who_reports_and_receipted_by_who_got_them(
    org: Harness,
) -> None:
    superior = city.organization("org_410000_office", OrganizationKind.COMMITTEE_OFFICE, "410000")
    await org.run(commands.put_organization, superior, caller=city.OPERATOR)
    async with org.client(**OFFICER) as client:
        incident = await incidents.declared(client, facts=[incidents.fact("deaths", 4)])
    tried = Tried(org)
    listed = await org.read(documents.find, tables.situation_report, domain.SituationReport)
    path, version = f"/v1/situation-reports/{listed[0].id}", listed[0].version
    assert listed[0].incident_id == incident["id"]
    elsewhere: dict[str, Any] = {"refused": FLOOD_COMMANDER | {"subject": "stranger"}}
    steps: list[tuple[str, Any, dict[str, Any]]] = [
        ("revise", OFFICER, {"note": "rain goes on"}),
        ("phone", OFFICER, {"to": "province"}),
        ("sign", COMMANDER, {}),
        ("send", OFFICER, {}),
        ("receipt", who("gao", superior.id, "duty_officer", area=ELSEWHERE), {}),
    ]
    for verb, permitted, body in steps:
        answer = await tried(
            f"{verb}_situation_report",
            f"{path}/{verb}",
            permitted,
            expectedVersion=version,
            **elsewhere,
            **body,
        )
        version = answer["version"]


async def test_the_tree_is_kept_by_who_operates_where_it_lies(org: Harness) -> None:
    tried = Tried(org)
    names: dict[str, Any] = {"nameZh": "区", "nameEn": "district"}
    await tried(
        "put_jurisdiction", f"/v1/jurisdictions/{DISTRICT}", OPERATOR, unseen=403, put=True, **names
    )
    await tried(
        "put_organization",
        "/v1/organizations/org_new",
        OPERATOR,
        unseen=403,
        put=True,
        kind="DEPARTMENT",
        jurisdiction=CITY,
        **names,
    )
    await tried(
        "put_post",
        "/v1/posts/pst_new",
        OPERATOR,
        unseen=403,
        put=True,
        organization="org_new",
        titleZh="岗",
        titleEn="post",
        rung=0,
        channels=["phone"],
    )
    # nobody takes an organization away from where they have no say
    body = {"kind": "DEPARTMENT", "jurisdiction": ELSEWHERE} | names
    async with org.client(**UNSEEN) as client:
        taken = await client.put("/v1/organizations/org_new", json=body)
    assert (taken.status_code, taken.json()["slug"]) == (403, "not-permitted")


async def test_a_delegation_is_given_and_taken_back_and_an_account_ended(org: Harness) -> None:
    tried = Tried(org)
    night = {
        "subject": "deputy",
        "role": "duty_officer",
        "organizationId": city.OFFICE,
        "area": CITY,
        "validTo": (START + timedelta(hours=8)).isoformat(),
        "reason": "night shift",
    }
    async with org.client(**OFFICER) as client:
        given = (await client.post("/v1/grants", json=night)).json()
    await tried(
        "revoke_grant",
        f"/v1/grants/{given['id']}/revoke",
        OFFICER,
        reason="back",
        expectedVersion=given["version"],
    )
    async with org.client(**OFFICER | {"subject": "stranger"}) as client:
        refused = await client.post("/v1/accounts/mallory/disable", json={"reason": "x"})
    async with org.client(**OPERATOR) as client:
        done = [
            await client.post(f"/v1/accounts/mallory/{verb}", json={"reason": "x"})
            for verb in ("disable", "enable")
        ]
    assert (refused.status_code, refused.json()["slug"]) == (403, "not-permitted")
    assert [one.status_code for one in done] == [200, 200]
