"""contracts/ says byte for byte what protobuf's own JSON mapping says, and is what proto/ generates."""

import importlib
import json
import subprocess
import sys
import typing
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from google.protobuf import descriptor_pool, json_format, message_factory
from hypothesis import given, settings
from hypothesis import strategies as st

import vocabulary

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "proto"))
generate = importlib.import_module("generate")

SERVICES = ("org", "plans", "guarantee", "analytics")
STRUCTS = [
    struct
    for service in SERVICES
    for struct in vars(importlib.import_module(f"contracts.{service}.v1")).values()
    if isinstance(struct, type) and issubclass(struct, msgspec.Struct)
]
instants = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis wants naive bounds
numbers = st.floats(-1e9, 1e9, allow_nan=False)
texts = st.text(st.characters(codec="utf-8"), max_size=12)


@cache
def files():
    return generate.image()


@cache
def pool():
    made = descriptor_pool.DescriptorPool()
    for file in files().file:
        made.AddSerializedFile(file.SerializeToString())
    return made


def message_class(struct):
    return message_factory.GetMessageClass(
        pool().FindMessageTypeByName(f"{struct.__module__}.{struct.__name__}")
    )


def values_of(struct):
    """Any instance: fields without a default always there, the others sometimes."""
    hints = typing.get_type_hints(struct)
    required: dict[str, Any] = {}
    optional: dict[str, Any] = {}
    for field in msgspec.structs.fields(struct):
        home = required if field.required else optional
        home[field.name] = value_of(hints[field.name])
    return st.fixed_dictionaries(required, optional=optional).map(lambda given: struct(**given))


def value_of(hint):
    arguments = [one for one in typing.get_args(hint) if one is not type(None)]
    if typing.get_origin(hint) is tuple:
        return st.lists(value_of(arguments[0]), max_size=2).map(tuple)
    if arguments:
        return value_of(arguments[0])
    if issubclass(hint, StrEnum):
        return st.sampled_from(list(hint))
    if issubclass(hint, msgspec.Struct):
        return values_of(hint)
    simple = {
        str: texts,
        float: numbers,
        int: st.integers(-(2**31), 2**31 - 1),
        bool: st.booleans(),
        datetime: instants,
    }
    return simple[hint]


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda one: f"{one.__module__}.{one.__name__}")
def test_what_we_write_protobuf_reads_and_what_it_writes_we_read(struct):
    @settings(max_examples=20)
    @given(values_of(struct))
    def round_trip(ours):
        written = msgspec.json.encode(ours)

        theirs = json_format.Parse(written, message_class(struct)())
        back = json_format.MessageToJson(theirs, indent=None)

        assert msgspec.json.decode(back, type=struct) == ours

    round_trip()


def test_zero_is_written_and_unknown_is_absent():
    figure = importlib.import_module("contracts.vocabulary.v1").Figure

    assert json.loads(msgspec.json.encode(figure(metric="deaths", value=0.0))) == {
        "metric": "deaths",
        "value": 0.0,
    }
    assert json.loads(msgspec.json.encode(figure(metric="deaths"))) == {"metric": "deaths"}


def test_a_message_without_a_required_field_is_refused():
    declared = importlib.import_module("contracts.org.v1").IncidentDeclared

    with pytest.raises(msgspec.ValidationError, match="incident"):
        msgspec.json.decode(b"{}", type=declared)


def test_a_field_that_a_newer_publisher_adds_is_ignored():
    place = importlib.import_module("contracts.vocabulary.v1").Place

    decoded = msgspec.json.decode(b'{"longitude":1,"latitude":2,"altitude":3}', type=place)

    assert decoded == place(longitude=1.0, latitude=2.0)


def test_every_enum_of_the_contracts_is_the_class_of_the_vocabulary():
    for file in files().file:
        for enum in file.enum_type if file.package.startswith("contracts.") else ():
            values = [value.name for value in enum.value if value.number != 0]
            assert values == [member.value for member in getattr(vocabulary, enum.name)]


def test_every_scalar_has_explicit_presence():
    for file in files().file:
        for message in file.message_type if file.package.startswith("contracts.") else ():
            for field in message.field:
                is_scalar = field.type not in (field.TYPE_MESSAGE, field.TYPE_GROUP)
                is_single = field.label != field.LABEL_REPEATED
                assert not (is_scalar and is_single) or field.proto3_optional, field.name


def test_the_committed_contracts_are_what_proto_says():
    done = subprocess.run(
        [sys.executable, ROOT / "proto/generate.py", "--check"], capture_output=True, text=True
    )

    assert done.returncode == 0, done.stdout
