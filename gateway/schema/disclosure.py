"""What the public is told: bulletins, and the rumours that they answer."""

from datetime import datetime
from enum import StrEnum

import strawberry

from gateway import fields
from gateway.schema.node import Node
from gateway.schema.permission import Permission
from gateway.schema.places import IncidentRef, Jurisdiction, Organization
from vocabulary import Mode


@strawberry.enum
class BulletinKind(StrEnum):
    """What the public is told."""

    INITIAL = "INITIAL"
    UPDATE = "UPDATE"
    PRESS_CONFERENCE = "PRESS_CONFERENCE"
    GUIDANCE = "GUIDANCE"
    RUMOUR = "RUMOUR"
    FINAL = "FINAL"


@strawberry.enum
class BulletinStatus(StrEnum):
    """CORRECTED was put right by another bulletin; nothing is edited."""

    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"
    CORRECTED = "CORRECTED"
    WITHDRAWN = "WITHDRAWN"
    REJECTED = "REJECTED"


@strawberry.enum
class RumourStatus(StrEnum):
    """NOTED waits for somebody to look."""

    NOTED = "NOTED"
    REFUTED = "REFUTED"
    CONFIRMED = "CONFIRMED"
    UNDETERMINED = "UNDETERMINED"


@strawberry.type(description="A claim that goes round, what was found, and what answered it.")
class Rumour(Node):
    """One claim; its time to the answer is measured."""

    version: int
    claim: str
    seen_where: str
    seen_at: datetime
    jurisdiction: Jurisdiction | None = fields.joined("Rumour.jurisdiction")
    incident: IncidentRef | None = fields.joined("Rumour.incident")
    mode: Mode
    status: RumourStatus
    noted_at: datetime
    finding: str | None
    decided_at: datetime | None
    answered_at: datetime | None
    minutes_to_answer: float | None
    viewer_permissions: list[Permission] | None = fields.permissions("Rumour")


@strawberry.type(description="A text for the public; published, it is never edited.")
class Bulletin(Node):
    """Drafted, published by a second person, corrected by another one, withdrawn with a reason."""

    version: int
    kind: BulletinKind
    status: BulletinStatus
    title: str = fields.label("title")
    text: str = fields.label("text")
    jurisdiction: Jurisdiction | None = fields.joined("Bulletin.jurisdiction")
    incident: IncidentRef | None = fields.joined("Bulletin.incident")
    rumour: Rumour | None = fields.joined("Bulletin.rumour")
    mode: Mode
    organization: Organization | None = fields.joined("Bulletin.organization")
    corrects: "Bulletin | None" = fields.joined("Bulletin.corrects")
    corrected_by: "Bulletin | None" = fields.joined("Bulletin.correctedBy")
    drafted_at: datetime
    drafted_by: str
    approved_by: str | None
    published_at: datetime | None
    ended_at: datetime | None
    reason: str | None
    viewer_permissions: list[Permission] | None = fields.permissions("Bulletin")
