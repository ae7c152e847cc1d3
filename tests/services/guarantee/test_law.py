"""What the law says is asked for here as in plans: many questions at once, duties and durations told."""

import pytest

PROVISION = {
    "instrument": "防洪法 (Flood Control Law)",
    "article": "art. 45",
    "measures": ["requisition"],
    "heldBy": ["SPECIAL_COMMAND"],
    "minimumLevel": "LEVEL_II",
    "maximumDurationMinutes": 1440,
    "validFrom": "1998-01-01T00:00:00+08:00",
    "source": "law",
    "duties": [
        {
            "kind": "COMPENSATION",
            "textZh": "汛期结束后归还或补偿",
            "textEn": "give back or compensate after the flood season",
        },
        {
            "kind": "NOTICE",
            "textZh": "通知所有人",
            "textEn": "tell the owner",
            "withinMinutes": 60,
        },
    ],
}
ASKED = {"measure": "requisition", "area": "410105", "kind": "SPECIAL_COMMAND", "level": "LEVEL_I"}


@pytest.fixture
async def operator(guarantee):
    async with guarantee.client(roles=["operator", "viewer"], org="org_410100_office") as client:
        yield client


async def ask(client, *questions):
    answer = await client.post("/v1/may", json={"questions": list(questions)})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_duties_and_duration_of_a_provision_are_kept_told_and_answered(guarantee, operator):
    put = (await operator.put("/v1/provisions/prv_45", json=PROVISION)).json()

    (answer,) = await ask(operator, ASKED | {"minutes": 600})

    assert [one["kind"] for one in put["duties"]] == ["COMPENSATION", "NOTICE"]
    (told,) = await guarantee.published("provision.state")
    assert told.body["provision"]["duties"] == PROVISION["duties"]
    assert answer == {
        "verdict": "ALLOWED",
        "provisions": ["防洪法 (Flood Control Law) art. 45"],
        "missing": None,
        "gap": None,
        "whoMayGrant": [],
        "holders": [],
        "duties": put["duties"],
        "longestMinutes": 1440,
    }


async def test_answers_come_in_the_order_of_the_questions(operator):
    await operator.put("/v1/provisions/prv_45", json=PROVISION)

    answers = await ask(
        operator,
        ASKED,
        ASKED | {"minutes": 1441},
        ASKED | {"kind": "DEPARTMENT"},
        ASKED | {"at": "1997-12-31T00:00:00+08:00"},
        {"measure": "requisition", "area": "410105", "organizationId": "org_nobody"},
        {"measure": "requisition", "area": "410105", "organizationId": "org_410100_flood_command"},
    )

    assert [one["gap"] for one in answers] == [
        None,
        "TOO_LONG",
        "NOT_HELD",
        "NOT_IN_FORCE",
        "HOLDER_UNKNOWN",
        "LEVEL_TOO_LOW",
    ]
    assert answers[2]["holders"] == ["org_410100_flood_command"]
    assert answers[4]["missing"] == "org_nobody is not known here yet"


async def test_nothing_loaded_is_unknown(operator):
    (answer,) = await ask(operator, ASKED)

    assert (answer["verdict"], answer["gap"]) == ("UNKNOWN", "NOTHING_LOADED")


@pytest.mark.parametrize(
    ("changed", "slug", "field"),
    [
        ({"kind": "MINISTRY"}, "invalid-input", ["questions", "0", "kind"]),
        ({"organizationId": "org_x"}, "holder-not-stated", ["questions", "0", "kind"]),
        ({"kind": None}, "holder-not-stated", ["questions", "0", "kind"]),
        ({"minutes": 0}, "invalid-input", ["questions", "0", "minutes"]),
        ({"area": "41"}, "invalid-input", ["questions", "0", "area"]),
    ],
)
async def test_a_question_that_cannot_be_meant_is_refused_at_its_place(
    operator, changed, slug, field
):
    answer = await operator.post("/v1/may", json={"questions": [ASKED | changed]})

    problem = answer.json()
    assert (answer.status_code, problem["slug"], problem["field"]) == (422, slug, field)


async def test_a_duty_without_words_is_refused(operator):
    mute = PROVISION | {"duties": [{"kind": "NOTICE", "textZh": "", "textEn": "tell"}]}

    answer = await operator.put("/v1/provisions/prv_45", json=mute)

    assert answer.json()["field"] == ["duties", "0", "textZh"]
