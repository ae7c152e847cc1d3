"""What is said to the public and of what goes round."""

from datetime import datetime

import strawberry

from gateway.schema.disclosure import BulletinKind, RumourStatus
from gateway.schema.inputs.keyed import Because, Expecting, Keyed
from vocabulary import Mode


@strawberry.input
class DraftBulletinInput(Keyed):
    """Draft a text for the public, for a second person; of an incident it takes its division."""

    kind: BulletinKind
    jurisdiction: str
    title_zh: str
    text_zh: str
    title_en: str | None = None
    text_en: str | None = None
    incident_id: strawberry.ID | None = None
    rumour_id: strawberry.ID | None = None
    mode: Mode = Mode.REAL


@strawberry.input
class PublishBulletinInput(Expecting):
    """Tell the public; whoever drafted it cannot."""

    bulletin: strawberry.ID


@strawberry.input
class RejectBulletinInput(Because):
    """Lay a draft aside."""

    bulletin: strawberry.ID


@strawberry.input
class CorrectBulletinInput(Expecting):
    """Draft what puts it right; published, it marks the other as corrected."""

    bulletin: strawberry.ID
    title_zh: str
    text_zh: str
    title_en: str | None = None
    text_en: str | None = None


@strawberry.input
class WithdrawBulletinInput(Because):
    """Take it back with the reason, which the public reads."""

    bulletin: strawberry.ID


@strawberry.input
class NoteRumourInput(Keyed):
    """Keep a claim until somebody has looked; of an incident it takes its division."""

    claim: str
    seen_where: str
    seen_at: datetime
    jurisdiction: str
    incident_id: strawberry.ID | None = None
    mode: Mode = Mode.REAL


@strawberry.input
class DecideRumourInput(Expecting):
    """Say what was found."""

    rumour: strawberry.ID
    status: RumourStatus
    finding: str
