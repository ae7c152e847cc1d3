"""Numbers that people speak: of incidents by day, of orders by year."""

from datetime import datetime

from services.org.domain.limit import CIVIL_TIME
from vocabulary import Mode


def incident_number(jurisdiction: str, at: datetime, ordinal: int, mode: Mode) -> str:
    """The number spoken on the radio: division, civil day, ordinal; exercises are marked."""
    mark = "EX-" if mode is Mode.EXERCISE else ""
    return f"{mark}{jurisdiction}-{at.astimezone(CIVIL_TIME):%Y%m%d}-{ordinal:03d}"


def order_number(jurisdiction: str, at: datetime, ordinal: int, mode: Mode) -> str:
    """The number of an order: division, civil year, ordinal in it; exercises are marked."""
    mark = "EX-" if mode is Mode.EXERCISE else ""
    return f"{mark}{jurisdiction}-{at.astimezone(CIVIL_TIME):%Y}-{ordinal:03d}"
