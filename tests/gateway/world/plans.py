"""What plans tells: activations with their reasons, and its copies of what org owns."""

from typing import Any

from tests.gateway.fakes import FakeService, problem
from tests.gateway.world import drill, plan_life
from tests.gateway.world.names import (
    ACTIVATION,
    AT,
    CITY,
    EXERCISE,
    FIGURE,
    FLOOD_COMMAND,
    INCIDENT,
    MAY,
    OVERRIDE,
    PLAN_VERSION,
    PROPOSAL,
    SIGNAL,
    page,
)
from tests.gateway.world.org import INCIDENTS
from tests.gateway.world.places import JURISDICTIONS

Json = Any

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


DUTY = {"kind": "NOTICE", "textZh": "告知乘客", "textEn": "tell passengers", "withinMinutes": 10}


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
                "gap": None,
                "whoMayGrant": [],
                "holders": [],
                "duties": [DUTY],
                "longestMinutes": 1440,
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
        "exerciseId": None,
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
        "preventive": True,
        "lead": {
            "incidentId": INCIDENT,
            "inForceAt": AT,
            "declaredAt": AT,
            "occurredAt": None,
            "toDeclarationMinutes": 95.0,
            "toOccurrenceMinutes": None,
        },
        "proposal": {
            "level": "LEVEL_I",
            "proposedAt": AT,
            "signBefore": AT,
            "reasons": CONDITIONS[:1],
            "content": CONTENT,
            "whomToCall": [
                {
                    "function": "metro.operation",
                    "holder": f"{CITY}/metro.operation",
                    "measures": ["stop_metro"],
                    "steps": [],
                }
            ],
        },
    }
}


OVERRIDES = {
    OVERRIDE: {
        "id": OVERRIDE,
        "version": 2,
        "activationId": ACTIVATION,
        "incidentId": INCIDENT,
        "planTitleZh": "郑州市防汛应急预案",
        "planTitleEn": "Zhengzhou flood plan",
        "emergencyType": "11B03",
        "jurisdiction": CITY,
        "organizationId": FLOOD_COMMAND,
        "mode": "REAL",
        "exerciseId": None,
        "measure": {
            "code": "requisition",
            "textZh": "征用船只",
            "textEn": "requisition boats",
            "addresseeFunctions": ["rescue.water"],
            "automatic": False,
            "durationMinutes": None,
            "legal": {
                "verdict": "REFUSED",
                "provisions": [],
                "missing": "the authority for requisition is held by others",
                "gap": "NOT_HELD",
                "whoMayGrant": ["SPECIAL_COMMAND"],
                "holders": [FLOOD_COMMAND],
                "duties": [],
                "longestMinutes": None,
            },
        },
        "state": "GRANTED",
        "minutes": 120,
        "authorities": [FLOOD_COMMAND],
        "rule": "overrides-national@2007.1",
        "askedBy": "org_410100_flood_command/pst_duty",
        "askedAt": AT,
        "askedBecause": "people are trapped",
        "authority": FLOOD_COMMAND,
        "decidedBy": "org_410100_flood_command/pst_mayor",
        "decidedAt": AT,
        "decidedBecause": "lives are at risk",
        "until": "2021-07-20T10:01:00Z",
        "endedAt": None,
        "endedBecause": None,
    }
}


OVERRIDE_FIGURES = {
    "asked": 1,
    "waiting": 0,
    "granted": 1,
    "declined": 0,
    "inForce": 1,
    "minutes": 0.0,
}


