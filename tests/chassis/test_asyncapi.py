"""The published description of all events agrees with what services declare."""

import yaml

from chassis import asyncapi
from tests.chassis.rig import PUBLISHED, hearing

CONVERSATION = {
    "sayer": (PUBLISHED, ()),
    "hearer": ((), (hearing("sayer"), hearing("sayer", aggregate="shelf", state=True))),
}


def resolve(document, reference):
    found = document
    for step in reference["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return found


def test_every_event_has_a_channel_and_a_message_whose_references_resolve():
    document = asyncapi.document(CONVERSATION)

    assert document["asyncapi"] == "3.0.0"
    assert set(document["channels"]) == {
        "sayer.marble.rolled.v1",
        "sayer.marble.stopped.v1",
        "sayer.shelf.state.v1",
    }
    channel = document["channels"]["sayer.marble.rolled.v1"]
    assert channel["address"] == "uem.sayer.marble.rolled.v1.{pp}.{cc}.{dd}.{ttt}.{id}"
    assert set(channel["parameters"]) == {"pp", "cc", "dd", "ttt", "id"}
    message = resolve(document, channel["messages"]["event"])
    assert message["name"] == "uem.sayer.marble.rolled.v1"
    schema = resolve(document, message["payload"])
    assert schema["required"] == ["number"]
    assert set(schema["properties"]) == {"number", "saidAt"}
    assert resolve(document, message["headers"])["type"] == "object"


def test_operations_say_who_says_and_who_handles_what():
    document = asyncapi.document(CONVERSATION)

    actions = {name: one["action"] for name, one in document["operations"].items()}
    assert actions == {
        "sayer.says.sayer.marble.rolled.v1": "send",
        "sayer.says.sayer.marble.stopped.v1": "send",
        "sayer.says.sayer.shelf.state.v1": "send",
        "hearer-sayer-marble.hears.sayer.marble.rolled.v1": "receive",
        "hearer-sayer-shelf-state.hears.sayer.shelf.state.v1": "receive",
    }
    for operation in document["operations"].values():
        assert resolve(document, operation["channel"]) in document["channels"].values()


def test_the_text_is_the_document_and_the_same_every_time():
    text = asyncapi.render(CONVERSATION)

    assert yaml.safe_load(text) == asyncapi.document(CONVERSATION)
    assert text == asyncapi.render(dict(reversed(CONVERSATION.items())))
