"""What analytics tells."""

from typing import Any

from tests.gateway.world.names import AT, CITY

Json = Any

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
