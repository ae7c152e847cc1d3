"""Mutations: keys and versions go to the service, refusals come back as data, doubt as an error."""

from typing import Any

import pytest

from tests.gateway import world

ERRORS = "errors { __typename code message field remedy %s }"
KEY = {"idempotencyKey": "key-1"}


def mutation(name: str, input_type: str, outcome: str, extra: str = "") -> str:
    return (
        f"mutation($input: {input_type}!) {{ {name}(input: $input) "
        f"{{ {outcome} correlationId {ERRORS % extra} }} }}"
    )


SIGN = mutation("signActivation", "SignActivationInput", "activation { id level }")
DECLINE = mutation(
    "declineActivation",
    "DeclineActivationInput",
    "activation { id }",
    "... on VersionConflict { currentVersion changedBy changedAt }",
)


async def test_a_command_goes_to_its_service_with_its_key_and_the_version_seen(rig):
    await rig.ask(
        SIGN, input=KEY | {"activation": world.ACTIVATION, "expectedVersion": 3, "level": "LEVEL_I"}
    )

    [asked] = rig.plans.asked
    assert (asked.method, asked.path) == ("POST", f"/v1/activations/{world.ACTIVATION}/sign")
    assert asked.headers["Idempotency-Key"] == "key-1"
    assert asked.headers["Authorization"] == f"Bearer {rig.token}"
    assert asked.body == {"expectedVersion": 3, "level": "LEVEL_I", "reason": None}


async def test_an_accepted_command_shows_its_outcome_and_what_finds_its_effects(rig):
    answer = await rig.ask(SIGN, input=KEY | {"activation": world.ACTIVATION, "expectedVersion": 3})

    assert answer.errors == []
    assert answer.data["signActivation"] == {
        "activation": {"id": world.ACTIVATION, "level": "LEVEL_II"},
        "correlationId": "cor_1",
        "errors": [],
    }


async def test_an_instant_keeps_its_offset_on_the_way_to_the_service(rig):
    log = mutation("addLogEntry", "AddLogEntryInput", "entry { id }")
    at = "2021-07-20T23:50:00+08:00"

    await rig.ask(
        log,
        input=KEY | {"jurisdiction": world.CITY, "at": at, "kind": "CALL", "text": "called"},
    )

    assert rig.org.asked[0].body["at"] == at


async def test_an_instant_without_offset_is_refused_before_any_service_is_asked(rig):
    log = mutation("addLogEntry", "AddLogEntryInput", "entry { id }")

    answer = await rig.ask(
        log,
        input=KEY
        | {"jurisdiction": world.CITY, "at": "2021-07-20T23:50:00", "kind": "CALL", "text": "x"},
    )

    assert answer.data is None
    assert "has no offset" in answer.errors[0]["message"]
    assert rig.org.asked == []


REFUSALS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "who was first": (
        DECLINE,
        {"activation": world.ACTIVATION, "expectedVersion": 3, "reason": "no"},
        {
            "__typename": "VersionConflict",
            "code": "VERSION_CONFLICT",
            "message": "The activation is at version 4.",
            "field": [],
            "remedy": "Read it again.",
            "currentVersion": 4,
            "changedBy": "org_410100_flood_command/commander",
            "changedAt": "2021-07-20T16:01:00+08:00",
        },
    ),
    "which incidents it may be": (
        mutation(
            "declareIncident",
            "DeclareIncidentInput",
            "incident { id }",
            "... on PossibleDuplicate { candidates { number title grade } }",
        ),
        {
            "jurisdiction": world.CITY,
            "emergencyType": "11B03",
            "title": "again",
            "place": {"type": "Point", "coordinates": [113.6, 34.7]},
        },
        {
            "__typename": "PossibleDuplicate",
            "code": "POSSIBLE_DUPLICATE",
            "message": "410100-20210720-003 was declared near by.",
            "field": ["place"],
            "remedy": None,
            "candidates": [{"number": world.NUMBER, "title": "地铁5号线进水", "grade": "GRADE_I"}],
        },
    ),
    "who may, and who could grant it": (
        mutation(
            "receiptOrder",
            "ReceiptOrderInput",
            "order { id }",
            "... on NotAuthorized { action reason needs grantableBy roles }",
        ),
        {"order": world.ORDER, "status": "CONFIRMED"},
        {
            "__typename": "NotAuthorized",
            "code": "NOT_PERMITTED",
            "message": "None of your roles allows it here.",
            "field": [],
            "remedy": "Ask somebody who may.",
            "action": "receipt_order",
            "reason": "None of your roles allows it here.",
            "needs": "the role duty_officer of an addressee",
            "grantableBy": "the head of the addressee",
            "roles": [],
        },
    ),
    "that a second person has to": (
        mutation(
            "confirmFigure",
            "ConfirmFigureInput",
            "incident { id }",
            "... on NotAuthorized { action reason needs grantableBy }",
        ),
        {"incident": world.INCIDENT, "figure": "fig_1", "expectedVersion": 4},
        {
            "__typename": "NotAuthorized",
            "code": "SECOND_PERSON_REQUIRED",
            "message": "Whoever did the step before cannot do this one.",
            "field": [],
            "remedy": None,
            "action": "confirm_figure",
            "reason": "Whoever entered a figure does not confirm it.",
            "needs": "a second officer",
            "grantableBy": None,
        },
    ),
    "who may grant what the law does not, and is on duty": (
        mutation(
            "issueOrder",
            "IssueOrderInput",
            "order { id }",
            "... on LegalBasisMissing { measure missing whoMayGrant"
            " holders { organization post titleZh titleEn onDuty } }",
        ),
        {"order": world.ORDER, "measures": ["requisition"], "expectedVersion": 1},
        {
            "__typename": "LegalBasisMissing",
            "code": "LEGAL_BASIS_MISSING",
            "message": "requisition: no provision authorises it.",
            "field": ["measures"],
            "remedy": "Propose it to the mayor.",
            "measure": "requisition",
            "missing": "m",
            "whoMayGrant": ["COMMITTEE"],
            "holders": [
                {
                    "organization": "org_c",
                    "post": "pst_m",
                    "titleZh": "市长",
                    "titleEn": "mayor",
                    "onDuty": True,
                }
            ],
        },
    ),
    "where the object stands": (
        mutation(
            "completeTask",
            "CompleteTaskInput",
            "task { id }",
            "... on StateError { currentStatus }",
        ),
        {"task": world.TASK, "expectedVersion": 1},
        {
            "__typename": "StateError",
            "code": "TASK_NOT_OPEN",
            "message": "The task is DONE.",
            "field": [],
            "remedy": None,
            "currentStatus": "DONE",
        },
    ),
    "what in the input is wrong": (
        mutation("addLogEntry", "AddLogEntryInput", "entry { id }"),
        {
            "jurisdiction": world.CITY,
            "at": "2021-07-20T23:50:00+08:00",
            "kind": "CALL",
            "text": "called",
        },
        {
            "__typename": "InputError",
            "code": "OBSERVED_IN_FUTURE",
            "message": "23:50 has not been yet.",
            "field": ["at"],
            "remedy": "Yesterday?",
        },
    ),
}


