"""Nothing is heard that nobody says, and everything said is documented."""

import importlib

import msgspec
import pytest
import yaml

from tests.architecture import house


def said():
    """(service, aggregate, event.vN) → the contract message that travels."""
    return {
        (service, one.aggregate, f"{one.event}.v{one.major}"): one.body
        for service in house.SERVICES
        for one in house.room(service, "events").PUBLISHED
    }


def heard():
    """(listener, service, aggregate, event.vN, message) of every subscription that names its events."""
    return [
        (listener, one.service, one.aggregate, event, body)
        for listener in house.SERVICES
        for one in house.room(listener, "handlers").SUBSCRIPTIONS
        for event, (body, _handler) in one.on.items()
        if one.aggregate != "*"
    ]


def test_every_event_heard_is_said_with_the_same_message():
    for listener, service, aggregate, event, body in heard():
        assert said().get((service, aggregate, event)) is body, (
            f"{listener} hears {service}.{aggregate}.{event}, which nobody says like that"
        )


@pytest.mark.parametrize("service", house.SERVICES)
def test_a_service_says_every_message_of_its_contract_and_no_other(service):
    contract = {
        struct
        for struct in vars(importlib.import_module(f"contracts.{service}.v1")).values()
        if isinstance(struct, type) and issubclass(struct, msgspec.Struct)
    }
    bodies = {one.body for one in house.room(service, "events").PUBLISHED}
    parts = {part for struct in contract for part in nested(struct)}

    assert bodies <= contract
    assert {struct.__name__ for struct in contract - parts - bodies} == set()


def nested(struct):
    """Contract structs that `struct` is made of."""
    for field in msgspec.structs.fields(struct):
        for part in (field.type, *getattr(field.type, "__args__", ())):
            if isinstance(part, type) and issubclass(part, msgspec.Struct):
                yield part


def test_every_event_said_is_in_the_published_contract():
    document = yaml.safe_load((house.ROOT / "docs/asyncapi.yaml").read_text("utf-8"))
    text = yaml.safe_dump(document["channels"])

    for service, aggregate, event in said():
        assert f"{service}.{aggregate}.{event}" in text


@pytest.mark.parametrize("service", house.SERVICES)
def test_no_service_listens_to_itself_but_the_log_of_everything(service):
    for one in house.room(service, "handlers").SUBSCRIPTIONS:
        assert one.service != service or one.aggregate == "*"
