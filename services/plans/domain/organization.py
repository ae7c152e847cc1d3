"""Our copy of an organization: of which kind it is decides what it may order."""

from dataclasses import dataclass
from datetime import datetime

from vocabulary import OrganizationKind


@dataclass(frozen=True, slots=True)
class Organization:
    """An organization as org last said it; `as_of` is when."""

    id: str
    name_zh: str
    name_en: str
    kind: OrganizationKind
    jurisdiction: str
    as_of: datetime
    version: int = 0
