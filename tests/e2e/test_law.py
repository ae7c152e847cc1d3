"""plans and guarantee give one answer to the same questions, though only guarantee is told the law."""

import random
from typing import Any

import pytest

from tests.e2e.questions import MEASURE, UNKNOWN_ORGANIZATION, Json, ask_both
from uem.demo.city import City
from vocabulary import LegalGap, OrganizationKind, ResponseLevel

SEED, COUNT = 20210720, 200
# Laws beside those of the city: of one district, bounded, lapsed, and not yet in force.
LAWS: dict[str, Json] = {
    "prov_test_district": {
        "measures": ["guard_market"],
        "territory": "410102",
        "heldBy": ["SPECIAL_COMMAND", "DEPARTMENT"],
    },
    "prov_test_bounded": {
        "heldBy": ["COMMITTEE"],
        "minimumLevel": "LEVEL_III",
        "maximumDurationMinutes": 180,
        "duties": [
            {"kind": "NOTICE", "textZh": "告知", "textEn": "tell", "withinMinutes": 30},
            {"kind": "COMPENSATION", "textZh": "补偿", "textEn": "compensate"},
        ],
    },
    "prov_test_lapsed": {"heldBy": ["ENTERPRISE"], "validTo": "2020-01-01T00:00:00+08:00"},
    "prov_test_coming": {"heldBy": ["ENTERPRISE"], "validFrom": "2030-01-01T00:00:00+08:00"},
}
MEASURES = (
    MEASURE,
    "guard_market",
    "evacuate",
    "requisition",
    "stop_metro",
    "inform_public",
    "fly",
)
AREAS = ("410000", "410100", "410102", "410105", "410300", "440000", "410102001")
INSTANTS = (
    "1990-01-01T00:00:00Z",
    "2010-06-01T00:00:00Z",
    "2021-07-20T08:00:00Z",
    "2025-06-01T00:00:00Z",
    "2031-01-01T00:00:00Z",
)
ORGANIZATIONS = (
    "org_410100_flood_command",
    "org_410100_committee",
    "org_410100_education",
    "org_410100_metro",
    UNKNOWN_ORGANIZATION,
)


def questions() -> list[Json]:
    """The same questions each time."""
    chance = random.Random(SEED)
    return [_question(chance) for _ in range(COUNT)]


def _question(chance: random.Random) -> Json:
    holder: Json = (
        {"organizationId": chance.choice(ORGANIZATIONS)}
        if chance.random() < 0.4
        else {"kind": chance.choice(list(OrganizationKind)[:9]).value}
    )
    level = chance.choice([None, *ResponseLevel])
    minutes = chance.choice([None, None, 60, 180, 181, 10_000])
    return {
        "measure": chance.choice(MEASURES),
        "area": chance.choice(AREAS),
        "at": chance.choice(INSTANTS),
        **holder,
        **({} if level is None else {"level": level.value}),
        **({} if minutes is None else {"minutes": minutes}),
    }


@pytest.fixture(scope="module")
async def answers(city: City) -> dict[str, list[Json]]:
    """What each service answers once what guarantee was told has come to rest."""
    for id, law in LAWS.items():
        body = {
            "instrument": "test",
            "article": id,
            "measures": [MEASURE],
            "validFrom": "2000-01-01T00:00:00+08:00",
            "source": "end-to-end test",
        } | law
        await city.call("PUT", "guarantee", f"/v1/provisions/{id}", json=body)
    await city.settle()
    return await ask_both(city, questions())


def test_both_services_give_the_same_whole_answers(answers: dict[str, list[Json]]):
    pairs = zip(questions(), answers["guarantee"], answers["plans"], strict=True)

    assert [(asked, one, other) for asked, one, other in pairs if one != other] == []


def test_the_questions_meet_leave_and_every_reason_for_its_want(answers: dict[str, list[Json]]):
    seen = {one["gap"] for one in answers["plans"]}
    bounds = {one["longestMinutes"] for one in answers["plans"] if one["gap"] is None}
    duties = {duty["kind"] for one in answers["plans"] for duty in one["duties"]}

    assert seen == {None, *LegalGap} - {LegalGap.NOTHING_LOADED}
    assert {None, 180} <= bounds
    assert duties == {"NOTICE", "COMPENSATION"}
    assert any(len(one["holders"]) > 1 for one in answers["plans"])


def test_before_any_law_was_loaded_both_said_that_nobody_can_say(
    before_any_law: dict[str, list[Json]], city: City
):
    unknown: list[tuple[Any, ...]] = [("UNKNOWN", "NOTHING_LOADED"), ("UNKNOWN", "HOLDER_UNKNOWN")]

    found = {
        name: [(one["verdict"], one["gap"]) for one in said]
        for name, said in before_any_law.items()
    }

    assert found == {"guarantee": unknown, "plans": unknown}
