"""The AsyncAPI 3 document of what all services say and hear, with the schema of every message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import yaml

from chassis import delivery, envelope
from chassis.messages import Published, Subscription
from chassis.nats_conf import Conversation
from chassis.subjects import EXERCISE_ROOT, LIVE_ROOT

_AREA = {
    "pp": "First two digits of the area's code; 00 for everywhere.",
    "cc": "Third and fourth digit; 00 where the area is larger.",
    "dd": "Fifth and sixth digit; 00 where the area is larger.",
    "ttt": "Seventh to ninth digit; 000 where the area is larger.",
    "id": "The aggregate's id.",
}
_HEADERS = {
    "type": "object",
    "description": "CloudEvents 1.0 in NATS' binary mode; values percent-encoded.",
    "required": ["Nats-Msg-Id", "ce-id", "ce-type", "ce-source", "ce-time", "ce-subject"],
    "properties": {
        name: {"type": "string", "description": meaning}
        for name, meaning in {
            "Nats-Msg-Id": "The event's id: the broker drops a repetition.",
            "ce-specversion": "1.0",
            "ce-id": "The event's id; readers apply an id once.",
            "ce-type": "uem.<service>.<aggregate>.<event>.v<major>",
            "ce-source": "/uem/<service>",
            "ce-subject": "The aggregate's id.",
            "ce-time": "When it happened, business time, RFC 3339.",
            "ce-datacontenttype": "application/json",
            "ce-version": "The aggregate's version after the event.",
            "ce-previous": "The version that it follows: anything between was lost.",
            "ce-majors": "The majors in which the same fact is told.",
            "ce-mode": "REAL, or the kind of exercise.",
            "ce-area": "The lowest area that contains it.",
            "ce-correlationid": "What the whole chain of events is about.",
            "ce-causationid": "The event or request that caused it.",
            "traceparent": "W3C trace context.",
        }.items()
    },
}


def document(
    services: Conversation, *, title: str = "Events between services", version: str = "1.0.0"
) -> dict[str, Any]:
    """Return the document; it is the same for the same services, so that it can be committed."""
    said = {
        name_of(service, one): (service, one)
        for service, (published, _) in sorted(services.items())
        for one in published
    }
    schemas = _Schemas([one.body for _, one in said.values()])
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": title,
            "version": version,
            "description": f"Exercises use the root `{EXERCISE_ROOT}` instead of `{LIVE_ROOT}`.",
        },
        "defaultContentType": "application/json",
        "channels": {name: _channel(service, one, name) for name, (service, one) in said.items()},
        "operations": _operations(services, said),
        "components": {
            "messages": {name: _message(one, name, schemas) for name, (_, one) in said.items()},
            "schemas": {"Headers": _HEADERS, **schemas.components},
        },
    }


def render(services: Conversation) -> str:
    """Return the document as YAML."""
    return yaml.safe_dump(document(services), allow_unicode=True, sort_keys=False, width=100)


def name_of(service: str, one: Published) -> str:
    """Return the name of a channel and its message."""
    return f"{service}.{one.aggregate}.{one.event}.v{one.major}"


class _Schemas:
    """JSON Schemas of the bodies, shared parts once."""

    def __init__(self, bodies: list[type[msgspec.Struct]]) -> None:
        self._bodies = bodies
        self._found, components = msgspec.json.schema_components(
            bodies, ref_template="#/components/schemas/{name}"
        )
        self.components: dict[str, Any] = msgspec.to_builtins(dict(sorted(components.items())))

    def of(self, body: type[msgspec.Struct]) -> dict[str, Any]:
        """Return the reference to a body's schema."""
        return self._found[self._bodies.index(body)]


def _channel(service: str, one: Published, name: str) -> dict[str, Any]:
    area = ".".join(f"{{{token}}}" for token in _AREA)
    kept = "the last of each aggregate" if one.state else "every event, 30 days"
    return {
        "address": f"{LIVE_ROOT}.{name}.{area}",
        "description": f"{one.meaning} Kept: {kept}.",
        "parameters": {token: {"description": meaning} for token, meaning in _AREA.items()},
        "messages": {"event": {"$ref": f"#/components/messages/{name}"}},
    }


def _message(one: Published, name: str, schemas: _Schemas) -> dict[str, Any]:
    service, _, _ = name.partition(".")
    return {
        "name": envelope.event_type(service, one.aggregate, one.event, major=one.major),
        "summary": one.meaning,
        "contentType": "application/json",
        "headers": {"$ref": "#/components/schemas/Headers"},
        "payload": schemas.of(one.body),
    }


def _operations(
    services: Conversation, said: Mapping[str, tuple[str, Published]]
) -> dict[str, Any]:
    operations = {
        f"{service}.says.{name}": {"action": "send", "channel": {"$ref": _ref(name)}}
        for name, (service, _) in said.items()
    }
    for listener, (_, subscriptions) in sorted(services.items()):
        for subscription in subscriptions:
            for name in _heard(subscription, said):
                operations[f"{delivery.consumer_name(listener, subscription)}.hears.{name}"] = {
                    "action": "receive",
                    "channel": {"$ref": _ref(name)},
                }
    return operations


def _heard(subscription: Subscription, said: Mapping[str, tuple[str, Published]]) -> list[str]:
    """Return the channels whose messages the subscription handles."""
    return [
        name
        for name, (service, one) in said.items()
        if service == subscription.service
        and one.state == subscription.state
        and subscription.aggregate in ("*", one.aggregate)
        and (subscription.every or f"{one.event}.v{one.major}" in subscription.on)
    ]


def _ref(name: str) -> str:
    return f"#/channels/{name}"
