"""What analytics says of indicators."""

from chassis.messages import Incoming, Subscription
from chassis.unit_of_work import UnitOfWork
from contracts.analytics import v1 as analytics
from services.plans import commands, domain


async def on_indicator_changed(
    uow: UnitOfWork, event: Incoming[analytics.IndicatorChanged]
) -> None:
    """The reading is known and weighed; a late one changes nothing."""
    said = event.body.reading
    reading = domain.Reading(
        id=domain.reading_id(said.indicator, said.jurisdiction, said.mode),
        indicator=said.indicator,
        jurisdiction=said.jurisdiction,
        mode=said.mode,
        value=said.value,
        unit=said.unit,
        quality=said.quality,
        as_of=said.as_of,
        recorded_at=event.time,
    )
    await commands.record_reading(uow, reading)


SUBSCRIPTION = Subscription(
    service="analytics",
    aggregate="indicator",
    on={"changed.v1": (analytics.IndicatorChanged, on_indicator_changed)},
)
