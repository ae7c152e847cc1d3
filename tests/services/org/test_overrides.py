"""An override asks for a decision, an order that ends with it, and a report to supervision; twice and in any order."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from contracts.plans import v1 as plans
from services.org import commands, domain
from tests.harness import START, Harness
from tests.services.org import city, reading
from vocabulary import Mode, OrganizationKind, ResponseLevel

MAYOR = city.caller("mayor", city.FLOOD, "commander", person="mayor", posts=("pst_mayor",))
COMMITTEE = city.caller("li", city.COMMITTEE, "commander", person="li", posts=("pst_mayor",))
SUPERVISION = "org_410100_supervision"
UNTIL = START + timedelta(minutes=60)
ENDLESS = plans.Measure(
    code="requisition",
    text_zh="征用",
    text_en="requisition",
    addressee_functions=("metro.operation",),
    legal=city.SEIZE.legal,
)
_BODIES: dict[str, Any] = {
    "asked": plans.OverrideAsked,
    "granted": plans.OverrideGranted,
    "declined": plans.OverrideDeclined,
    "expired": plans.OverrideExpired,
    "ended": plans.OverrideEnded,
}
_DECIDED = {"authority": city.COMMITTEE, "decided_by": f"{city.COMMITTEE}/pst_mayor"}
_STATES: dict[str, dict[str, Any]] = {
    "asked": {},
    "granted": _DECIDED | {"until": UNTIL},
    "declined": _DECIDED,
    "expired": _DECIDED | {"until": UNTIL, "ended_at": UNTIL},
    "ended": _DECIDED | {"until": UNTIL, "ended_because": "the water fell"},
}


def override(event: str, **more: Any) -> plans.Override:
    """The requisition of the flood plan, as it stands after the event."""
    defaults: dict[str, Any] = {
        "id": "ovr_1",
        "activation_id": "act_1",
        "plan_title_zh": "防汛预案",
        "plan_title_en": "flood plan",
        "emergency_type": "11B03",
        "jurisdiction": "410100",
        "mode": Mode.REAL,
        "organization_id": city.FLOOD,
        "measure": ENDLESS,
        "state": event.upper(),
        "authorities": (city.COMMITTEE, city.PROVINCE),
        "minutes": 60,
        "asked_by": f"{city.FLOOD}/pst_duty",
        "asked_at": START,
        "asked_because": "boats are missing",
        "rule": "overrides-national@2007.1",
    }
    return plans.Override(**defaults | _STATES[event] | more)


def overridden(org: Harness, event: str, **about: Any) -> Any:
    said = override(event, **about.pop("said", {}))
    return org.event(
        _BODIES[event](override=said),
        service="plans",
        aggregate="override",
        event=event,
        id=said.id,
        area=said.jurisdiction,
        mode=said.mode.value,
        **about,
    )


async def supervise(org: Harness) -> None:
    kind = OrganizationKind.SUPERVISION_ORGANIZATION
    one = city.organization(SUPERVISION, kind, "410100")
    await org.run(commands.put_organization, one, caller=city.OPERATOR)


async def granted(org: Harness) -> domain.Order:
    """The activation is in force, the override granted; returns the order that it lets be drafted."""
    await supervise(org)
    await org.deliver(city.activated(org, "started", city.activation()))
    await org.deliver(overridden(org, "asked"))
    await org.deliver(overridden(org, "granted"))
    return await under_override(org)


async def under_override(org: Harness) -> domain.Order:
    (order,) = [one for one in await reading.orders(org) if one.override is not None]
    return order


async def standing(org: Harness) -> list[tuple[str, list[str], bool]]:
    """Status, measures and whether under an override of each order, in an order of their own."""
    found = [
        (one.status.value, [m.code for m in one.measures], one.override is not None)
        for one in await reading.orders(org)
        if one.status is not domain.OrderStatus.WITHDRAWN
    ]
    return sorted(found)


async def issue(org: Harness, order: domain.Order, **about: Any) -> domain.Order:
    issued: domain.Order = await org.run(
        commands.issue_order,
        order.id,
        expected_version=order.version,
        post="pst_mayor",
        caller=MAYOR,
        **about,
    )
    return issued


async def test_the_nearest_authority_owes_a_decision_and_is_told(org: Harness) -> None:
    await org.deliver(overridden(org, "asked"))

    owed = await reading.obligation(org, "DECIDE_OVERRIDE")
    assert (owed.owed_by, owed.owed_to) == (city.COMMITTEE, city.FLOOD)
    assert owed.due_at == START + timedelta(minutes=15)
    assert owed.subject == domain.Subject(domain.SubjectKind.OVERRIDE, "ovr_1")
    assert reading.told(owed) == ["pst_vice_mayor"]


async def test_a_decision_answers_what_was_owed(org: Harness) -> None:
    await org.deliver(overridden(org, "asked"))

    await org.deliver(overridden(org, "declined"))

    owed = await reading.obligation(org, "DECIDE_OVERRIDE")
    assert (owed.state, owed.answered_by) == ("ANSWERED", f"{city.COMMITTEE}/pst_mayor")
    assert await reading.obligations(org, "REPORT_OVERRIDE") == []


async def test_the_measure_waits_in_an_order_of_its_own_whose_issue_is_owed(org: Harness) -> None:
    order = await granted(org)

    assert await standing(org) == [
        ("DRAFT", ["requisition"], True),
        ("DRAFT", ["suspend_classes"], False),
        ("ISSUED", ["stop_metro"], False),
    ]
    assert order.id in [one.subject.id for one in await reading.obligations(org, "ISSUE_ORDER")]


async def test_the_order_cites_the_override_and_ends_with_it(org: Harness) -> None:
    order = await granted(org)

    issued = await issue(org, order)

    assert (issued.effective_until, issued.override_id) == (UNTIL, "ovr_1")
    (said,) = [
        one.body["order"]
        for one in await org.published("order.issued")
        if "overrideId" in one.body["order"]
    ]
    assert said["measures"][0]["legalBasis"] == (
        f"emergency override ovr_1 by {city.COMMITTEE}/pst_mayor until 2026-06-01T09:00Z"
    )
    assert said["measures"][0]["legalVerdict"] == "REFUSED"
    await org.advance(UNTIL)
    assert (await under_override(org)).status == "LIFTED"


@pytest.mark.parametrize(
    ("minutes", "until"), [(None, UNTIL), (30, START + timedelta(minutes=30)), (600, UNTIL)]
)
async def test_the_order_ends_as_planned_but_not_later_than_the_override(
    org: Harness, minutes: int | None, until: datetime
) -> None:
    measure = plans.Measure(code="requisition", duration_minutes=minutes, legal=city.SEIZE.legal)
    await org.deliver(overridden(org, "granted", said={"measure": measure}))

    issued = await issue(org, await under_override(org))

    assert issued.effective_until == until


async def test_nothing_is_ordered_under_an_override_that_is_over(org: Harness) -> None:
    order = await granted(org)
    org.clock.set(UNTIL)

    with pytest.raises(domain.OverrideOver) as refusal:
        await issue(org, order)

    assert refusal.value.slug == "override-over"
    assert (await under_override(org)).status == "DRAFT"


async def test_another_signature_does_not_issue_what_rests_on_an_override(org: Harness) -> None:
    await granted(org)

    signed = city.activation(level=ResponseLevel.LEVEL_I, decided_by=f"{city.FLOOD}/pst_mayor")
    await org.deliver(city.activated(org, "raised", signed))

    assert (await under_override(org)).status == "DRAFT"


@pytest.mark.parametrize("event", ["expired", "ended"])
async def test_when_it_is_over_its_order_is_lifted_and_the_measure_refused_again(
    org: Harness, event: str
) -> None:
    await issue(org, await granted(org))

    await org.deliver(overridden(org, event))

    order = await under_override(org)
    assert order.status == "LIFTED"
    assert order.lifted_because in {
        "override ended: expired",
        "override ended: the water fell",
    }
    (draft,) = [one for one in await reading.orders(org) if one.status == "DRAFT"]
    assert [(one.code, one.legal.verdict) for one in draft.measures] == [
        ("suspend_classes", "ALLOWED"),
        ("requisition", "REFUSED"),
    ]


async def test_a_draft_that_nobody_signed_falls_with_the_override(org: Harness) -> None:
    await granted(org)

    await org.deliver(overridden(org, "ended"))

    assert await standing(org) == [
        ("DRAFT", ["suspend_classes", "requisition"], False),
        ("ISSUED", ["stop_metro"], False),
    ]


async def test_each_event_heard_twice_acts_once(org: Harness) -> None:
    await supervise(org)
    for event in ("asked", "granted", "ended"):
        said = overridden(org, event)
        await org.deliver(said)
        before = (await standing(org), await reading.obligations(org))
        await org.deliver(said)
        assert (await standing(org), await reading.obligations(org)) == before


@pytest.mark.parametrize("activation_first", [True, False])
@pytest.mark.parametrize("ends", [True, False])
async def test_whether_the_activation_or_its_override_is_heard_first_is_all_the_same(
    org: Harness, activation_first: bool, ends: bool
) -> None:
    started = city.activated(org, "started", city.activation())
    events = [overridden(org, each) for each in ("asked", "granted", *(["ended"] if ends else []))]

    for one in (started, *events) if activation_first else (*events, started):
        await org.deliver(one)

    ordinary = ["suspend_classes", "requisition"] if ends else ["suspend_classes"]
    own = [] if ends else [("DRAFT", ["requisition"], True)]
    assert await standing(org) == [
        *own,
        ("DRAFT", ordinary, False),
        ("ISSUED", ["stop_metro"], False),
    ]


async def test_an_override_is_reported_to_supervision_in_time(org: Harness) -> None:
    await granted(org)
    owed = await reading.obligation(org, "REPORT_OVERRIDE")

    answered = await org.run(
        commands.report_obligation, owed.id, text="boats taken for the hospital", caller=COMMITTEE
    )

    assert (owed.owed_by, owed.owed_to) == (city.COMMITTEE, SUPERVISION)
    assert owed.due_at == START + timedelta(hours=2)
    assert owed.notices
    assert (answered.state, answered.answered_by) == ("ANSWERED", f"{city.COMMITTEE}/pst_mayor")
    async with org.client() as client:
        log = (await client.get("/v1/log-entries?jurisdiction=410100")).json()["nodes"]
    (entry,) = [one for one in log if one["kind"] == "DECISION"]
    assert entry["text"].endswith("征用:boats taken for the hospital")


async def test_a_report_to_supervision_that_is_not_made_runs_overdue(org: Harness) -> None:
    await granted(org)

    await org.advance(START + timedelta(hours=2))

    assert (await reading.obligation(org, "REPORT_OVERRIDE")).state == "OVERDUE"


async def test_without_a_supervision_organization_the_report_is_owed_all_the_same(
    org: Harness,
) -> None:
    await org.deliver(overridden(org, "granted"))

    owed = await reading.obligation(org, "REPORT_OVERRIDE")
    assert (owed.owed_by, owed.owed_to) == (city.COMMITTEE, None)


@pytest.mark.parametrize(
    ("kind", "who", "status", "slug"),
    [
        ("REPORT_OVERRIDE", city.EDUCATION, 403, "not-permitted"),
        ("ISSUE_ORDER", city.FLOOD, 409, "nothing-to-report"),
    ],
)
async def test_only_who_owes_a_report_makes_it_and_nothing_else_is_answered_so(
    org: Harness, kind: str, who: str, status: int, slug: str
) -> None:
    await granted(org)
    owed = (await reading.obligations(org, kind))[0]

    async with org.client(roles=["viewer", "commander"], org=who) as client:
        answer = await client.post(f"/v1/obligations/{owed.id}/report", json={"text": "done"})

    assert (answer.status_code, answer.json()["slug"]) == (status, slug)


async def test_a_report_is_made_once(org: Harness) -> None:
    await granted(org)
    owed = await reading.obligation(org, "REPORT_OVERRIDE")
    await org.run(commands.report_obligation, owed.id, text="done", caller=COMMITTEE)

    with pytest.raises(domain.ObligationNotOpen):
        await org.run(commands.report_obligation, owed.id, text="again", caller=COMMITTEE)


async def test_an_overridden_measure_is_no_violation_and_a_refused_one_stays_one(
    org: Harness,
) -> None:
    await org.deliver(city.activated(org, "started", city.activation()))
    before = await violations(org)

    await org.deliver(overridden(org, "granted"))

    assert before == ["LEGAL_BASIS_MISSING"]
    assert await violations(org) == []


async def violations(org: Harness) -> list[str]:
    async with org.client() as client:
        found = (await client.get("/v1/violations")).json()
    return [one["kind"] for one in found if one["subject"].startswith("ord_")]


def reanswered(org: Harness, *answers: plans.MeasureAnswer, **said: Any) -> Any:
    body = plans.ActivationReanswered(activation=city.activation(**said), answers=answers)
    return org.event(
        body,
        service="plans",
        aggregate="activation",
        event="reanswered",
        id="act_1",
        area="410100",
    )


LAPSED = plans.LegalAnswer(answer="REFUSED", missing="no provision is in force at that time")


def answer(code: str, after: plans.LegalAnswer) -> plans.MeasureAnswer:
    before = plans.LegalAnswer(answer="ALLOWED")
    return plans.MeasureAnswer(code=code, of="IN_FORCE", before=before, after=after)


async def test_an_order_whose_basis_lapsed_says_so_and_may_be_lawful_again(org: Harness) -> None:
    await org.deliver(city.activated(org, "started", city.activation()))
    org.clock.set(START + timedelta(minutes=5))

    said = reanswered(org, answer("stop_metro", LAPSED))
    await org.deliver(said)
    await org.deliver(said)

    (issued, _) = await reading.orders(org)
    (metro,) = issued.measures
    assert (metro.lapsed_at, metro.lapsed_because) == (org.clock.now(), LAPSED.missing)
    assert (issued.status, metro.legal.verdict) == ("ISSUED", "ALLOWED")
    assert "LEGAL_BASIS_LAPSED" in await violations(org)
    allowed = plans.LegalAnswer(answer="ALLOWED", provisions=("new law",))
    await org.deliver(reanswered(org, answer("stop_metro", allowed)))
    assert "LEGAL_BASIS_LAPSED" not in await violations(org)


async def test_what_the_law_refuses_now_is_refused_in_the_draft(org: Harness) -> None:
    await org.deliver(city.activated(org, "started", city.activation()))
    gone = plans.Measure(code="suspend_classes", addressee_functions=("education",), legal=LAPSED)

    await org.deliver(
        reanswered(org, answer("suspend_classes", LAPSED), measures=(city.METRO_STOP, gone))
    )

    (draft,) = [one for one in await reading.orders(org) if one.status == "DRAFT"]
    assert [(one.code, one.legal.verdict) for one in draft.measures] == [
        ("suspend_classes", "REFUSED")
    ]
    with pytest.raises(domain.LegalBasisMissing):
        await issue(org, draft, measures=["suspend_classes"])


async def test_what_the_law_allows_now_waits_for_a_signature(org: Harness) -> None:
    unknown = plans.Measure(code="stop_metro", automatic=True)
    await org.deliver(city.activated(org, "started", city.activation(measures=(unknown,))))

    allowed = answer("stop_metro", plans.LegalAnswer(answer="ALLOWED"))
    await org.deliver(reanswered(org, allowed, measures=(city.METRO_STOP,)))

    (draft,) = await reading.orders(org)
    assert (draft.status, draft.measures[0].legal.verdict) == ("DRAFT", "ALLOWED")
    assert (await reading.obligation(org, "ISSUE_ORDER")).subject.id == draft.id


async def test_the_law_bounds_how_long_a_measure_is_ordered_for(org: Harness) -> None:
    bounded = plans.Measure(
        code="stop_metro",
        automatic=True,
        duration_minutes=None,
        legal=plans.LegalAnswer(answer="ALLOWED", longest_minutes=90),
    )

    await org.deliver(city.activated(org, "started", city.activation(measures=(bounded,))))

    (order,) = await reading.orders(org)
    assert order.effective_until == START + timedelta(minutes=90)
