"""The rules of CAP beyond its schema: those without which a message cannot be understood, and those worth a note."""

from collections.abc import Iterator

from services.guarantee.domain.cap.errors import (
    CapReferencesMissing,
    CapTypeUnsupported,
    invalid,
)
from services.guarantee.domain.cap.message import (
    Alert,
    Area,
    Finding,
    Info,
    MessageType,
    Resource,
    Scope,
    Severity,
    Urgency,
)

HEADLINE_LENGTH = 140  # characters; recommended maximum is 160, feeds cut at 140


def require_understandable(alert: Alert) -> None:
    """Pass when the chain of messages can be followed.

    Raises CapTypeUnsupported (Ack, Error), CapReferencesMissing (Update or Cancel without
    references) and CapInvalid (a message that references itself, or an Alert without info).
    """
    if alert.message_type in {MessageType.ACK, MessageType.ERROR}:
        raise CapTypeUnsupported(
            f"{alert.message_type} messages are not signals.",
            field=("msgType",),
            remedy="Send Alert, Update or Cancel.",
        )
    if alert.message_type is not MessageType.ALERT and not alert.references:
        raise CapReferencesMissing(
            f"{alert.message_type} must name every earlier message that it replaces.",
            field=("references",),
            remedy="Give sender,identifier,sent of each, separated by blanks.",
        )
    problems = list(_misunderstandings(alert))
    if problems:
        raise invalid(problems)


def _misunderstandings(alert: Alert) -> Iterator[Finding]:
    own = (alert.sender, alert.identifier)
    if any((one.sender, one.identifier) == own for one in alert.references):
        yield Finding("self-reference", "a message cannot be about itself", "references")
    if alert.message_type is not MessageType.CANCEL and not alert.infos:
        yield Finding("missing-element", "info is required unless the message cancels", "alert")


def remarks(alert: Alert) -> tuple[Finding, ...]:
    """Return what the sender should do better; none of it changes how the message is understood."""
    return (
        *_remarks_on_frame(alert),
        *_remarks_across(alert),
        *(found for info in alert.infos for found in _remarks_on_info(info)),
        *(found for info in alert.infos for area in info.areas for found in _remarks_on_area(area)),
        *(
            found
            for info in alert.infos
            for one in info.resources
            for found in _remarks_on_file(one)
        ),
    )


def _remarks_on_frame(alert: Alert) -> Iterator[Finding]:
    if alert.restriction and alert.scope is not Scope.RESTRICTED:
        yield Finding(
            "restriction-unexpected", "restriction goes with scope Restricted", "restriction"
        )
    if alert.scope is Scope.RESTRICTED and not alert.restriction:
        yield Finding("restriction-missing", "scope Restricted asks for restriction", "restriction")
    if alert.scope is Scope.PRIVATE and not alert.addresses:
        yield Finding("addresses-missing", "scope Private asks for addresses", "addresses")
    if any(one.sent > alert.sent for one in alert.references):
        yield Finding(
            "reference-post-dated", "a reference was sent later than this message", "references"
        )
    if alert.signed:
        yield Finding(
            "signature-not-verified", "the signature was kept and not checked", "Signature"
        )


def _remarks_across(alert: Alert) -> Iterator[Finding]:
    if len({frozenset(info.categories) for info in alert.infos}) > 1:
        yield Finding(
            "categories-differ", "all info blocks should name the same categories", "category"
        )
    if (
        len({frozenset((one.name, one.value) for one in info.event_codes) for info in alert.infos})
        > 1
    ):
        yield Finding(
            "event-codes-differ", "all info blocks should name the same event codes", "eventCode"
        )


def _remarks_on_info(info: Info) -> Iterator[Finding]:
    start = info.effective or info.onset
    if info.expires is None:
        yield Finding(
            "expires-missing", "without expires it stays active until cancelled", "expires"
        )
    elif start is not None and start > info.expires:
        yield Finding("times-contradict", "it expires before it takes effect", "expires")
    if info.headline and len(info.headline) > HEADLINE_LENGTH:
        yield Finding("headline-long", f"longer than {HEADLINE_LENGTH} characters", "headline")
    if not info.description:
        yield Finding("description-missing", "say what is expected", "description")
    if not any(area.polygons or area.circles or area.geocodes for area in info.areas):
        yield Finding("geometry-missing", "give a polygon, a circle or a geocode", "area")
    if info.severity is Severity.UNKNOWN or info.urgency is Urgency.UNKNOWN:
        yield Finding("unknown-discouraged", "severity and urgency should be judged", "severity")


def _remarks_on_area(area: Area) -> Iterator[Finding]:
    if any(circle.radius_km == 0 for circle in area.circles):
        yield Finding("circle-without-radius", "a circle of radius 0 covers nothing", "circle")
    if area.ceiling_ft is None:
        return
    if area.altitude_ft is None:
        yield Finding("ceiling-without-altitude", "ceiling goes with altitude", "ceiling")
    elif area.ceiling_ft <= area.altitude_ft:
        yield Finding("ceiling-below-altitude", "ceiling must lie above altitude", "ceiling")


def _remarks_on_file(resource: Resource) -> Iterator[Finding]:
    if resource.uri and "://" not in resource.uri and not resource.deref_uri:
        yield Finding("uri-relative", "a relative uri needs derefUri", "uri")
