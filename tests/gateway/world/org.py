"""What org tells: incident, command, order, task, log, obligation."""

from typing import Any

from tests.gateway.fakes import FakeService, problem
from tests.gateway.world.names import (
    ACTIVATION,
    AT,
    CITY,
    FIGURE,
    FLOOD_COMMAND,
    INCIDENT,
    MAY,
    METRO,
    NUMBER,
    OBLIGATION,
    ORDER,
    REPORT,
    REQUEST,
    SIGNAL,
    TASK,
    page,
)
from tests.gateway.world.places import JURISDICTIONS, ORGANIZATIONS

Json = Any

REPORTED = FIGURE | {
    "id": "fig_1",
    "state": "CONFIRMED",
    "preferred": True,
    "contradictedBy": [{"value": 195.0, "source": "radar"}],
    "correctionReason": None,
}


INCIDENTS = {
    INCIDENT: {
        "id": INCIDENT,
        "version": 4,
        "number": NUMBER,
        "mode": "REAL",
        "exerciseId": None,
        "title": "地铁5号线进水",
        "emergencyType": "11B03",
        "status": "RESPONDING",
        "grade": "GRADE_I",
        "gradeRule": "grading@2021.1",
        "place": {"type": "Point", "coordinates": [113.62, 34.74]},
        "address": None,
        "jurisdiction": CITY,
        "occurredAt": None,
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
        "exerciseId": None,
        "measures": [
            {
                "code": "stop_metro",
                "textZh": "地铁停运",
                "textEn": "stop the metro",
                "legalBasis": "应急条例 第十二条",
                "legalVerdict": "ALLOWED",
                "legalMissing": None,
                "whoMayGrant": [],
                "duties": [
                    {
                        "kind": "NOTICE",
                        "textZh": "告知乘客",
                        "textEn": "tell passengers",
                        "withinMinutes": 10,
                    }
                ],
                "addressees": [METRO],
                "ordered": True,
                "lapsedAt": None,
                "lapsedBecause": None,
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
        "overrideId": None,
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
        "exerciseId": None,
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
        "exerciseId": None,
        "struckAt": None,
        "struckBy": None,
        "struckBecause": None,
    }
]


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
        "exerciseId": None,
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


POST = {
    "id": "post_metro_duty",
    "version": 1,
    "organization": METRO,
    "titleZh": "总调度长",
    "titleEn": "chief controller",
    "rung": 0,
    "channels": ["phone"],
    "modes": ["REAL"],
    "person": "per_wang",
    "isHeld": True,
    "asOf": AT,
}


UPWARD = {
    "id": REPORT,
    "version": 3,
    "number": f"{NUMBER}-R00",
    "stage": "INITIAL",
    "ordinal": 0,
    "status": "SIGNED",
    "incidentId": INCIDENT,
    "incidentNumber": NUMBER,
    "jurisdiction": CITY,
    "mode": "REAL",
    "exerciseId": None,
    "organizationId": FLOOD_COMMAND,
    "recipientId": METRO,
    "skippedId": None,
    "skipReason": None,
    "isUrgent": True,
    "rule": "reporting-national@2024.1",
    "dueAt": AT,
    "title": "地铁5号线进水",
    "grade": "GRADE_I",
    "asOf": AT,
    "figures": [
        {
            "metric": "trapped",
            "value": 500.0,
            "unit": "1",
            "source": "metro",
            "observedAt": AT,
            "was": None,
        }
    ],
    "unclear": [{"about": "deaths", "why": "UNKNOWN", "detail": None}],
    "measures": [{"textZh": "地铁停运", "textEn": "stop the metro", "at": AT}],
    "note": "",
    "textZh": "地铁5号线进水初报",
    "textEn": "initial report",
    "draftedAt": AT,
    "draftedBy": "system",
    "calls": [{"at": AT, "to": "province", "by": "per_1"}],
    "signedAt": AT,
    "signedBy": "org_410100_flood_command/commander",
    "digest": "0" * 64,
    "sentAt": None,
    "receivedAt": None,
    "receivedBy": None,
    "reference": None,
    "withdrawnBecause": None,
}


ASKED = {
    "id": REQUEST,
    "version": 2,
    "status": "DECLINED",
    "title": "公交接驳",
    "text": "需要公交车接驳乘客",
    "need": {"capability": "transport.bus", "quantity": 20.0, "unit": "unit"},
    "urgency": "URGENT",
    "fromOrganization": FLOOD_COMMAND,
    "toOrganization": METRO,
    "jurisdiction": CITY,
    "incidentId": INCIDENT,
    "mode": "REAL",
    "exerciseId": None,
    "neededBy": AT,
    "requestedAt": AT,
    "answerDueAt": AT,
    "rule": "coordination-national@2024.1",
    "acknowledgedAt": AT,
    "answeredAt": AT,
    "promisedBy": None,
    "limited": None,
    "ground": "NO_CAPACITY",
    "reason": "无车可调",
    "completedAt": None,
    "result": None,
    "withdrawnAt": None,
    "withdrawnBecause": None,
    "escalatedTo": FLOOD_COMMAND,
    "escalatedAt": AT,
    "direction": None,
    "directedAt": None,
    "directedBy": None,
}


PAIR = {
    "fromOrganization": FLOOD_COMMAND,
    "toOrganization": METRO,
    "asked": 3,
    "answered": 2,
    "declined": 1,
    "completed": 1,
    "unansweredLate": 1,
    "acknowledgeMedianMinutes": 4.0,
    "answerMedianMinutes": 12.5,
    "answerP90Minutes": 20.0,
    "completeMedianMinutes": None,
    "onTimeShare": 0.66,
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
            "coordination-requests": {REQUEST: ASKED},
            "coordination-requests-by-incident": {INCIDENT: [ASKED]},
            "situation-reports": {REPORT: UPWARD},
            "situation-reports-by-incident": {INCIDENT: [UPWARD]},
            "orders": ORDERS,
            "orders-by-incident": {INCIDENT: list(ORDERS.values())},
            "orders-by-activation": {ACTIVATION: list(ORDERS.values())},
            "drafts-by-activation": {ACTIVATION: next(iter(ORDERS.values()))},
            "accountable": {f"{CITY}/metro.operation": ORGANIZATIONS[METRO]},
            "orders-in-force": {CITY: list(ORDERS.values())},
            "tasks": TASKS,
            "tasks-by-incident": {INCIDENT: list(TASKS.values())},
            "tasks-by-activation": {ACTIVATION: list(TASKS.values())},
            "log-by-incident": {INCIDENT: LOG},
            "obligations": OBLIGATIONS,
            "obligations-by-incident": {INCIDENT: []},
            "signal-responses": {SIGNAL: RESPONSE},
            "permissions": {
                f"incident:{INCIDENT}": MAY,
                f"order:{ORDER}": MAY,
                f"coordination_request:{REQUEST}": MAY,
                f"situation_report:{REPORT}": MAY,
                f"task:{TASK}": MAY,
                f"obligation:{OBLIGATION}": MAY,
                f"signal:{SIGNAL}": MAY,
            },
        },
        reads={
            "/v1/incidents": page(incident),
            "/v1/desk": page(*OBLIGATIONS.values()),
            "/v1/posts": [POST],
            "/v1/coordination-figures": [PAIR],
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
                403,
                "not-permitted",
                detail="None of your roles allows it here.",
                remedy="Ask somebody who may.",
                action="receipt_order",
                reason="None of your roles allows it here.",
                needs="the role duty_officer of an addressee",
                grantableBy="the head of the addressee",
            ),
            f"/v1/incidents/{INCIDENT}/figures/fig_1/confirm": problem(
                409,
                "second-person-required",
                detail="Whoever did the step before cannot do this one.",
                action="confirm_figure",
                reason="Whoever entered a figure does not confirm it.",
                needs="a second officer",
                grantableBy=None,
            ),
            "/v1/coordination-requests": (201, ASKED),
            f"/v1/situation-reports/{REPORT}/send": (200, UPWARD),
            f"/v1/orders/{ORDER}/issue": problem(
                403,
                "legal-basis-missing",
                detail="requisition: no provision authorises it.",
                field=["measures"],
                remedy="Propose it to the mayor.",
                legal={"measure": "requisition", "missing": "m", "whoMayGrant": ["COMMITTEE"]},
                holders=[
                    {
                        "organization": "org_c",
                        "post": "pst_m",
                        "titleZh": "市长",
                        "titleEn": "mayor",
                        "onDuty": True,
                    }
                ],
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
