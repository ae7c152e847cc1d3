"""CAP messages and copies that the tests of guarantee speak of."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from contracts.org import v1 as org
from contracts.plans import v1 as plans
from contracts.vocabulary import v1 as shared
from services.guarantee.domain.jurisdiction import Jurisdiction
from services.guarantee.domain.organization import Organization
from vocabulary import Mode, OrganizationKind, ResponseLevel

SENDER = "zhengzhou-observatory"


def box(west, south, east, north):
    """A rectangle as GeoJSON."""
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return msgspec.json.encode({"type": "Polygon", "coordinates": [ring]}).decode()


# A city of two districts side by side; the province has no outline.
PROVINCE = Jurisdiction(id="410000", name_zh="河南省", name_en="Henan")
CITY = Jurisdiction(
    id="410100",
    name_zh="郑州市",
    name_en="Zhengzhou",
    parent="410000",
    boundary_geojson=box(113.0, 34.0, 115.0, 35.0),
)
WEST = Jurisdiction(
    id="410102",
    name_zh="中原区",
    name_en="Zhongyuan",
    parent="410100",
    boundary_geojson=box(113.0, 34.0, 114.0, 35.0),
)
EAST = Jurisdiction(
    id="410105",
    name_zh="金水区",
    name_en="Jinshui",
    parent="410100",
    boundary_geojson=box(114.0, 34.0, 115.0, 35.0),
)
GROUND = (PROVINCE, CITY, WEST, EAST)

FLOOD_COMMAND = Organization(
    id="org_410100_flood_command",
    name_zh="市防指",
    name_en="flood command",
    kind=OrganizationKind.SPECIAL_COMMAND,
    jurisdiction="410100",
    emergency_types=("11A", "11B03"),
)
OFFICE = Organization(
    id="org_410100_office",
    name_zh="应急委办公室",
    name_en="committee office",
    kind=OrganizationKind.COMMITTEE_OFFICE,
    jurisdiction="410100",
)
PUMPS_OWNER = Organization(
    id="org_410100_urban_management",
    name_zh="城管局",
    name_en="urban management",
    kind=OrganizationKind.DEPARTMENT,
    jurisdiction="410100",
)


def cap_xml(
    identifier="ZZ-1",
    *,
    sender=SENDER,
    sent="2026-06-01T16:00:00+08:00",
    status="Actual",
    kind="Alert",
    references=(),
    colour="red",
    event="暴雨",
    severity="Extreme",
    urgency="Immediate",
    certainty="Likely",
    expires="2026-06-01T22:00:00+08:00",
    onset=None,
    response=None,
    polygon="34.0,113.0 34.0,115.0 35.0,115.0 35.0,113.0 34.0,113.0",
    circle=None,
    geocode=None,
    version="1.2",
    info=True,
):
    """One CAP message; times as CAP has them."""
    said = " ".join(f"{SENDER},{one},{sent}" if "," not in one else one for one in references)
    area = "".join(
        (
            f"<polygon>{polygon}</polygon>" if polygon else "",
            f"<circle>{circle}</circle>" if circle else "",
            f"<geocode><valueName>GB/T 2260</valueName><value>{geocode}</value></geocode>"
            if geocode
            else "",
        )
    )
    block = f"""<info><language>zh-CN</language><category>Met</category><event>{event}</event>
      {f"<responseType>{response}</responseType>" if response else ""}
      <urgency>{urgency}</urgency><severity>{severity}</severity><certainty>{certainty}</certainty>
      {f"<onset>{onset}</onset>" if onset else ""}
      {f"<expires>{expires}</expires>" if expires else ""}
      <senderName>郑州市气象台</senderName><headline>暴雨红色预警信号</headline>
      <description>预计3小时内降雨量将达100毫米以上</description>
      {f"<parameter><valueName>warningLevel</valueName><value>{colour}</value></parameter>" if colour else ""}
      <area><areaDesc>郑州市</areaDesc>{area}</area></info>"""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
    <alert xmlns="urn:oasis:names:tc:emergency:cap:{version}">
      <identifier>{identifier}</identifier><sender>{sender}</sender><sent>{sent}</sent>
      <status>{status}</status><msgType>{kind}</msgType><scope>Public</scope>
      {f"<references>{said}</references>" if said else ""}
      {block if info else ""}
    </alert>""".encode()


