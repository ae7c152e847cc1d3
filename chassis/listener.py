"""One subscription of one running service, under the name that its consumer bears everywhere."""

from __future__ import annotations

from dataclasses import dataclass

from chassis import delivery, inbox
from chassis.messages import Subscription
from chassis.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Listener:
    """Who hears what."""

    runtime: Runtime
    subscription: Subscription

    @property
    def name(self) -> str:
        """The name of the consumer."""
        return delivery.consumer_name(self.runtime.service, self.subscription)

    @property
    def order(self) -> inbox.Order:
        """The order that it needs."""
        return inbox.order_of(self.subscription)
