"""Reads CAP 1.1 and 1.2 from bytes: lenient where the meaning is clear and said so, refusing where it is not."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from lxml import etree

from services.guarantee.domain.cap import errors, structure
from services.guarantee.domain.cap.message import (
    Alert,
    Area,
    Category,
    Certainty,
    Circle,
    Finding,
    Info,
    MessageType,
    Named,
    Reference,
    Resource,
    ResponseType,
    Ring,
    Scope,
    Severity,
    Status,
    Urgency,
)
from services.guarantee.domain.cap.structure import Elements
from services.guarantee.domain.cap.values import (
    Unreadable,
    is_name,
    read_circle,
    read_references,
    read_ring,
    read_time,
)

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Reading:
    """The message with what was overlooked in reading it."""

    alert: Alert
    notes: tuple[Finding, ...]


def read(document: bytes) -> Reading:
    """Return the message that the bytes hold.

    Raises CapUnreadable (not XML, or with a DTD), CapVersionUnsupported and CapInvalid. Accepts
    the departures that real senders make: Z or no offset, a blank inside a time, an open ring.
    """
    root = _root(document)
    reader = _Reader(version=_version(root))
    parts = structure.children(root, structure.ALERT, reader.problems)
    if reader.problems:  # values inside a broken frame would only repeat it
        reader.inspect_infos(parts["info"])
        raise errors.invalid(reader.problems)
    alert = reader.alert(root, parts)
    if reader.problems or alert is None:
        raise errors.invalid(reader.problems)
    return Reading(alert, tuple(dict.fromkeys(reader.notes)))


def _root(document: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(document, parser)
    except (etree.LxmlError, ValueError, LookupError) as error:
        raise errors.CapUnreadable(
            f"This is not well-formed XML: {str(error)[:200]}",
            remedy="Send the CAP file itself, as application/cap+xml.",
        ) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise errors.CapUnreadable(
            "A document type declaration is never read.", remedy="Leave <!DOCTYPE> out."
        )
    return root


def _version(root: etree._Element) -> str:
    name = etree.QName(root)
    version = structure.NAMESPACES.get(name.namespace or "")
    if name.localname != "alert" or version is None:
        raise errors.CapVersionUnsupported(
            f"The root is {name.localname} in {name.namespace or 'no namespace'}.",
            remedy="Send an alert of urn:oasis:names:tc:emergency:cap:1.2 (or 1.1).",
        )
    return version


@dataclass(slots=True)
class _Reader:
    version: str
    problems: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)

    def alert(self, root: etree._Element, parts: Elements) -> Alert | None:
        infos = [self.info(one) for one in parts["info"]]
        sent = self.time(parts, "sent")
        identifier, sender = self.name(parts, "identifier"), self.name(parts, "sender")
        references = self.references(parts)
        if self.problems or sent is None:
            return None
        return Alert(
            cap_version=self.version,
            identifier=identifier,
            sender=sender,
            sent=sent,
            status=_value(parts, "status", Status),
            message_type=_value(parts, "msgType", MessageType),
            source=_optional(parts, "source"),
            scope=_value(parts, "scope", Scope),
            restriction=_optional(parts, "restriction"),
            addresses=_optional(parts, "addresses"),
            codes=_texts(parts, "code"),
            note=_optional(parts, "note"),
            references=references,
            incidents=_optional(parts, "incidents"),
            infos=tuple(one for one in infos if one is not None),
            signed=any(etree.QName(child).namespace == structure.SIGNATURE for child in root),
        )

    def inspect_infos(self, elements: list[etree._Element]) -> None:
        """Add the structural problems of the info blocks to those of the frame."""
        for element in elements:
            self.info(element)

    def info(self, element: etree._Element) -> Info | None:
        before = len(self.problems)
        parts = structure.children(element, structure.INFO, self.problems)
        areas = tuple(self.area(one) for one in parts["area"])
        resources = tuple(self.resource(one) for one in parts["resource"])
        event_codes, parameters = self.named(parts, "eventCode"), self.named(parts, "parameter")
        times = {name: self.time(parts, name) for name in ("effective", "onset", "expires")}
        if len(self.problems) > before:
            return None
        return Info(
            language=_optional(parts, "language") or "en-US",
            categories=_values(parts, "category", Category),
            event=structure.text(parts["event"][0]),
            response_types=_values(parts, "responseType", ResponseType),
            urgency=_value(parts, "urgency", Urgency),
            severity=_value(parts, "severity", Severity),
            certainty=_value(parts, "certainty", Certainty),
            audience=_optional(parts, "audience"),
            event_codes=event_codes,
            **times,
            sender_name=_optional(parts, "senderName"),
            headline=_optional(parts, "headline"),
            description=_optional(parts, "description"),
            instruction=_optional(parts, "instruction"),
            web=_optional(parts, "web"),
            contact=_optional(parts, "contact"),
            parameters=parameters,
            resources=resources,
            areas=areas,
        )

    def area(self, element: etree._Element) -> Area:
        parts = structure.children(element, structure.AREA, self.problems)
        return Area(
            description=_optional(parts, "areaDesc") or "",
            polygons=tuple(self.ring(one) for one in parts["polygon"]),
            circles=tuple(self.circle(one) for one in parts["circle"]),
            geocodes=self.named(parts, "geocode"),
            altitude_ft=self.number(parts, "altitude"),
            ceiling_ft=self.number(parts, "ceiling"),
        )

    def resource(self, element: etree._Element) -> Resource:
        table = structure.RESOURCE_11 if self.version == "1.1" else structure.RESOURCE
        parts = structure.children(element, table, self.problems)
        size = self.number(parts, "size")
        return Resource(
            description=_optional(parts, "resourceDesc") or "",
            mime_type=_optional(parts, "mimeType"),
            size_bytes=None if size is None else int(size),
            uri=_optional(parts, "uri"),
            deref_uri=_optional(parts, "derefUri"),
            digest=_optional(parts, "digest"),
        )

    def named(self, parts: Elements, name: str) -> tuple[Named, ...]:
        pairs = (structure.children(one, structure.NAMED, self.problems) for one in parts[name])
        return tuple(
            Named(_optional(pair, "valueName") or "", _optional(pair, "value") or "")
            for pair in pairs
        )

    def ring(self, element: etree._Element) -> Ring:
        ring, note = self.attempt(element, read_ring) or ((), None)
        if note is not None:
            self.notes.append(Finding(note.code, note.message, structure.where(element)))
        return ring

    def circle(self, element: etree._Element) -> Circle:
        return self.attempt(element, read_circle) or Circle(0.0, 0.0, 0.0)

    def number(self, parts: Elements, name: str) -> float | None:
        element = next(iter(parts[name]), None)
        return None if element is None else self.attempt(element, _read_number)

    def time(self, parts: Elements, name: str) -> datetime | None:
        element = next(iter(parts[name]), None)
        read = None if element is None else self.attempt(element, read_time)
        if element is None or read is None:
            return None
        instant, overlooked = read
        for code in overlooked:
            self.notes.append(
                Finding(code, f"read as {instant.isoformat()}", structure.where(element))
            )
        return instant

    def name(self, parts: Elements, name: str) -> str:
        element = parts[name][0]
        value = structure.text(element)
        if not is_name(value):
            self.problems.append(
                Finding(
                    "bad-name",
                    f"{name} must not be empty nor hold blank , < &",
                    structure.where(element),
                )
            )
        return value

    def references(self, parts: Elements) -> tuple[Reference, ...]:
        element = next(iter(parts["references"]), None)
        return () if element is None else self.attempt(element, read_references) or ()

    def attempt(self, element: etree._Element, read: Callable[[str], T]) -> T | None:
        """Read the element's text; an unreadable one is a problem and None."""
        try:
            return read(structure.text(element))
        except Unreadable as error:
            self.problems.append(Finding("unreadable", str(error), structure.where(element)))
            return None


def _read_number(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        raise Unreadable(f"{value[:40]!r} is not a number") from None
    if not -1e15 < number < 1e15:
        raise Unreadable(f"{value[:40]!r} is not a quantity of anything")
    return number


def _texts(parts: Elements, name: str) -> tuple[str, ...]:
    return tuple(structure.text(one) for one in parts[name])


def _optional(parts: Elements, name: str) -> str | None:
    """Return the text of a child that stands once; absent and empty are both None."""
    return next((value for value in _texts(parts, name) if value), None)


def _value(parts: Elements, name: str, of: type[E]) -> E:
    return of(structure.text(parts[name][0]))


def _values(parts: Elements, name: str, of: type[E]) -> tuple[E, ...]:
    return tuple(of(value) for value in _texts(parts, name))