def jurisdiction_state(one):
    """What org tells of a division."""
    told = org.Jurisdiction(
        code=one.id,
        name_zh=one.name_zh,
        name_en=one.name_en,
        parent=one.parent,
        boundary_geojson=one.boundary_geojson,
    )
    return org.JurisdictionState(jurisdiction=told)


def organization_state(one):
    """What org tells of an organization."""
    told = org.Organization(
        id=one.id,
        name_zh=one.name_zh,
        name_en=one.name_en,
        kind=one.kind,
        jurisdiction=one.jurisdiction,
        emergency_types=one.emergency_types,
    )
    return org.OrganizationState(organization=told)


def at(minutes, start=datetime(2026, 6, 1, 8, 0, tzinfo=UTC)):
    """The harness's start, and so many minutes later."""
    return start + timedelta(minutes=minutes)


ACTIVATION = "act_flood"


def need(key="pumps", quantity=2.0, **stated):
    """A requirement as plans states it: by default mobile pumps in the east."""
    place = stated.pop("place", (114.5, 34.5))
    defaults: dict[str, Any] = {
        "capability": "pump.mobile",
        "unit": "unit",
        "within_minutes": 120,
        "severity": 2,
    }
    return plans.Requirement(
        id=key,
        quantity=quantity,
        place=place and shared.Place(longitude=place[0], latitude=place[1]),
        **defaults | stated,
    )


def activation(*needs, state="IN_FORCE", id=ACTIVATION, cause=("SIGNAL", "sig_1"), **stated):
    """An activation as plans tells it."""
    defaults: dict[str, Any] = {
        "plan_id": "flood-410100",
        "plan_version": "1",
        "emergency_type": "11B03",
        "jurisdiction": "410100",
        "mode": Mode.REAL,
        "level": ResponseLevel.LEVEL_II,
    }
    return plans.Activation(
        id=id,
        state=state,
        cause=shared.Cause(kind=cause[0], id=cause[1]),
        requirements=needs,
        **defaults | stated,
    )


def started(*needs, **stated):
    """The plan is in force with these needs."""
    return plans.ActivationStarted(activation=activation(*needs, **stated))


def raised(*needs, **stated):
    """The plan is in force at a more severe level with these needs."""
    told = activation(*needs, **{"level": ResponseLevel.LEVEL_I} | stated)
    return plans.ActivationRaised(activation=told, from_level=ResponseLevel.LEVEL_II)


def lowered(*needs, **stated):
    """The plan is in force at a less severe level with these needs."""
    told = activation(*needs, **{"level": ResponseLevel.LEVEL_III} | stated)
    return plans.ActivationLowered(activation=told, from_level=ResponseLevel.LEVEL_II)


def ended(**stated):
    """The plan is in force no more."""
    return plans.ActivationEnded(activation=activation(state="ENDED", **stated))


_EVENTS: dict[Any, str] = {
    plans.ActivationStarted: "started",
    plans.ActivationRaised: "raised",
    plans.ActivationLowered: "lowered",
    plans.ActivationEnded: "ended",
    plans.ActivationProposed: "proposed",
    plans.ActivationMaintained: "maintained",
    plans.ActivationDeclined: "declined",
}


async def hear(guarantee, body, **about):
    """Guarantee hears what plans said of an activation."""
    told = body.activation
    defaults = {
        "service": "plans",
        "aggregate": "activation",
        "event": _EVENTS[type(body)],
        "id": told.id,
        "area": told.jurisdiction,
        "mode": told.mode,
    }
    return await guarantee.deliver(body, **defaults | about)


def pump(longitude=113.5, latitude=34.5, **stated):
    """The body of one mobile pump."""
    return {
        "nameZh": "移动泵车",
        "nameEn": "mobile pump",
        "kind": "VEHICLE",
        "capabilities": ["pump.mobile"],
        "quantity": 1,
        "unit": "unit",
        "owner": PUMPS_OWNER.id,
        "place": {"longitude": longitude, "latitude": latitude},
    } | stated
