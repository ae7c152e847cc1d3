"""How values of the domain look in contracts, and the frame of every message of this service."""

from datetime import datetime

import msgspec

from chassis.messages import Message
from contracts.vocabulary import v1 as shared
from services.org.domain import Fact, StatedFigure
from vocabulary import Mode, Place


def message(
    body: msgspec.Struct,
    *,
    aggregate: str,
    event: str,
    id: str,
    area: str,
    mode: Mode = Mode.REAL,
    occurred_at: datetime | None = None,
    state: bool = False,
) -> Message:
    """The message that says `event` of the aggregate."""
    return Message(
        aggregate=aggregate,
        event=event,
        id=id,
        area=area,
        body=body,
        mode=mode.value,
        occurred_at=occurred_at,
        state=state,
    )


def place(value: Place) -> shared.Place:
    """The point as a contract holds it."""
    return shared.Place(longitude=value.longitude, latitude=value.latitude)


def figure(fact: Fact) -> shared.Figure:
    """The figure; an unknown value is absent."""
    return shared.Figure(
        metric=fact.metric,
        value=fact.value,
        unit=fact.unit,
        source=fact.source,
        observed_at=fact.observed_at,
        recorded_at=fact.recorded_at,
    )


def stated(figure: StatedFigure) -> shared.Figure:
    """The figure as a report states it."""
    return shared.Figure(
        metric=figure.metric,
        value=figure.value,
        unit=figure.unit,
        source=figure.source,
        observed_at=figure.observed_at,
    )
