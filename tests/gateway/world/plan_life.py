"""What plans tells of a version in review, what it owes, and what organizations said to it."""

from typing import Any

from tests.gateway.world.names import AT, CITY, CONSULTATION, FLOOD_COMMAND, METRO, PLAN_VERSION

Json = Any
BY = "org_410100_office/planner"

# A version of which nothing is told but what it says.
UNTOUCHED: Json = {
    "retiredAt": None,
    "supersededBy": None,
    "superiors": [],
    "legalBasis": [],
    "risks": [],
    "history": [],
    "filing": None,
    "drills": [],
    "reviews": [],
    "triggers": [],
}

PLAN: Json = {
    "id": PLAN_VERSION,
    "version": 2,
    "planId": "flood-410100",
    "planVersion": "2026.1",
    "titleZh": "郑州市防汛应急预案",
    "titleEn": "Zhengzhou flood plan",
    "kind": "SPECIAL",
    "jurisdiction": CITY,
    "organizationId": FLOOD_COMMAND,
    "emergencyTypes": ["11B03"],
    "effectiveFrom": AT,
    "effectiveTo": None,
    "source": "modelled",
    "status": "IN_REVIEW",
    "publishedAt": None,
    "retiredAt": None,
    "supersededBy": None,
    "superiors": ["overall-410100"],
    "legalBasis": [],
    "risks": [{"zh": "下穿隧道", "en": "underpasses"}],
    "levels": [
        {
            "level": "LEVEL_IV",
            "start": "automatic",
            "holdDownMinutes": 60,
            "signWithinMinutes": 30,
        }
    ],
    "history": [
        {
            "action": "SUBMIT",
            "fromStatus": "DRAFT",
            "toStatus": "IN_REVIEW",
            "at": AT,
            "by": BY,
            "reason": None,
        }
    ],
    "filing": {"organization": "Henan province", "number": "2026-17", "at": AT},
    "drills": [
        {
            "at": AT,
            "organizationId": METRO,
            "note": "report 12",
            "recordedAt": AT,
            "by": BY,
            "exerciseId": None,
        }
    ],
    "reviews": [
        {
            "at": AT,
            "organizationId": METRO,
            "note": "minutes of May",
            "recordedAt": AT,
            "by": BY,
            "isFit": True,
        }
    ],
    "triggers": [
        {
            "ground": "RISK_CHANGED",
            "cause": "told:trg_1",
            "note": "a new metro line",
            "at": AT,
            "by": BY,
            "answeredAt": None,
        }
    ],
}
ASKED: Json = {
    "id": CONSULTATION,
    "version": 1,
    "versionId": PLAN_VERSION,
    "planId": "flood-410100",
    "planVersion": "2026.1",
    "jurisdiction": CITY,
    "openedAt": AT,
    "openedBy": BY,
    "closedAt": None,
    "consulted": [
        {
            "organizationId": METRO,
            "answerBefore": AT,
            "opinion": None,
            "note": None,
            "answeredAt": None,
            "by": None,
        }
    ],
    "comments": [
        {
            "id": "cmt_1",
            "organizationId": METRO,
            "place": "LEVEL_IV/conditions",
            "text": "ours floods earlier",
            "at": AT,
            "by": "org_410100_metro/director",
            "resolution": None,
            "answer": None,
            "resolvedAt": None,
            "resolvedBy": None,
        }
    ],
}
CYCLE: Json = {
    "id": "flood-410100_drill",
    "version": 1,
    "versionId": PLAN_VERSION,
    "planId": "flood-410100",
    "planVersion": "2026.1",
    "planTitleZh": "郑州市防汛应急预案",
    "planTitleEn": "Zhengzhou flood plan",
    "planKind": "SPECIAL",
    "jurisdiction": CITY,
    "organizationId": FLOOD_COMMAND,
    "kind": "DRILL",
    "state": "OVERDUE",
    "countedFrom": AT,
    "warnAt": AT,
    "dueAt": AT,
    "rule": "plan-cycles-national@2024.1",
    "dueRaisedAt": AT,
    "overdueRaisedAt": AT,
    "metAt": None,
}
