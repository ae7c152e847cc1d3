"""An operator's view of the audit: verified here, page by page, from what a service hands out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec

from chassis.audit.anchor import Anchor, Keys
from chassis.audit.record import Record
from chassis.audit.verifier import Fault, Finding, Link, Verifier
from chassis.clock import Clock
from uem.problem import Problem
from uem.services import Answer, Services

PATH = "/v1/operator/audit"
PAGE = 500


@dataclass(frozen=True, slots=True)
class Verified:
    """What the verifier says of one service: how far it came, what waits, what is wrong."""

    service: str
    links: int
    unlinked: int
    anchored: Anchor | None
    findings: tuple[Finding, ...]

    @property
    def unanchored(self) -> int:
        """How many links at the end no anchor covers yet: they could be cut off unseen."""
        return max(0, self.links - (self.anchored.position if self.anchored else 0))


def verify(services: Services, service: str, keys: Keys) -> Verified:
    """Return what the verifier finds; the chain streams through, however long it is.

    Raises `Problem` when the service is away. Anchors that cannot be read are a finding: without
    them nobody can say that the end is the end.
    """

    def get(path: str, **query: str) -> Answer:
        return services.get(service, f"{PATH}/{path}", **query)

    findings: list[Finding] = []
    anchors = _anchors(get, findings)
    unlinked: list[Answer] = []
    verifier = Verifier(service, keys)
    found = verifier.verify(_links(get), anchors, _unlinked(get, unlinked), now=Clock().wall())
    findings.extend(found)
    return Verified(
        service=service,
        links=verifier.position,
        unlinked=unlinked[0]["count"] if unlinked else 0,
        anchored=verifier.anchored,
        findings=tuple(findings),
    )


def records(services: Services, service: str, *, limit: int, **query: str) -> Iterator[Record]:
    """Yield what the service has recorded, newest first, at most `limit`."""
    left = limit
    while left > 0:
        page = services.get(service, f"{PATH}/records", first=str(min(left, PAGE)), **query)
        nodes = msgspec.convert(page["nodes"], list[Record])
        yield from nodes
        left -= len(nodes)
        if not page["hasNextPage"]:
            return
        query["before"] = str(nodes[-1].seq)


def _links(get: Callable[..., Answer]) -> Iterator[Link]:
    after = 0
    while nodes := get("links", after=str(after), first=str(PAGE))["nodes"]:
        for link in msgspec.convert(nodes, list[Link]):
            yield link
            after = link.position


def _anchors(get: Callable[..., Answer], findings: list[Finding]) -> Iterator[Anchor]:
    """Return the anchors that there are at this moment; those that come later are not asked for."""
    try:
        page = get("anchors")
    except Problem as problem:
        detail = f"the anchors cannot be read: {problem.message}"
        findings.append(Finding(fault=Fault.UNANCHORED, detail=detail))
        return iter(())
    return _paged(get, page, findings)


def _paged(get: Callable[..., Answer], page: Answer, findings: list[Finding]) -> Iterator[Anchor]:
    until = page["lastSeq"]
    while nodes := page["nodes"]:
        for node in nodes:
            if node["anchor"] is None:
                detail = f"message {node['seq']} of the stream is no anchor"
                findings.append(Finding(fault=Fault.FORGED_ANCHOR, detail=detail))
            else:
                yield msgspec.convert(node["anchor"], Anchor)
        page = get("anchors", after=str(nodes[-1]["seq"]), until=str(until))


def _unlinked(get: Callable[..., Answer], told: list[Answer]) -> Iterator[Record]:
    page = get("unlinked")
    told.append(page)
    yield from msgspec.convert(page["nodes"], list[Record])
