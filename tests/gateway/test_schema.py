"""The schema as clients get it: checked in, complete, and with its rules kept."""

from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLNonNull,
    GraphQLObjectType,
    build_schema,
    get_named_type,
    validate_schema,
)

from gateway import sdl
from gateway.joins import PREFIXES, ROOTS

SNAPSHOT = Path(__file__).resolve().parents[2] / "gateway" / "schema.graphql"
CORE: Any = build_schema(sdl.sdl())


def test_the_snapshot_is_the_schema():
    assert SNAPSHOT.read_text("utf-8") == sdl.sdl(), "make contracts"


def test_the_sdl_stands_by_itself():
    assert validate_schema(CORE) == []


def test_every_update_carries_its_key():
    for field in CORE.mutation_type.fields.values():
        input_ = get_named_type(field.args["input"].type)
        assert isinstance(input_.fields["idempotencyKey"].type, GraphQLNonNull)


def test_every_payload_has_errors_and_a_correlation_id():
    for field in CORE.mutation_type.fields.values():
        payload = get_named_type(field.type)
        assert str(payload.fields["errors"].type) == "[UserError!]!"
        assert str(payload.fields["correlationId"].type) == "ID"


def test_every_list_of_one_mode_is_of_real_things_unless_asked():
    for type_ in CORE.type_map.values():
        if isinstance(type_, GraphQLObjectType):
            for field in type_.fields.values():
                if "mode" in field.args:
                    assert field.args["mode"].ast_node.default_value.value == "REAL"


def test_every_list_has_twenty_entries_a_page_unless_asked():
    paged = [field for field in CORE.query_type.fields.values() if "first" in field.args]

    assert paged
    assert "first: Int! = 20" in sdl.sdl()
    assert "first: Int! = 50" not in sdl.sdl()


def test_every_node_can_be_found_by_its_id():
    nodes = {type_.name for type_ in CORE.get_possible_types(CORE.type_map["Node"])}

    found = {*PREFIXES.values(), "Jurisdiction"}
    assert found <= nodes
    assert found <= set(ROOTS)


@pytest.mark.parametrize("name", ["Signal", "Warning", "Detection"])
def test_signal_warning_and_detection_are_kept_apart(name):
    assert isinstance(CORE.type_map[name], GraphQLObjectType)
