"""Where and who."""

from typing import Any

from tests.gateway.world.names import CITY, FLOOD_COMMAND, METRO, PROVINCE

Json = Any

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