@pytest.mark.parametrize("says", REFUSALS)
async def test_a_refusal_is_data_and_says(rig, says):
    document, input_, expected = REFUSALS[says]

    answer = await rig.ask(document, input=KEY | input_)

    assert answer.errors == []
    [payload] = answer.data.values()
    assert payload.pop("errors") == [expected]
    assert set(payload.values()) - {"cor_1"} == {None}


@pytest.mark.parametrize(
    ("input_", "field"),
    [
        ({"idempotencyKey": "a\r\nX-Forged: 1", "activation": world.ACTIVATION}, "idempotencyKey"),
        ({"idempotencyKey": "", "activation": world.ACTIVATION}, "idempotencyKey"),
        (KEY | {"activation": ".."}, "activation"),
        (KEY | {"activation": ""}, "activation"),
    ],
)
async def test_what_no_header_and_no_path_can_carry_is_refused_before_it_is_sent(
    rig, input_, field
):
    answer = await rig.ask(SIGN, input=input_ | {"expectedVersion": 3})

    [refused] = answer.data["signActivation"]["errors"]
    assert (refused["code"], refused["field"]) == ("INVALID_INPUT", [field])
    assert rig.plans.asked == []


async def test_doubt_is_an_error_and_the_payload_unknown(rig):
    await rig.plans.stop()

    answer = await rig.ask(SIGN, input=KEY | {"activation": world.ACTIVATION, "expectedVersion": 3})

    assert answer.data == {"signActivation": None}
    assert answer.codes == ["SERVICE_UNAVAILABLE"]
    assert "same idempotencyKey" in answer.errors[0]["message"]


async def test_a_mutation_is_not_sent_twice_when_its_outcome_cannot_be_shown(rig):
    rig.plans.broken = b"not json"

    answer = await rig.ask(SIGN, input=KEY | {"activation": world.ACTIVATION, "expectedVersion": 3})

    assert answer.codes == ["SERVICE_FAULT"]
    assert len(rig.plans.asked) == 1


async def test_two_mutations_of_one_document_have_each_their_own_key(rig):
    document = """mutation($a: SignActivationInput!, $b: ConfirmObligationInput!) {
      signActivation(input: $a) { errors { code } }
      confirmObligation(input: $b) { errors { code } obligation { id } }
    }"""

    await rig.ask(
        document,
        a={"idempotencyKey": "one", "activation": world.ACTIVATION, "expectedVersion": 3},
        b={"idempotencyKey": "two", "obligation": world.OBLIGATION, "post": "duty"},
    )

    assert rig.plans.asked[0].headers["Idempotency-Key"] == "one"
    assert rig.org.asked[0].headers["Idempotency-Key"] == "two"


async def test_an_id_cannot_leave_its_place_in_the_path(rig):
    await rig.ask(SIGN, input=KEY | {"activation": "../operator/outbox?x=", "expectedVersion": 1})

    assert rig.plans.asked[0].path == "/v1/activations/../operator/outbox?x=/sign"
    assert rig.plans.asked[0].query == {}
