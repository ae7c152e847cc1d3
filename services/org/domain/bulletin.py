"""What org keeps of guarantee's bulletins: of which incident the public was told, and when."""

from dataclasses import dataclass
from datetime import datetime

PRESS_CONFERENCE = "PRESS_CONFERENCE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """One bulletin that was published of an incident; `kind` as guarantee names it."""

    id: str
    version: int = 0
    kind: str
    incident_id: str
    published_at: datetime
