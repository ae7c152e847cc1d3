"""One afternoon in Zhengzhou as the four services would tell it; test_contract holds it to their OpenAPI."""

from typing import Any

from gateway.errors import Service
from tests.gateway.fakes import FakeService, problem

Json = Any

CITY = "410100"
PROVINCE = "410000"
FLOOD_COMMAND = "org_410100_flood_command"
METRO = "org_410100_metro"
INCIDENT = "inc_0198c2"
SIGNAL = "sig_red"
WARNING = "war_red"
ACTIVATION = "act_1"
ORDER = "ord_6"
TASK = "tsk_1"
OBLIGATION = "obl_1"
NUMBER = "410100-20210720-003"
AT = "2021-07-20T08:01:00Z"


STREAMS = ("UEM_ORG", "UEM_PLANS", "UEM_GUARANTEE")


def page(*nodes: Json) -> Json:
    return {"nodes": list(nodes), "hasNextPage": False, "endCursor": None, "totalCount": len(nodes)}


JURISDICTIONS = {
    CITY: {
        "id": CITY,
        "version": 1,
        "code": CITY,
        "nameZh": "郑州市",
        "nameEn": "Zhengzhou",
        "parent": PROVINCE,
        "population": 12_600_000,
        "areaKm2": 7567.0,
        "boundaryGeojson": '{"type":"Polygon","coordinates":[[[113,34],[114,34],[114,35],[113,34]]]}',
        "state": "RESPONSE",
    },
    PROVINCE: {
        "id": PROVINCE,
        "version": 1,
        "code": PROVINCE,
        "nameZh": "河南省",
        "nameEn": "Henan",
        "parent": None,
        "population": 98_800_000,
        "areaKm2": 167_000.0,
        "boundaryGeojson": None,
        "state": "HEIGHTENED",
    },
}
ORGANIZATIONS = {
    FLOOD_COMMAND: {
        "id": FLOOD_COMMAND,
        "version": 1,
        "nameZh": "郑州市防汛抗旱指挥部",
        "nameEn": "Zhengzhou flood control headquarters",
        "kind": "SPECIAL_COMMAND",
        "jurisdiction": CITY,
        "parent": None,
        "functions": ["flood.command"],
        "emergencyTypes": ["11B"],
    },
    METRO: {
        "id": METRO,
        "version": 1,
        "nameZh": "郑州地铁集团",
        "nameEn": "Zhengzhou Metro",
        "kind": "ENTERPRISE",
        "jurisdiction": CITY,
        "parent": None,
        "functions": ["metro.operation"],
        "emergencyTypes": [],
    },
}
SIGNALS = {
    SIGNAL: {
        "id": SIGNAL,
        "version": 1,
        "kind": "SIGNAL",
        "mode": "REAL",
        "identifier": "41010041600000_20210720080100",
        "sender": "zzqx",
        "issuer": "郑州市气象局",
        "emergencyType": "11B03",
        "colour": "RED",
        "colourBecause": "severity",
        "status": "ACTIVE",
        "headlineZh": "暴雨红色预警信号",
        "headlineEn": None,
        "descriptionZh": None,
        "descriptionEn": None,
        "jurisdiction": CITY,
        "areas": [CITY],
        "areaGeojson": None,
        "sentAt": AT,
        "receivedAt": AT,
        "onset": None,
        "expiresAt": None,
        "supersedes": [],
        "supersededBy": None,
        "reason": None,
        "cap": f"/v1/signals/{SIGNAL}/cap",
    }
}
WARNINGS = {
    WARNING: {
        "id": WARNING,
        "version": 2,
        "kind": "EARLY_WARNING",
        "mode": "REAL",
        "emergencyType": "11B03",
        "colour": "RED",
        "status": "AWAITING_APPROVAL",
        "headlineZh": "暴雨红色预警",
        "headlineEn": "Red rainstorm warning",
        "descriptionZh": None,
        "descriptionEn": None,
        "jurisdiction": CITY,
        "areas": [CITY],
        "areaGeojson": None,
        "organizationId": FLOOD_COMMAND,
        "signalId": SIGNAL,
        "draftedAt": AT,
        "draftedBy": "officer",
        "approvedBy": None,
        "issuedAt": None,
        "endedAt": None,
        "onset": None,
        "expiresAt": None,
        "supersedes": [],
        "supersededBy": None,
        "reason": None,
        "cap": f"/v1/warnings/{WARNING}/cap",
    }
}
FIGURE = {
    "metric": "rain_1h_mm",
    "value": 201.9,
    "unit": "mm",
    "source": "station 57083",
    "observedAt": AT,
    "recordedAt": AT,
}
CONDITIONS = [
    {
        "level": "LEVEL_I",
        "text": "rain_1h_mm >= 100",
        "met": True,
        "values": [FIGURE],
        "missing": [],
        "holdsSince": AT,
        "noteZh": None,
        "noteEn": None,
    },
    {
        "level": "LEVEL_I",
        "text": "river_level_m >= 90",
        "met": None,
        "values": [],
        "missing": ["river_level_m"],
        "holdsSince": None,
        "noteZh": None,
        "noteEn": None,
    },
]
CONTENT = {
    "measures": [
        {
            "code": "stop_metro",
            "textZh": "地铁停运",
            "textEn": "stop the metro",
            "addresseeFunctions": ["metro.operation"],
            "automatic": False,
            "durationMinutes": 720,
            "legal": {
                "verdict": "ALLOWED",
                "provisions": ["应急条例 第十二条"],
                "missing": None,
                "whoMayGrant": [],
            },
        }
    ],
    "steps": [],
    "requirements": [],
}
ACTIVATIONS = {
    ACTIVATION: {
        "id": ACTIVATION,
        "version": 3,
        "planId": "flood-410100",
        "planVersion": "2021.1",
        "planTitleZh": "郑州市防汛应急预案",
        "planTitleEn": "Zhengzhou flood plan",
        "emergencyType": "11B03",
        "jurisdiction": CITY,
        "organizationId": FLOOD_COMMAND,
        "mode": "REAL",
        "state": "IN_FORCE",
        "level": "LEVEL_II",
        "proposedLevel": "LEVEL_I",
        "cause": {"kind": "SIGNAL", "id": SIGNAL},
        "incidentId": None,
        "content": CONTENT,
        "proposedContent": CONTENT,
        "explanation": {
            "level": "LEVEL_I",
            "conditions": CONDITIONS,
            "asOf": AT,
            "evaluationId": "eva_1",
        },
        "createdAt": AT,
        "proposedAt": AT,
        "signBefore": AT,
        "startedAt": AT,
        "endedAt": None,
        "decidedBy": None,
        "decidedAt": None,
        "reason": None,
        "history": [],
    }
}
INCIDENTS = {
    INCIDENT: {
        "id": INCIDENT,
        "version": 4,
        "number": NUMBER,
        "mode": "REAL",
        "title": "地铁5号线进水",
        "emergencyType": "11B03",
        "status": "RESPONDING",
        "grade": "GRADE_I",
        "gradeRule": "grading@2021.1",
        "place": {"longitude": 113.62, "latitude": 34.74},
        "jurisdiction": CITY,
        "declaredAt": AT,
        "closedAt": None,
        "figures": [FIGURE],
    }
}
OBLIGATIONS = {
    OBLIGATION: {
        "id": OBLIGATION,
        "version": 2,
        "kind": "ANSWER_SIGNAL",
        "state": "OWED",
        "reached": "TOLD_NOT_CONFIRMED",
        "owedBy": FLOOD_COMMAND,
        "owedTo": None,
        "subject": {"kind": "SIGNAL", "id": SIGNAL},
        "titleZh": "答复暴雨红色预警信号",
        "titleEn": "Answer the red rainstorm signal",
        "createdAt": AT,
        "dueAt": "2021-07-20T08:31:00Z",
        "rule": "answer_signal@2021.1",
        "notices": [
            {
                "post": "post_flood_duty",
                "organizationId": FLOOD_COMMAND,
                "channel": "recording",
                "rung": 0,
                "sentAt": AT,
                "deliveredAt": AT,
                "confirmedAt": None,
                "failure": None,
            }
        ],
        "mode": "REAL",
        "jurisdiction": CITY,
        "answeredAt": None,
        "answeredBy": None,
        "systemWasUp": None,
        "incidentId": None,
    }
}
INCIDENT_COPY = {
    name: value for name, value in INCIDENTS[INCIDENT].items() if name != "version"
} | {"asOf": AT}
JURISDICTION_COPY = {
    name: value
    for name, value in JURISDICTIONS[CITY].items()
    if name not in {"version", "boundaryGeojson"}
} | {"asOf": AT}
READINGS = [
    {
        "indicator": "rain_1h_mm",
        "jurisdiction": CITY,
        "mode": "REAL",
        "value": 201.9,
        "unit": "mm",
        "quality": 0.98,
        "asOf": AT,
        "revision": 0,
    }
]
SITUATION = {
    "jurisdiction": CITY,
    "asOf": AT,
    "openIncidents": 1,
    "reportsLastHour": 12,
    "unmetNeeds": 2,
}


