"""What became of an override, complete enough to order the measure by."""

from typing import assert_never

import msgspec

from chassis.messages import Message, Published
from contracts.plans import v1 as contract
from services.plans.domain import (
    Override,
    OverrideAsked,
    OverrideDeclined,
    OverrideEnded,
    OverrideEvent,
    OverrideExpired,
    OverrideGranted,
)
from services.plans.events.activation import measure

PUBLISHED = (
    Published(
        aggregate="override",
        event="asked",
        body=contract.OverrideAsked,
        meaning="Authorities are asked to let a measure pass that the law refuses.",
    ),
    Published(
        aggregate="override",
        event="granted",
        body=contract.OverrideGranted,
        meaning="A refused measure passes by an authority's word until the override's end.",
    ),
    Published(
        aggregate="override",
        event="declined",
        body=contract.OverrideDeclined,
        meaning="An authority said no: the measure stays refused.",
    ),
    Published(
        aggregate="override",
        event="expired",
        body=contract.OverrideExpired,
        meaning="The override's time is over: the measure is refused again.",
    ),
    Published(
        aggregate="override",
        event="ended",
        body=contract.OverrideEnded,
        meaning="It is over before its time or was never decided, for the reason given.",
    ),
)


def override_message(event: OverrideEvent) -> Message:
    """The event as it is told."""
    one = event.override
    name, body = _named(event)
    return Message(
        aggregate="override",
        event=name,
        id=one.id,
        area=one.jurisdiction,
        mode=one.mode,
        body=body,
    )


def _named(event: OverrideEvent) -> tuple[str, msgspec.Struct]:
    told = _override(event.override)
    match event:
        case OverrideAsked():
            return "asked", contract.OverrideAsked(override=told)
        case OverrideGranted():
            return "granted", contract.OverrideGranted(override=told)
        case OverrideDeclined():
            return "declined", contract.OverrideDeclined(override=told)
        case OverrideExpired():
            return "expired", contract.OverrideExpired(override=told)
        case OverrideEnded():
            return "ended", contract.OverrideEnded(override=told)
        case _:
            assert_never(event)


def _override(one: Override) -> contract.Override:
    return contract.Override(
        id=one.id,
        activation_id=one.activation_id,
        plan_title_zh=one.plan_title_zh,
        plan_title_en=one.plan_title_en,
        emergency_type=one.emergency_type,
        jurisdiction=one.jurisdiction,
        mode=one.mode,
        exercise_id=one.exercise_id,
        incident_id=one.incident_id,
        organization_id=one.organization_id,
        measure=measure(one.measure),
        state=one.state,
        authorities=one.authorities,
        minutes=one.minutes,
        asked_by=one.asked_by,
        asked_at=one.asked_at,
        asked_because=one.asked_because,
        authority=one.authority,
        decided_by=one.decided_by,
        decided_at=one.decided_at,
        decided_because=one.decided_because,
        until=one.until,
        ended_at=one.ended_at,
        ended_because=one.ended_because,
        rule=one.rule,
    )