DECISION = {
    "id": "eva_1",
    "planId": "flood-410100",
    "planVersion": "2021.1",
    "jurisdiction": CITY,
    "emergencyType": "11B03",
    "mode": "REAL",
    "exerciseId": None,
    "at": AT,
    "cause": {"kind": "SIGNAL", "id": SIGNAL},
    "inputs": [FIGURE],
    "findings": {
        "given": "LEVEL_I",
        "possible": "LEVEL_I",
        "levels": [{"level": "LEVEL_I", "met": True}],
        "conditions": CONDITIONS,
        "termination": None,
        "asOf": AT,
        "lookAgainAt": None,
    },
    "outcomes": ["PROPOSED"],
    "activationId": ACTIVATION,
    "decidedBy": None,
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


PLAN, ABOVE = "flood-410100@2021.1", "flood-410000@2021.1"
PLAN_VERSIONS = {
    id: {
        "id": id,
        "version": 2,
        "planId": id.partition("@")[0],
        "planVersion": "2021.1",
        "titleZh": "防汛应急预案",
        "titleEn": "Flood plan",
        "kind": "SPECIAL",
        "jurisdiction": CITY,
        "organizationId": FLOOD_COMMAND,
        "emergencyTypes": ["11B03"],
        "effectiveFrom": AT,
        "effectiveTo": None,
        "source": "modelled",
        "status": "PUBLISHED",
        "publishedAt": AT,
        "levels": [],
    }
    | plan_life.UNTOUCHED
    for id in (PLAN, ABOVE)
}
FINDING = {
    "criterion": "CONFORMING",
    "slug": "less-sensitive",
    "severity": "ERROR",
    "isUndetermined": False,
    "place": ["conditions"],
    "messageZh": "rain_3h_mm = 40 时 flood-410000 启动 LEVEL_III，本预案不启动。",
    "messageEn": "rain_3h_mm = 40 gives LEVEL_III of flood-410000 and nothing here.",
    "remedyZh": "使本预案在这些事实下也启动。",
    "remedyEn": "Have some level here met by those facts.",
    "evidence": [{"name": "facts", "value": "rain_3h_mm = 40"}],
    "example": [{"metric": "rain_3h_mm", "value": 40.0}],
}
CRITERIA = [{"criterion": "CONFORMING", "score": 0.5, "checks": 2, "undetermined": 0}]
QUALITY = {
    "id": PLAN,
    "planId": "flood-410100",
    "planVersion": "2021.1",
    "at": AT,
    "findings": [FINDING],
    "score": 50.0,
    "criteria": CRITERIA,
    "rules": "2026-11-26",
    "hierarchy": "2013",
}
CONFORMITY = {
    "superiorId": "flood-410000",
    "superiorVersionId": ABOVE,
    "declared": True,
    "due": True,
    "verdict": "DEVIATES",
    "checks": 2,
    "findings": [FINDING],
    "likeness": {"share": 0.92, "alike": 23, "texts": 25, "risks": 1, "mentioned": 0},
}
POINT = {
    name: PLAN_VERSIONS[PLAN][name]
    for name in (
        *("id", "planId", "planVersion", "titleZh", "titleEn", "kind", "jurisdiction"),
        *("status", "effectiveFrom"),
    )
} | {
    "at": AT,
    "score": 50.0,
    "errors": 1,
    "warnings": 0,
    "undetermined": 0,
    "criteria": CRITERIA,
}
TREE = [
    {"plan": PLAN_VERSIONS[ABOVE], "depth": 0, "superiors": [], "subordinates": ["flood-410100"]},
    {"plan": PLAN_VERSIONS[PLAN], "depth": 1, "superiors": ["flood-410000"], "subordinates": []},
]


INCIDENT_COPY = {
    name: INCIDENTS[INCIDENT][name]
    for name in (
        "id",
        "number",
        "title",
        "mode",
        "exerciseId",
        "emergencyType",
        "status",
        "grade",
        "gradeRule",
        "jurisdiction",
        "occurredAt",
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


def plans() -> FakeService:
    in_force = list(ACTIVATIONS.values())
    present = ACTIVATIONS[ACTIVATION]
    level = {
        "emergencyType": "11B03",
        "level": "LEVEL_II",
        "since": AT,
        "planId": present["planId"],
        "planVersion": present["planVersion"],
        "planTitleZh": present["planTitleZh"],
        "planTitleEn": present["planTitleEn"],
        "activation": present,
    }
    return FakeService(
        batches={
            "activations": ACTIVATIONS,
            "activationsByIncident": {INCIDENT: in_force},
            "activationsBySignal": {SIGNAL: in_force},
            "overrides": OVERRIDES,
            "overridesByActivation": {ACTIVATION: list(OVERRIDES.values())},
            "overrideFiguresByActivation": {ACTIVATION: OVERRIDE_FIGURES},
            "overrideFiguresByIncident": {INCIDENT: OVERRIDE_FIGURES},
            "activationsByActivation": {ACTIVATION: []},
            "evaluationsByActivation": {ACTIVATION: [DECISION]},
            "responseLevels": {CITY: [level]},
            "incidentCopies": {INCIDENT: INCIDENT_COPY},
            "jurisdictionCopies": {CITY: JURISDICTION_COPY},
            "permissions": {
                f"activation:{ACTIVATION}": MAY,
                f"override:{OVERRIDE}": MAY,
                f"plan:{PLAN}": MAY,
                f"plan:{PLAN_VERSION}": MAY,
                f"exercise:{EXERCISE}": MAY,
            },
            "planVersions": PLAN_VERSIONS | {PLAN_VERSION: plan_life.PLAN},
            "planSuperiors": {PLAN: [PLAN_VERSIONS[ABOVE]], ABOVE: []},
            "planSubordinates": {PLAN: [], ABOVE: [PLAN_VERSIONS[PLAN]]},
            "planQuality": {PLAN: QUALITY},
            "planQualityTrend": {"flood-410100": [POINT]},
            "planConformity": {PLAN: [CONFORMITY]},
            "consultationsByVersion": {PLAN_VERSION: [plan_life.ASKED]},
            "cyclesByPlan": {"flood-410100": [plan_life.CYCLE]},
            "exercises": drill.EXERCISES,
            "injectsByExercise": {EXERCISE: [drill.INJECT]},
            "scoresByExercise": {EXERCISE: drill.SCORE},
            "revisionProposals": drill.PROPOSALS,
            "revisions": drill.REVISIONS,
        },
        reads={
            "/v1/plans": page(plan_life.PLAN),
            "/v1/due-plans": page(plan_life.CYCLE),
            "/v1/consultations": page(plan_life.ASKED),
            "/v1/plan-hierarchy": TREE,
            "/v1/plan-quality": page(POINT),
        },
        commands={
            "/v1/plans/flood-410100/versions/2026.1/approve": (200, plan_life.PLAN),
            "/v1/explain": (200, [SUPPOSED]),
            f"/v1/revision-proposals/{PROPOSAL}/accept": (200, drill.PROPOSALS[PROPOSAL]),
            "/v1/activations": (201, ACTIVATIONS[ACTIVATION]),
            f"/v1/activations/{ACTIVATION}/sign": (200, ACTIVATIONS[ACTIVATION]),
            f"/v1/overrides/{OVERRIDE}/grant": (200, OVERRIDES[OVERRIDE]),
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
