"""The Common Alerting Protocol (OASIS CAP 1.1 read, 1.2 read and written), by its data dictionary and rules."""

from services.guarantee.domain.cap.errors import (
    CapInvalid,
    CapReferencesMissing,
    CapTypeUnsupported,
    CapUnreadable,
    CapVersionUnsupported,
)
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
from services.guarantee.domain.cap.reading import Reading, read
from services.guarantee.domain.cap.rules import remarks, require_understandable
from services.guarantee.domain.cap.values import named, write_time
from services.guarantee.domain.cap.writing import write

__all__ = [
    "Alert",
    "Area",
    "CapInvalid",
    "CapReferencesMissing",
    "CapTypeUnsupported",
    "CapUnreadable",
    "CapVersionUnsupported",
    "Category",
    "Certainty",
    "Circle",
    "Finding",
    "Info",
    "MessageType",
    "Named",
    "Reading",
    "Reference",
    "Resource",
    "ResponseType",
    "Ring",
    "Scope",
    "Severity",
    "Status",
    "Urgency",
    "named",
    "read",
    "remarks",
    "require_understandable",
    "write",
    "write_time",
]