def services() -> dict[Service, FakeService]:
    """The four services, each with what it owns."""
    return {
        Service.ORG: FakeService(
            batches={
                "jurisdictions": JURISDICTIONS,
                "organizations": ORGANIZATIONS,
                "incidents": INCIDENTS,
                "obligations": OBLIGATIONS,
            },
            reads={"/v1/incidents": page(*INCIDENTS.values())},
        ),
        Service.PLANS: FakeService(
            batches={
                "activations": ACTIVATIONS,
                "activationsByIncident": {INCIDENT: list(ACTIVATIONS.values())},
                "activationsBySignal": {SIGNAL: list(ACTIVATIONS.values())},
                "responseLevels": {
                    CITY: [
                        {
                            "emergencyType": "11B03",
                            "level": "LEVEL_II",
                            "activation": ACTIVATIONS[ACTIVATION],
                        }
                    ]
                },
                "incidentCopies": {INCIDENT: INCIDENT_COPY},
                "jurisdictionCopies": {CITY: JURISDICTION_COPY},
            },
            commands={
                f"/v1/activations/{ACTIVATION}/sign": (200, ACTIVATIONS[ACTIVATION]),
                f"/v1/activations/{ACTIVATION}/decline": problem(
                    409,
                    "version-conflict",
                    detail="The activation is at version 4.",
                    remedy="Read it again.",
                    currentVersion=4,
                    changedBy="org_410100_flood_command/commander",
                    changedAt=AT,
                ),
            },
        ),
        Service.GUARANTEE: FakeService(
            batches={
                "signals": SIGNALS,
                "warnings": WARNINGS,
                "active-signals-by-jurisdiction": {CITY: list(SIGNALS.values())},
                "active-warnings-by-jurisdiction": {CITY: []},
            },
        ),
        Service.ANALYTICS: FakeService(
            batches={"situations": {CITY: SITUATION}, "readings": {CITY: READINGS}},
        ),
    }
