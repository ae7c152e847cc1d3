"""The operations that a frontend writes first: valid, answered whole, and answered with each service away."""

from pathlib import Path
from typing import Any

import pytest
from graphql import parse, validate

from gateway.errors import Service
from gateway.schema.build import build
from tests.gateway import world

FOLDER = Path(__file__).resolve().parents[2] / "gateway" / "operations"
CORE = build()._schema
KEY: dict[str, Any] = {"idempotencyKey": "key-1"}
VARIABLES: dict[str, Any] = {
    "desk": {},
    "board": {"code": world.CITY},
    "incidents": {"filter": {"jurisdiction": world.CITY, "atLeast": "GRADE_II"}},
    "room": {"id": world.INCIDENT},
    "may": {"id": world.INCIDENT},
    "coordinate": {
        "incident": world.INCIDENT,
        "jurisdiction": world.CITY,
        "since": "2021-07-01T00:00:00+08:00",
    },
    "request": {
        "input": KEY
        | {
            "fromOrganization": world.FLOOD_COMMAND,
            "toOrganization": world.METRO,
            "title": "公交接驳",
            "text": "需要公交车接驳乘客",
            "urgency": "URGENT",
            "incident": world.INCIDENT,
        }
    },
    "disclose": {"incident": world.INCIDENT, "jurisdiction": world.CITY},
    "publish": {"input": KEY | {"bulletin": world.BULLETIN, "expectedVersion": 1}},
    "report_upward": {"incident": world.INCIDENT},
    "send_report": {"input": KEY | {"report": world.REPORT, "expectedVersion": 3}},
    "what_if": {
        "jurisdiction": world.CITY,
        "emergencyType": "11B03",
        "facts": [{"metric": "rain_1h_mm", "value": 201.9, "unit": "mm"}],
    },
    "plan_quality": {"id": world.PLAN, "jurisdiction": world.CITY},
    "answer": {"input": KEY | {"signal": world.SIGNAL, "answer": "RESPOND", "reason": "红色预警"}},
    "declare": {
        "input": KEY
        | {
            "jurisdiction": world.CITY,
            "emergencyType": "11B03",
            "title": "地铁5号线进水",
            "place": {"type": "Point", "coordinates": [113.62, 34.74]},
        }
    },
    "facts": {
        "input": KEY
        | {
            "incident": world.INCIDENT,
            "expectedVersion": 4,
            "facts": [
                {
                    "metric": "deaths",
                    "unit": "person",
                    "source": "metro",
                    "observedAt": "2021-07-20T18:10:00+08:00",
                }
            ],
        }
    },
    "exercise": {"id": world.EXERCISE},
    "accept_revision": {
        "input": KEY
        | {
            "proposal": world.PROPOSAL,
            "expectedVersion": 1,
            "amendments": [{"field": "time_limit_minutes", "value": "95"}],
            "reason": "the depot has moved",
        }
    },
    "sign": {"input": KEY | {"activation": world.ACTIVATION, "expectedVersion": 3}},
    "override": {
        "input": KEY | {"override": world.OVERRIDE, "expectedVersion": 1, "reason": "lives"}
    },
    "plans": {"jurisdiction": world.CITY},
    "approve": {
        "input": KEY | {"planId": "flood-410100", "planVersion": "2026.1", "expectedVersion": 2}
    },
    "proposal": {"id": world.ACTIVATION},
    "start": {
        "input": KEY | {"planId": "flood-410100", "level": "LEVEL_II", "reason": "dike at risk"}
    },
}
# What stays of each operation when the service that owns its root is away, and no copy is kept.
ROOTS_LOST = {
    ("desk", Service.ORG): {"desk"},
    ("incidents", Service.ORG): {"incidents"},
    ("what_if", Service.PLANS): {"explain"},
    ("plan_quality", Service.PLANS): {"planVersion", "planHierarchy", "worstPlans"},
    ("answer", Service.ORG): {"answerSignal"},
    ("declare", Service.ORG): {"declareIncident"},
    ("disclose", Service.GUARANTEE): {"rumours"},
    ("publish", Service.GUARANTEE): {"publishBulletin"},
    ("coordinate", Service.ORG): {"coordinationFigures"},
    ("request", Service.ORG): {"requestCoordination"},
    ("send_report", Service.ORG): {"sendSituationReport"},
    ("facts", Service.ORG): {"recordFacts"},
    ("exercise", Service.PLANS): {"exercise"},
    ("accept_revision", Service.PLANS): {"acceptRevision"},
    ("sign", Service.PLANS): {"signActivation"},
    ("override", Service.PLANS): {"overrideMeasure"},
    ("plans", Service.PLANS): {"duePlans", "consultations", "plans"},
    ("approve", Service.PLANS): {"approvePlan"},
    ("proposal", Service.PLANS): {"activation"},
    ("start", Service.PLANS): {"startActivation"},
}
# Which operations ask which service at all.
ASKED = {
    Service.ORG: {
        "desk",
        "board",
        "incidents",
        "room",
        "may",
        "plan_quality",
        "answer",
        "declare",
        "coordinate",
        "disclose",
        "request",
        "report_upward",
        "send_report",
        "facts",
        "exercise",
        "sign",
        "override",
        "proposal",
        "plans",
    },
    Service.PLANS: {
        *("board", "room", "may", "what_if", "plan_quality", "sign", "override"),
        *("proposal", "start", "plans", "approve", "exercise", "accept_revision"),
    },
    Service.GUARANTEE: {"desk", "board", "room", "may", "disclose", "publish"},
    Service.ANALYTICS: {"board"},
}


def document(name: str) -> str:
    return (FOLDER / f"{name}.graphql").read_text("utf-8")


def test_there_is_an_example_for_every_operation_and_no_other():
    assert {path.stem for path in FOLDER.glob("*.graphql")} == {*VARIABLES, "live"}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.graphql")), ids=lambda path: path.stem)
def test_an_operation_is_valid_against_the_schema(path):
    assert validate(CORE, parse(path.read_text("utf-8"))) == []


@pytest.mark.parametrize("name", VARIABLES)
async def test_an_operation_is_answered_whole(rig, name):
    answer = await rig.ask(document(name), **VARIABLES[name])

    assert answer.errors == []
    assert all(value is not None for value in answer.data.values())


@pytest.mark.parametrize("service", Service)
@pytest.mark.parametrize("name", VARIABLES)
async def test_with_a_service_away_an_operation_answers_with_data_and_a_typed_error(
    rig, name, service
):
    await rig.services[service].stop()

    answer = await rig.ask(document(name), **VARIABLES[name])

    assert answer.data is not None
    lost = {root for root, value in answer.data.items() if value is None}
    assert lost == ROOTS_LOST.get((name, service), set())
    told = {error["extensions"].get("service") for error in answer.errors}
    assert told == ({service.value} if name in ASKED[service] else set())
    assert set(answer.codes) <= {"SERVICE_UNAVAILABLE"}
    assert "127.0.0.1" not in str(answer.errors)


async def test_the_board_keeps_its_name_and_its_levels_while_org_is_away(rig):
    await rig.org.stop()

    answer = await rig.ask(document("board"), **VARIABLES["board"])

    board = answer.data["jurisdiction"]
    assert board["name"] == "郑州市"
    assert board["staleSince"] is not None
    assert [one["level"] for one in board["responseLevels"]] == ["LEVEL_II"]
    assert [one["colour"] for one in board["activeSignals"]] == ["RED"]
    assert board["openIncidents"] is None
