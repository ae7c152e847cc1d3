"""What guarantee says of legal provisions."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import vocabulary
from chassis.messages import Incoming, Subscription
from chassis.unit_of_work import UnitOfWork
from contracts.guarantee import v1 as guarantee
from services.plans import commands, domain

ALWAYS = datetime(1949, 10, 1, tzinfo=UTC)  # a provision that names no first day


async def on_provision_state(uow: UnitOfWork, event: Incoming[guarantee.ProvisionState]) -> None:
    """The copy is as guarantee last said it."""
    said = event.body.provision
    law = vocabulary.Provision(
        id=said.id,
        instrument=said.instrument,
        article=said.article,
        measures=said.measures,
        held_by=said.held_by,
        minimum_level=said.minimum_level,
        territory=said.territory,
        maximum_duration_minutes=said.maximum_duration_minutes,
        valid_from=said.valid_from or ALWAYS,
        valid_to=said.valid_to,
        source=said.source or "",
        duties=tuple(
            vocabulary.Duty(
                vocabulary.DutyKind(one.kind), one.text_zh, one.text_en, one.within_minutes
            )
            for one in said.duties
        ),
    )
    await commands.keep_provision(uow, domain.Provision(id=said.id, law=law))


SUBSCRIPTION = Subscription(
    service="guarantee",
    aggregate="provision",
    on={"state.v1": (guarantee.ProvisionState, on_provision_state)},
    state=True,
)


async def on_provision_turn(uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
    """The provision comes into force or lapses now."""
    await commands.turn_provision(uow, str(payload["provision"]))


TIMERS = {commands.PROVISION_TURNS: on_provision_turn}
