"""How each kind of entry enters the system: a CAP file, an observation, a report, figures."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

from uem.demo.city import City
from uem.demo.rows import CIVIL_TIME
from uem.demo.scenario import Entry

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
STANDS_FOR = timedelta(
    hours=24
)  # a signal stands until the next replaces it; README of the scenario
KINDS = frozenset({"signal", "cancel", "observation", "report", "figures"})
UNITS = {"direct_loss_cny": "CNY"}  # of figures; the others are counted
SEVERITY = {"RED": "Extreme", "ORANGE": "Severe", "YELLOW": "Moderate", "BLUE": "Minor"}
URGENCY = {"RED": "Immediate", "ORANGE": "Expected", "YELLOW": "Expected", "BLUE": "Future"}


async def put(city: City, entry: Entry) -> str | None:
    """The entry was taken in by the service that is responsible for its kind; a remark when it was not."""
    match entry.kind:
        case "signal" | "cancel":
            await city.send_cap(cap(entry.at, entry.data), org=entry.data["organization"])
        case "observation":
            await city.send_observations(observation(entry.at, entry.data))
        case "report":
            data = entry.data
            await city.report(report(entry.at, data), org=data["organization"], post=data["post"])
        case "figures":
            return await _figures(city, entry)
        case unknown:
            message = f"the timeline has an entry of unknown kind {unknown!r}"
            raise ValueError(message)
    return None


async def _figures(city: City, entry: Entry) -> str | None:
    """Record what one source says in the open incident of that division."""
    data = entry.data
    found = [
        one
        for one in await city.pages("org", "/v1/incidents", jurisdiction=data["incident"])
        if one["status"] not in ("CLOSED", "FALSE_ALARM", "MERGED")
    ]
    if not found:
        return f"figures of {data['says']} not recorded: nobody has declared an incident"
    await city.call(
        "POST",
        "org",
        f"/v1/incidents/{found[0]['id']}/facts",
        roles=("duty_officer",),
        org=data["organization"],
        post=data["post"],
        json={"expectedVersion": found[0]["version"], "facts": facts(entry.at, data)},
    )
    return None


def facts(at: datetime, data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The bodies of the figures that one source gives."""
    because = {"correctionReason": data["correction"]} if "correction" in data else {}
    return [
        {
            "metric": metric,
            "value": value,
            "unit": UNITS.get(metric, "1"),
            "source": data["says"],
            "observedAt": at.isoformat(),
            **because,
        }
        for metric, value in data["facts"].items()
    ]


def cap(at: datetime, data: Mapping[str, Any]) -> bytes:
    """The CAP 1.2 message of a signal; one that replaces or cancels another refers to it."""
    refers_to = data.get("cancels") or data.get("replaces")
    kind = "Cancel" if data.get("cancels") else "Update" if refers_to else "Alert"
    alert = ElementTree.Element("alert", xmlns=NAMESPACE)
    _add(
        alert,
        identifier=data.get("identifier") or identifier(at, data),
        sender=data["sender"],
        sent=_time(at),
        status="Actual",
        msgType=kind,
        scope="Public",
    )
    if refers_to:
        _add(alert, references=f"{data['sender']},{refers_to},{_time(data['refers_to_at'])}")
    info = ElementTree.SubElement(alert, "info")
    _add(
        info,
        language="zh-CN",
        category=data["category"],
        event=data["event"],
        urgency=URGENCY[data["colour"]],
        severity=SEVERITY[data["colour"]],
        certainty="Likely",
        expires=_time(at + STANDS_FOR),
        senderName=data["sender_name"],
        headline=data.get("headline", {}).get("zh", f"{data['event']}预警信号"),
        description=data.get("text", f"{data['event']}预警信号"),
    )
    _add(ElementTree.SubElement(info, "parameter"), valueName="warningLevel", value=data["colour"])
    area = ElementTree.SubElement(info, "area")
    _add(area, areaDesc=", ".join(data["areas"]))
    for code in data["areas"]:
        _add(ElementTree.SubElement(area, "geocode"), valueName="GB/T 2260", value=code)
    document: bytes = ElementTree.tostring(alert, encoding="utf-8", xml_declaration=True)
    return document


def identifier(at: datetime, data: Mapping[str, Any]) -> str:
    """A name for a signal whose own is not on record."""
    return f"{data['prefix']}-{data['colour']}-{at.astimezone(CIVIL_TIME):%Y%m%dT%H%M}-{data['areas'][0]}"


def observation(at: datetime, data: Mapping[str, Any]) -> str:
    """One line of NDJSON."""
    line = {
        "station": data["station"],
        "metric": data["metric"],
        "value": data["value"],
        "unit": data["unit"],
        "observedAt": data.get("observed_at", at).isoformat(),
    }
    return json.dumps(line) + "\n"


def report(at: datetime, data: Mapping[str, Any]) -> dict[str, Any]:
    """The body of an intake report."""
    return {
        "emergencyType": data["emergency_type"],
        "jurisdiction": data["areas"][0],
        "place": {
            "type": "Point",
            "coordinates": [data["place"]["longitude"], data["place"]["latitude"]],
        },
        "source": data["source"],
        "text": f"{data['title']['zh']} {data['title']['en']}",
        "observedAt": at.isoformat(),
    }


def chained(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The entries, those that replace a signal told when that one was sent, as CAP asks."""
    sent = {one.data["identifier"]: one.at for one in entries if "identifier" in one.data}
    return tuple(
        Entry(one.at, one.kind, {**one.data, "refers_to_at": sent[replaced]})
        if (replaced := one.data.get("replaces"))
        else one
        for one in entries
    )


def cancelling(signal: Entry, at: datetime) -> Entry:
    """The entry that lifts a signal at `at`."""
    own = signal.data.get("identifier") or identifier(signal.at, signal.data)
    return Entry(
        at,
        "cancel",
        {
            **{name: one for name, one in signal.data.items() if name not in ("replaces", "text")},
            "identifier": f"{own}-lifted",
            "cancels": own,
            "refers_to_at": signal.at,
        },
    )


def clock(at: datetime) -> str:
    """The instant as people of the city read it."""
    return f"{at.astimezone(CIVIL_TIME):%d %b %Y %H:%M}"


def _time(at: datetime) -> str:
    """CAP's form: civil time with its offset, never Z."""
    return at.astimezone(CIVIL_TIME).isoformat(timespec="seconds")


def _add(parent: ElementTree.Element, **elements: str) -> None:
    for name, text in elements.items():
        ElementTree.SubElement(parent, name).text = text
