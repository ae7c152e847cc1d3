"""Chains made by hand: records, their links and anchors, as an appender would have made them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.audit.anchor import Anchor, Keys, name_of, sign
from chassis.audit.record import FORM, Outcome, Record, genesis, link
from chassis.audit.verifier import Finding, Link, Verifier

BEGAN = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
KEY = Ed25519PrivateKey.generate()
KEYS: Keys = {name_of(KEY.public_key()): KEY.public_key()}
SERVICE = "jars"


def record(number: int, **about: object) -> Record:
    values: dict[str, object] = {
        "seq": number,
        "id": f"aud_{number}",
        "decision_id": f"aud_{number}",
        "recorded_at": BEGAN + timedelta(seconds=number),
        "decided_at": BEGAN,
        "subject": "ali",
        "person": None,
        "organization": "org_a",
        "role": "keeper",
        "grant_id": "token",
        "granted_by": None,
        "action": "fill",
        "decision": Outcome.PERMITTED,
        "policies": ("fill-jar",),
        "reason": "allowed",
        "object_kind": "jar",
        "object_id": f"jar_{number}",
        "object_version": 1,
        "mode": "REAL",
        "before_hash": None,
        "after_hash": "ab" * 32,
        "correlation_id": "cor_1",
        "cause_id": None,
        "trace_id": None,
        "remote": "127.0.0.1",
    }
    return Record(**values | about)  # type: ignore[arg-type]


def chain(records: Sequence[Record], *, service: str = SERVICE) -> list[Link]:
    """Return the links of these records in this order."""
    links = []
    previous = genesis(service)
    for position, one in enumerate(records, start=1):
        previous = link(previous, one)
        links.append(
            Link(position=position, record_id=one.id, form=FORM, hash=previous.hex(), record=one)
        )
    return links


def anchor(links: Sequence[Link], position: int, **about: object) -> Anchor:
    values: dict[str, object] = {
        "service": SERVICE,
        "position": position,
        "hash": links[position - 1].hash,
        "count": position,
        "at": BEGAN + timedelta(minutes=position),
    }
    return sign(Anchor(**values | about), KEY)  # type: ignore[arg-type]


@dataclass
class Audit:
    """An audit as a verifier finds it; tampering with it is changing the lists."""

    links: list[Link]
    anchors: list[Anchor]
    unlinked: list[Record] = field(default_factory=list)

    @classmethod
    def of(cls, count: int, *, anchored: Sequence[int]) -> "Audit":
        links = chain([record(number) for number in range(1, count + 1)])
        return cls(links, [anchor(links, position) for position in anchored])

    def findings(self, *, keys: Keys = KEYS, now: datetime = BEGAN) -> list[Finding]:
        verifier = Verifier(SERVICE, keys)
        return list(verifier.verify(self.links, self.anchors, self.unlinked, now=now))

    def faults(self) -> list[tuple[str, int | None, str | None]]:
        return [(found.fault.value, found.position, found.record_id) for found in self.findings()]
