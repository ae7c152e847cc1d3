"""The structure of CAP as tables: which element may stand where, how often, with which values, in which order."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from services.guarantee.domain.cap.message import (
    Category,
    Certainty,
    Finding,
    MessageType,
    ResponseType,
    Scope,
    Severity,
    Status,
    Urgency,
)

NAMESPACES = {
    "urn:oasis:names:tc:emergency:cap:1.1": "1.1",
    "urn:oasis:names:tc:emergency:cap:1.2": "1.2",
}
SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"
MANY = 10_000  # more of one element than a message of the accepted size can hold

Elements = dict[str, list[etree._Element]]


@dataclass(frozen=True, slots=True)
class Part:
    """One child element: at least and at most how often, and its values when they are a list."""

    name: str
    least: int = 0
    most: int = 1
    values: type[StrEnum] | None = None


# Source: CAP 1.2 §3.2 (data dictionary) and §3.4; the sequence is normative.
ALERT = (
    Part("identifier", 1),
    Part("sender", 1),
    Part("sent", 1),
    Part("status", 1, values=Status),
    Part("msgType", 1, values=MessageType),
    Part("source"),
    Part("scope", 1, values=Scope),
    Part("restriction"),
    Part("addresses"),
    Part("code", most=MANY),
    Part("note"),
    Part("references"),
    Part("incidents"),
    Part("info", most=MANY),
)
INFO = (
    Part("language"),
    Part("category", 1, MANY, Category),
    Part("event", 1),
    Part("responseType", most=MANY, values=ResponseType),
    Part("urgency", 1, values=Urgency),
    Part("severity", 1, values=Severity),
    Part("certainty", 1, values=Certainty),
    Part("audience"),
    Part("eventCode", most=MANY),
    Part("effective"),
    Part("onset"),
    Part("expires"),
    Part("senderName"),
    Part("headline"),
    Part("description"),
    Part("instruction"),
    Part("web"),
    Part("contact"),
    Part("parameter", most=MANY),
    Part("resource", most=MANY),
    Part("area", most=MANY),
)
RESOURCE = (
    Part("resourceDesc", 1),
    Part("mimeType", 1),
    Part("size"),
    Part("uri"),
    Part("derefUri"),
    Part("digest"),
)
RESOURCE_11 = (RESOURCE[0], Part("mimeType"), *RESOURCE[2:])  # optional in 1.1
AREA = (
    Part("areaDesc", 1),
    Part("polygon", most=MANY),
    Part("circle", most=MANY),
    Part("geocode", most=MANY),
    Part("altitude"),
    Part("ceiling"),
)
NAMED = (Part("valueName", 1), Part("value", 1))


def children(element: etree._Element, parts: tuple[Part, ...], problems: list[Finding]) -> Elements:
    """Return the children by name; whatever breaks the table is added to `problems`."""
    place = {part.name: index for index, part in enumerate(parts)}
    namespace = etree.QName(element).namespace
    found: Elements = {part.name: [] for part in parts}
    reached = 0
    for child in _elements(element):
        name = etree.QName(child)
        if name.namespace == SIGNATURE and parts is ALERT:
            continue
        if name.namespace != namespace or name.localname not in place:
            problems.append(
                Finding("unknown-element", f"{name.localname} does not belong here", where(child))
            )
            continue
        if place[name.localname] < reached:
            problems.append(
                Finding("out-of-order", f"{name.localname} stands too late", where(child))
            )
        reached = max(reached, place[name.localname])
        found[name.localname].append(child)
    for part in parts:
        problems.extend(_broken(element, part, found[part.name]))
    return found


def where(element: etree._Element) -> str:
    """Name an element with its line."""
    return f"{etree.QName(element).localname} (line {element.sourceline})"


def text(element: etree._Element) -> str:
    """Return the element's text without the blanks around it."""
    return "".join(str(part) for part in element.itertext()).strip()


def _elements(element: etree._Element) -> Iterator[etree._Element]:
    return (child for child in element if isinstance(child.tag, str))


def _broken(element: etree._Element, part: Part, found: list[etree._Element]) -> Iterator[Finding]:
    if len(found) < part.least:
        yield Finding("missing-element", f"{part.name} is required", where(element))
    if len(found) > part.most:
        yield Finding("repeated-element", f"{part.name} may stand once", where(found[part.most]))
    if part.values is None:
        return
    allowed = set(part.values)
    for child in found:
        if text(child) not in allowed:
            listed = ", ".join(part.values)
            yield Finding("unknown-value", f"{part.name} is none of {listed}", where(child))
