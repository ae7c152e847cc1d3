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
        "boundary": {
            "type": "Polygon",
            "coordinates": [[[113, 34], [114, 34], [114, 35], [113, 34]]],
        },
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
        "boundary": None,
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
REPORTED = FIGURE | {
    "id": "fig_1",
    "state": "CONFIRMED",
    "preferred": True,
    "contradictedBy": [{"value": 195.0, "source": "radar"}],
    "correctionReason": None,
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
        "place": {"type": "Point", "coordinates": [113.62, 34.74]},
        "address": None,
        "jurisdiction": CITY,
        "declaredAt": AT,
        "declaredBy": "per_1",
        "updatedAt": AT,
        "closedAt": None,
        "mergedInto": None,
        "figures": [REPORTED],
        "attention": [],
    }
}
COMMAND = {
    "id": "cmd_1",
    "version": 1,
    "incidentId": INCIDENT,
    "organizationId": FLOOD_COMMAND,
    "commanderPost": "post_flood_commander",
    "heldBy": CITY,
    "sections": [{"organizationId": METRO, "functions": ["metro.operation"]}],
    "spanOfControl": 3,
    "isSpanKept": True,
    "formedAt": AT,
}
ORDERS = {
    ORDER: {
        "id": ORDER,
        "version": 2,
        "number": "410100-2021-6",
        "status": "ISSUED",
        "titleZh": "第6号令",
        "titleEn": "Order No. 6",
        "jurisdiction": CITY,
        "organizationId": FLOOD_COMMAND,
        "activationId": ACTIVATION,
        "incidentId": INCIDENT,
        "mode": "REAL",
        "measures": [
            {
                "code": "stop_metro",
                "textZh": "地铁停运",
                "textEn": "stop the metro",
                "legalBasis": "应急条例 第十二条",
                "legalVerdict": "ALLOWED",
                "legalMissing": None,
                "whoMayGrant": [],
                "addressees": [METRO],
                "ordered": True,
            }
        ],
        "receipts": [
            {"organizationId": METRO, "deliveredAt": AT, "confirmedAt": None, "doneAt": None}
        ],
        "draftedAt": AT,
        "issuedAt": AT,
        "issuedBy": "org_410100_flood_command/commander",
        "effectiveFrom": AT,
        "effectiveUntil": None,
        "liftedAt": None,
        "liftedBecause": None,
    }
}
TASKS = {
    TASK: {
        "id": TASK,
        "version": 1,
        "titleZh": "停运并疏散站内乘客",
        "titleEn": "Stop and clear the stations",
        "status": "OWED",
        "step": "metro-stop",
        "function": "metro.operation",
        "after": [],
        "organizationId": METRO,
        "activationId": ACTIVATION,
        "incidentId": INCIDENT,
        "jurisdiction": CITY,
        "createdAt": AT,
        "dueAt": AT,
        "acknowledgedAt": None,
        "finishedAt": None,
        "note": None,
        "mode": "REAL",
    }
}
LOG = [
    {
        "id": "log_1",
        "version": 1,
        "at": AT,
        "recordedAt": AT,
        "kind": "CALL",
        "text": "16:02 call to the metro control room, answered",
        "textEn": None,
        "by": "per_1",
        "post": "duty",
        "organizationId": FLOOD_COMMAND,
        "jurisdiction": CITY,
        "incidentId": INCIDENT,
        "attachments": [],
        "mode": "REAL",
        "struckAt": None,
        "struckBy": None,
        "struckBecause": None,
    }
]
REQUIREMENT: Json = {
    "id": "req_1",
    "version": 2,
    "key": "pumps",
    "activationId": ACTIVATION,
    "incidentId": INCIDENT,
    "mode": "REAL",
    "jurisdiction": CITY,
    "capability": "pump_large",
    "quantity": 6.0,
    "metQuantity": 4.0,
    "unmetQuantity": 2.0,
    "unit": "unit",
    "severity": 4,
    "status": "PARTLY_MET",
    "place": {"longitude": 113.62, "latitude": 34.74},
    "raisedAt": AT,
    "neededBy": AT,
    "tier": "OWN_FORCES",
    "nextTier": "NEIGHBOURING_JURISDICTIONS",
    "unmetPrice": 480.0,
    "reason": "nothing else is within reach",
    "nearestAlternative": None,
    "since": AT,
}
DISPATCH: Json = {
    "id": "dsp_1",
    "version": 3,
    "mode": "REAL",
    "status": "EN_ROUTE",
    "requirementId": "req_1",
    "activationId": ACTIVATION,
    "incidentId": INCIDENT,
    "resourceId": "res_1",
    "resourceNameZh": "龙吸水排涝车",
    "resourceNameEn": "Drainage truck",
    "capability": "pump_large",
    "quantity": 1.0,
    "unit": "unit",
    "ownerOrganizationId": METRO,
    "jurisdiction": CITY,
    "orderedAt": AT,
    "eta": AT,
    "travelMinutes": 18.0,
    "travelQuality": "straight line",
    "returnedQuantity": None,
    "reason": None,
    "history": [{"status": "ORDERED", "at": AT, "by": "guarantee"}],
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
        "overdueAt": None,
        "answeredAt": None,
        "answeredBy": None,
        "waivedBecause": None,
        "inTime": None,
        "systemWasUp": None,
        "incidentId": None,
        "activationId": None,
    }
}
INCIDENT_COPY = {
    name: INCIDENTS[INCIDENT][name]
    for name in (
        "id",
        "number",
        "title",
        "mode",
        "emergencyType",
        "status",
        "grade",
        "gradeRule",
        "jurisdiction",
        "declaredAt",
        "closedAt",
    )
} | {
    "place": {"longitude": 113.62, "latitude": 34.74},
    "figures": [FIGURE],
    "asOf": AT,
}
JURISDICTION_COPY = {
    name: value
    for name, value in JURISDICTIONS[CITY].items()
    if name not in {"version", "boundary"}
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


RESPONSE = {
    "id": SIGNAL,
    "version": 1,
    "answer": None,
    "answeredAt": None,
    "decidedBy": None,
    "reason": None,
    "level": None,
    "activationId": None,
    "proposals": [ACTIVATION],
    "owedBy": FLOOD_COMMAND,
    "obligations": list(OBLIGATIONS.values()),
}
SUPPOSED = {
    "planId": "flood-410100",
    "planVersion": "2021.1",
    "planTitleZh": "郑州市防汛应急预案",
    "planTitleEn": "Zhengzhou flood plan",
    "level": "LEVEL_I",
    "possibleLevel": "LEVEL_I",
    "starts": "signature",
    "conditions": CONDITIONS,
    "asOf": AT,
}


def services() -> dict[Service, FakeService]:
    """The four services, each with what it owns."""
    return {
        Service.ORG: org(),
        Service.PLANS: plans(),
        Service.GUARANTEE: guarantee(),
        Service.ANALYTICS: FakeService(
            batches={"situations": {CITY: SITUATION}, "readings": {CITY: READINGS}},
        ),
    }


def org() -> FakeService:
    incident = INCIDENTS[INCIDENT]
    return FakeService(
        batches={
            "jurisdictions": JURISDICTIONS,
            "organizations": ORGANIZATIONS,
            "incidents": INCIDENTS,
            "incidents-by-number": {NUMBER: incident},
            "open-incidents": {CITY: [incident]},
            "figures-by-incident": {INCIDENT: [REPORTED]},
            "commands-by-incident": {INCIDENT: COMMAND},
            "orders": ORDERS,
            "orders-by-incident": {INCIDENT: list(ORDERS.values())},
            "orders-by-activation": {ACTIVATION: list(ORDERS.values())},
            "orders-in-force": {CITY: list(ORDERS.values())},
            "tasks": TASKS,
            "tasks-by-incident": {INCIDENT: list(TASKS.values())},
            "tasks-by-activation": {ACTIVATION: list(TASKS.values())},
            "log-by-incident": {INCIDENT: LOG},
            "obligations": OBLIGATIONS,
            "obligations-by-incident": {INCIDENT: []},
            "signal-responses": {SIGNAL: RESPONSE},
        },
        reads={
            "/v1/incidents": page(incident),
            "/v1/desk": page(*OBLIGATIONS.values()),
        },
        commands={
            "/v1/incidents": problem(
                409,
                "possible-duplicate",
                detail="410100-20210720-003 was declared near by.",
                field=["place"],
                candidates=[{"id": INCIDENT, "number": NUMBER, "title": incident["title"]}],
            ),
            f"/v1/incidents/{INCIDENT}/facts": (200, incident),
            f"/v1/signals/{SIGNAL}/answer": (200, RESPONSE),
            f"/v1/obligations/{OBLIGATION}/confirm": (200, OBLIGATIONS[OBLIGATION]),
            f"/v1/orders/{ORDER}/receipts": problem(
                403, "forbidden", detail="This needs another role.", roles=["duty_officer"]
            ),
            f"/v1/tasks/{TASK}/complete": problem(
                409, "task-not-open", detail="The task is DONE.", currentStatus="DONE"
            ),
            "/v1/log-entries": problem(
                422,
                "observed-in-future",
                detail="23:50 has not been yet.",
                field=["at"],
                remedy="Yesterday?",
            ),
        },
    )


def plans() -> FakeService:
    in_force = list(ACTIVATIONS.values())
    level = {"emergencyType": "11B03", "level": "LEVEL_II", "activation": ACTIVATIONS[ACTIVATION]}
    return FakeService(
        batches={
            "activations": ACTIVATIONS,
            "activationsByIncident": {INCIDENT: in_force},
            "activationsBySignal": {SIGNAL: in_force},
            "responseLevels": {CITY: [level]},
            "incidentCopies": {INCIDENT: INCIDENT_COPY},
            "jurisdictionCopies": {CITY: JURISDICTION_COPY},
        },
        commands={
            "/v1/explain": (200, [SUPPOSED]),
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
    )


def guarantee() -> FakeService:
    return FakeService(
        batches={
            "signals": SIGNALS,
            "warnings": WARNINGS,
            "active-signals-by-jurisdiction": {CITY: list(SIGNALS.values())},
            "active-warnings-by-jurisdiction": {CITY: []},
            "signals-by-incident": {INCIDENT: list(SIGNALS.values())},
            "warnings-by-incident": {INCIDENT: []},
            "dispatches": {DISPATCH["id"]: DISPATCH},
            "dispatches-by-incident": {INCIDENT: [DISPATCH]},
            "dispatches-by-activation": {ACTIVATION: [DISPATCH]},
            "requirements": {REQUIREMENT["id"]: REQUIREMENT},
            "requirements-by-activation": {ACTIVATION: [REQUIREMENT]},
            "unmet-by-incident": {INCIDENT: [REQUIREMENT]},
        },
        commands={
            f"/v1/warnings/{WARNING}/approve": (200, WARNINGS[WARNING] | {"status": "ACTIVE"}),
            "/v1/dispatches/dsp_1/on-scene": (200, DISPATCH | {"status": "ON_SCENE"}),
        },
    )
