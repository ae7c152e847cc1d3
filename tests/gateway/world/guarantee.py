"""What guarantee tells: signal, warning, need and dispatch."""

from typing import Any

from tests.gateway.fakes import FakeService
from tests.gateway.world.names import (
    ACTIVATION,
    AT,
    BULLETIN,
    CITY,
    FLOOD_COMMAND,
    INCIDENT,
    MAY,
    METRO,
    SIGNAL,
    WARNING,
    page,
)

Json = Any

TOLD = {
    "id": BULLETIN,
    "version": 2,
    "kind": "INITIAL",
    "status": "PUBLISHED",
    "titleZh": "地铁5号线进水情况通报",
    "textZh": "正在疏散乘客",
    "titleEn": None,
    "textEn": None,
    "jurisdiction": CITY,
    "incidentId": INCIDENT,
    "rumourId": "rum_1",
    "mode": "REAL",
    "organizationId": FLOOD_COMMAND,
    "corrects": None,
    "correctedBy": BULLETIN,
    "draftedAt": AT,
    "draftedBy": "officer",
    "approvedBy": "commander",
    "publishedAt": AT,
    "endedAt": None,
    "reason": None,
}


CLAIM = {
    "id": "rum_1",
    "version": 1,
    "claim": "水库决堤",
    "seenWhere": "微信群",
    "seenAt": AT,
    "jurisdiction": CITY,
    "incidentId": INCIDENT,
    "mode": "REAL",
    "status": "REFUTED",
    "notedAt": AT,
    "finding": "水库水位正常",
    "decidedAt": AT,
    "answeredBy": BULLETIN,
    "answeredAt": AT,
    "minutesToAnswer": 25.0,
}


SIGNALS = {
    SIGNAL: {
        "id": SIGNAL,
        "version": 1,
        "kind": "SIGNAL",
        "mode": "REAL",
        "exerciseId": None,
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
        "exerciseId": None,
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


REQUIREMENT: Json = {
    "id": "req_1",
    "version": 2,
    "key": "pumps",
    "activationId": ACTIVATION,
    "incidentId": INCIDENT,
    "mode": "REAL",
    "exerciseId": None,
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
    "exerciseId": None,
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


def guarantee() -> FakeService:
    return FakeService(
        batches={
            "bulletins": {BULLETIN: TOLD},
            "bulletins-by-incident": {INCIDENT: [TOLD]},
            "rumours": {"rum_1": CLAIM},
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
            "permissions": {
                f"warning:{WARNING}": MAY,
                f"dispatch:{DISPATCH['id']}": MAY,
                f"bulletin:{BULLETIN}": MAY,
                "rumour:rum_1": MAY,
            },
        },
        reads={"/v1/rumours": page(CLAIM)},
        commands={
            f"/v1/bulletins/{BULLETIN}/publish": (200, TOLD),
            f"/v1/warnings/{WARNING}/approve": (200, WARNINGS[WARNING] | {"status": "ACTIVE"}),
            "/v1/dispatches/dsp_1/on-scene": (200, DISPATCH | {"status": "ON_SCENE"}),
        },
    )
