"""Writes CAP 1.2 strictly: schema order, numeric offsets, closed rings, nothing empty."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from lxml import etree

from services.guarantee.domain.cap.message import Alert, Area, Info, Named, Resource
from services.guarantee.domain.cap.values import write_time

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
_DEFAULT: Any = {None: NAMESPACE}  # the stubs do not know the default namespace


def write(alert: Alert) -> bytes:
    """Return the message as UTF-8 XML that the CAP 1.2 schema accepts."""
    root = etree.Element(_tag("alert"), nsmap=_DEFAULT)
    references = " ".join(
        f"{one.sender},{one.identifier},{write_time(one.sent)}" for one in alert.references
    )
    _add(root, "identifier", alert.identifier)
    _add(root, "sender", alert.sender)
    _add(root, "sent", alert.sent)
    _add(root, "status", alert.status)
    _add(root, "msgType", alert.message_type)
    _add(root, "source", alert.source)
    _add(root, "scope", alert.scope)
    _add(root, "restriction", alert.restriction)
    _add(root, "addresses", alert.addresses)
    _add_all(root, "code", alert.codes)
    _add(root, "note", alert.note)
    _add(root, "references", references)
    _add(root, "incidents", alert.incidents)
    for info in alert.infos:
        _add_info(root, info)
    document: bytes = etree.tostring(
        root, xml_declaration=True, encoding="UTF-8", pretty_print=True
    )
    return document


def _add_info(root: etree._Element, info: Info) -> None:
    block = etree.SubElement(root, _tag("info"))
    _add(block, "language", info.language)
    _add_all(block, "category", info.categories)
    _add(block, "event", info.event)
    _add_all(block, "responseType", info.response_types)
    _add(block, "urgency", info.urgency)
    _add(block, "severity", info.severity)
    _add(block, "certainty", info.certainty)
    _add(block, "audience", info.audience)
    _add_named(block, "eventCode", info.event_codes)
    _add(block, "effective", info.effective)
    _add(block, "onset", info.onset)
    _add(block, "expires", info.expires)
    _add(block, "senderName", info.sender_name)
    _add(block, "headline", info.headline)
    _add(block, "description", info.description)
    _add(block, "instruction", info.instruction)
    _add(block, "web", info.web)
    _add(block, "contact", info.contact)
    _add_named(block, "parameter", info.parameters)
    for resource in info.resources:
        _add_resource(block, resource)
    for area in info.areas:
        _add_area(block, area)


def _add_resource(block: etree._Element, resource: Resource) -> None:
    element = etree.SubElement(block, _tag("resource"))
    _add(element, "resourceDesc", resource.description or "file")
    _add(element, "mimeType", resource.mime_type or "application/octet-stream")
    _add(element, "size", resource.size_bytes)
    _add(element, "uri", resource.uri)
    _add(element, "derefUri", resource.deref_uri)
    _add(element, "digest", resource.digest)


def _add_area(block: etree._Element, area: Area) -> None:
    element = etree.SubElement(block, _tag("area"))
    rings = (" ".join(f"{lat:.6f},{lon:.6f}" for lat, lon in ring) for ring in area.polygons)
    circles = (
        f"{one.latitude:.6f},{one.longitude:.6f} {one.radius_km:.3f}" for one in area.circles
    )
    _add(element, "areaDesc", area.description or "-")
    _add_all(element, "polygon", rings)
    _add_all(element, "circle", circles)
    _add_named(element, "geocode", area.geocodes)
    _add(element, "altitude", area.altitude_ft)
    _add(element, "ceiling", area.ceiling_ft)


def _add_named(parent: etree._Element, name: str, pairs: Iterable[Named]) -> None:
    for pair in pairs:
        element = etree.SubElement(parent, _tag(name))
        _put(element, "valueName", pair.name)
        _put(element, "value", pair.value)


def _add_all(parent: etree._Element, name: str, values: Iterable[str]) -> None:
    for value in values:
        _put(parent, name, value)


def _add(parent: etree._Element, name: str, value: str | float | datetime | None) -> None:
    """Add the element unless there is nothing to say."""
    if value is None or value == "":
        return
    _put(parent, name, write_time(value) if isinstance(value, datetime) else str(value))


def _put(parent: etree._Element, name: str, value: str) -> None:
    etree.SubElement(parent, _tag(name)).text = _speakable(value)


def _speakable(value: str) -> str:
    """Return the text without the characters that XML 1.0 cannot carry."""
    return "".join(one for one in value if one in "\t\n\r" or _is_speakable(ord(one)))


def _is_speakable(code: int) -> bool:
    return 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
