"""Consumers: what a service hears, each event once and in the order of its aggregate."""

from chassis.consumer.applying import Applied, apply, drain, replay
from chassis.consumer.consumers import Consumers, listeners_of, pending
from chassis.delivery import Delivery
from chassis.listener import Listener

__all__ = [
    "Applied",
    "Consumers",
    "Delivery",
    "Listener",
    "apply",
    "drain",
    "listeners_of",
    "pending",
    "replay",
]
