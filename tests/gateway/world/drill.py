"""What plans tells of an exercise of the flood plan, and of the revision that it proposes."""

from typing import Any

from tests.gateway.world.names import AT, CITY, EXERCISE, FLOOD_COMMAND, METRO, PROPOSAL

Json = Any

EXERCISES = {
    EXERCISE: {
        "id": EXERCISE,
        "version": 3,
        "mode": "EXERCISE",
        "type": "FUNCTIONAL",
        "state": "COMPLETED",
        "titleZh": "防汛演练",
        "titleEn": "flood exercise",
        "planId": "flood-410100",
        "planVersion": "2021.1",
        "versionId": "flood-410100@2021.1",
        "jurisdiction": CITY,
        "organizationId": FLOOD_COMMAND,
        "participants": [FLOOD_COMMAND, METRO],
        "plannedFrom": AT,
        "plannedTo": AT,
        "objectives": [{"id": "pumps", "text": {"zh": "一小时内出泵", "en": "pumps out in time"}}],
        "startedAt": AT,
        "endedAt": AT,
        "drilledAt": AT,
        "decidedBy": "org_410100_office/director",
        "reason": None,
        "provenance": None,
    }
}
INJECT = {
    "id": "inj_1",
    "exerciseId": EXERCISE,
    "key": "red",
    "kind": "SIGNAL",
    "offsetMinutes": 60,
    "text": None,
    "signal": {
        "emergencyType": "11B03",
        "colour": "RED",
        "areas": [CITY],
        "headline": None,
        "validMinutes": 180,
        "replaces": [],
    },
    "incident": None,
    "figures": None,
    "report": None,
    "indicator": None,
    "dueAt": AT,
    "deliveredAt": AT,
}
SCORE = {
    "exerciseId": EXERCISE,
    "asOf": AT,
    "steps": [
        {
            "planId": "flood-410100",
            "planVersion": "2021.1",
            "step": "pumps-out",
            "titleZh": "水泵出库",
            "titleEn": "Bring the pumps out",
            "level": "LEVEL_III",
            "organizationId": METRO,
            "outcome": "LATE",
            "allowedMinutes": 60.0,
            "minutes": 75.0,
            "acknowledgedMinutes": 5.0,
            "note": None,
        }
    ],
    "measures": [],
    "handOffs": [
        {
            "kind": "ACKNOWLEDGE_TASK",
            "owedBy": METRO,
            "owedTo": FLOOD_COMMAND,
            "outcome": "ON_TIME",
            "allowedMinutes": 10.0,
            "minutes": 5.0,
            "confirmedMinutes": 2.0,
        }
    ],
    "outcomes": [{"outcome": "LATE", "count": 1}],
    "stepsOnTimeRate": 0.0,
    "measuresOrdered": 0,
    "measuresCarriedOut": 0,
    "handOffsOnTimeRate": 1.0,
    "injects": 1,
    "injectsDelivered": 1,
}
EVIDENCE = {
    "rate": {"n": 1, "asPlanned": 0, "share": 0.0, "low": 0.0, "high": 0.79},
    "medianMinutes": 75.0,
    "p90Minutes": 75.0,
    "late": 1,
    "notDone": 0,
    "excused": 0,
    "real": 0,
    "activations": ["act_2"],
    "exercises": [EXERCISE],
    "corrections": [],
}
PROPOSALS = {
    PROPOSAL: {
        "id": PROPOSAL,
        "version": 2,
        "planId": "flood-410100",
        "planVersion": "2021.1",
        "jurisdiction": CITY,
        "kind": "STEP",
        "place": "pumps-out",
        "state": "ACCEPTED",
        "evidence": EVIDENCE,
        "rule": "learning@2026-11-27",
        "openedAt": AT,
        "evidenceAt": AT,
        "decidedAt": AT,
        "decidedBy": "lin",
        "reason": "the depot has moved",
        "draftVersion": "2021.2",
        "draftVersionId": "flood-410100@2021.2",
    }
}
REVISIONS = {
    PROPOSAL: {
        "proposalId": PROPOSAL,
        "diff": "-        time_limit_minutes: 60\n+        time_limit_minutes: 95\n",
        "before": EVIDENCE,
        "after": EVIDENCE,
    }
}
