"""What is heard of emergency overrides."""

from chassis.messages import Incoming, Subscription
from chassis.unit_of_work import UnitOfWork
from contracts.plans import v1 as plans
from services.org import commands, domain
from services.org.handlers import activation


async def on_override_asked(uow: UnitOfWork, event: Incoming[plans.OverrideAsked]) -> None:
    """A decision is owed by the nearest authority."""
    await commands.ask_override(uow, _heard(event.body.override), event.time)


async def on_override_granted(uow: UnitOfWork, event: Incoming[plans.OverrideGranted]) -> None:
    """The measure can be ordered; a report to supervision is owed."""
    await commands.grant_override(uow, _heard(event.body.override), event.time)


async def on_override_declined(uow: UnitOfWork, event: Incoming[plans.OverrideDeclined]) -> None:
    """The decision was taken: no."""
    await commands.decline_override(uow, _heard(event.body.override), event.time)


async def on_override_over(
    uow: UnitOfWork, event: Incoming[plans.OverrideExpired | plans.OverrideEnded]
) -> None:
    """Nothing that rests on it stands."""
    await commands.end_override(uow, _heard(event.body.override), event.time)


def _heard(said: plans.Override) -> domain.Override:
    return domain.Override(
        id=said.id,
        activation_id=said.activation_id,
        plan_title_zh=said.plan_title_zh,
        plan_title_en=said.plan_title_en,
        emergency_type=said.emergency_type,
        jurisdiction=said.jurisdiction,
        mode=said.mode,
        exercise_id=said.exercise_id,
        incident_id=said.incident_id,
        organization_id=said.organization_id,
        measure=activation.measure(said.measure),
        authorities=said.authorities,
        authority=said.authority,
        decided_by=said.decided_by,
        until=said.until,
        ended_because=said.ended_because,
    )


SUBSCRIPTIONS = (
    Subscription(
        service="plans",
        aggregate="override",
        on={
            "asked.v1": (plans.OverrideAsked, on_override_asked),
            "granted.v1": (plans.OverrideGranted, on_override_granted),
            "declined.v1": (plans.OverrideDeclined, on_override_declined),
            "expired.v1": (plans.OverrideExpired, on_override_over),
            "ended.v1": (plans.OverrideEnded, on_override_over),
        },
    ),
)
