"""Refusals of a CAP message; each tells its sender what to change, and nothing has been stored."""

from collections.abc import Sequence

from chassis.errors import Invalid
from services.guarantee.domain.cap.message import Finding


class CapUnreadable(Invalid):
    """Not well-formed XML, or XML of a kind that is never accepted."""

    slug = "cap-unreadable"


class CapVersionUnsupported(Invalid):
    """The root is not an alert of CAP 1.1 or 1.2."""

    slug = "cap-version-unsupported"


class CapInvalid(Invalid):
    """The message does not keep to the CAP schema; `problems` lists every place."""

    slug = "cap-invalid"


class CapReferencesMissing(Invalid):
    """An Update or Cancel does not say which messages it is about."""

    slug = "cap-references-missing"


class CapTypeUnsupported(Invalid):
    """Ack and Error messages are about ours and are not signals."""

    slug = "cap-type-unsupported"


def invalid(problems: Sequence[Finding]) -> CapInvalid:
    """Return the refusal that lists all problems, the first one in its sentence."""
    first = problems[0]
    more = f" and {len(problems) - 1} more" if len(problems) > 1 else ""
    return CapInvalid(
        f"{first.where}: {first.message}{more}",
        remedy="Correct the places listed in problems and send the message again.",
        problems=[
            {"code": one.code, "message": one.message, "where": one.where} for one in problems
        ],
    )
