"""Every field, join, list and command of the gateway stands in the OpenAPI of the service that owns it."""

import importlib
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema
import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_list_type,
)

from gateway import fields
from gateway.commands import COMMANDS
from gateway.errors import Service
from gateway.joins import EXPLAIN, JOINS, LISTINGS, ROOTS, Join
from gateway.schema.build import build, needs_of
from gateway.views import VIEWS
from tests.gateway import world

Json = Any
SCHEMA = build()
CORE: Any = SCHEMA._schema
SDL = SCHEMA.as_str()
OWN = {("Incident", "staleSince"), ("Jurisdiction", "staleSince")}
# exercises are of one mode by what they are, proposals rest on both, a plan holds for both
OF_NO_MODE = {"exercises", "revisionProposals", "plans", "duePlans", "consultations"}
NAMED = {"IncidentByNumber": "Incident"}


@cache
def openapi(service: Service) -> Json:
    app = importlib.import_module(f"services.{service.lower()}.app").create_app()
    return app.openapi()


def component(service: Service, name: str) -> Json:
    return openapi(service)["components"]["schemas"][name]


def properties(service: Service, name: str) -> Json:
    return component(service, name)["properties"]


def operation(service: Service, path: str, method: str) -> Json:
    """The operation at `path`, whatever its path parameters are called."""
    wanted = re.sub(r"\{[^}]*\}", "{}", path)
    found = [
        operations[method]
        for known, operations in openapi(service)["paths"].items()
        if re.sub(r"\{[^}]*\}", "{}", known) == wanted and method in operations
    ]
    assert found, f"{service} has no {method.upper()} {path}"
    return found[0]


def answered(of: Json) -> Json:
    """The schema of the accepted answer of an operation."""
    [accepted] = [answer for status, answer in of["responses"].items() if status.startswith("2")]
    return accepted["content"]["application/json"]["schema"]


def batch_value(service: Service, batch: str) -> Json:
    """The schema of one value of a batch read."""
    return answered(operation(service, f"/v1/batch/{batch}", "post"))["additionalProperties"]


def refs(schema: Json) -> set[str]:
    """Names of the components that a schema refers to, lists and nullable ones opened."""
    if "$ref" in schema:
        return {schema["$ref"].rpartition("/")[2]}
    inner = [*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else ())]
    return {name for part in inner for name in refs(part)}


def is_nullable(schema: Json) -> bool:
    return schema.get("type") == "null" or any(map(is_nullable, schema.get("anyOf", ())))


def view_fields() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for type_name, made_of in needs_of(SCHEMA).items():
        for field_name, members in made_of.items():
            if (type_name, field_name) not in OWN:
                yield type_name, field_name, members


@pytest.mark.parametrize("type_name", VIEWS)
def test_a_type_is_made_of_members_of_its_services_view(type_name):
    view = VIEWS[type_name]
    used = {
        (field, member)
        for owner, field, members in view_fields()
        for member in members
        if owner == type_name
    }

    known = properties(view.service, view.component)
    assert not {(field, member) for field, member in used if member not in known}


@pytest.mark.parametrize("type_name", VIEWS)
def test_a_field_that_is_never_null_is_never_null_in_its_view(type_name):
    view = VIEWS[type_name]
    shown = component(view.service, view.component)
    for owner, field_name, members in view_fields():
        field = CORE.type_map[owner].fields[field_name]
        if owner != type_name or not isinstance(field.type, GraphQLNonNull):
            continue
        if is_list_type(field.type.of_type):
            continue  # what its view leaves out is `[]`
        certain = [
            name
            for name in members
            if name in shown["required"] and not is_nullable(shown["properties"][name])
        ]
        assert certain, f"{owner}.{field_name}: {members} may be null"


def test_every_view_type_is_in_the_schema():
    assert set(needs_of(SCHEMA)) == set(VIEWS)


def joins() -> Iterator[tuple[str, Join, str]]:
    for name, join in JOINS.items():
        owner, _, field_name = name.partition(".")
        field: GraphQLField = CORE.type_map[owner].fields[field_name]
        yield name, join, get_named_type(field.type).name
    for name, join in ROOTS.items():
        yield name, join, NAMED.get(name, name)


@pytest.mark.parametrize(
    ("name", "join", "type_name"), [pytest.param(*found, id=found[0]) for found in joins()]
)
def test_a_join_is_a_batch_read_that_answers_what_its_type_shows(name, join, type_name):
    value = batch_value(join.service, join.batch)

    assert refs(value) == {VIEWS[type_name].component}
    assert ("items" in str(value)) == join.is_list
    if join.copy is not None:
        copied = batch_value(join.copy.service, join.copy.batch)
        assert refs(copied) == {join.copy.component}
        shown = properties(VIEWS[type_name].service, VIEWS[type_name].component)
        for member in set(properties(join.copy.service, join.copy.component)) & set(shown):
            assert member in shown


@pytest.mark.parametrize(
    ("name", "join"),
    [pytest.param(name, join, id=name) for name, join in JOINS.items() if join.kind],
)
def test_what_may_be_done_is_asked_for_a_kind_of_object_that_the_service_offers(name, join):
    batch = operation(join.service, f"/v1/batch/{join.batch}", "post")

    assert join.kind in batch["x-kinds"]


@pytest.mark.parametrize(
    "name", [name for name, join in JOINS.items() if join.service is not Service.ORG]
)
def test_a_field_that_crosses_a_service_is_nullable_and_says_so(name):
    owner, _, field_name = name.partition(".")
    field = CORE.type_map[owner].fields[field_name]
    view = VIEWS.get(owner)

    assert not isinstance(field.type, GraphQLNonNull)
    if view is not None and view.service is not JOINS[name].service:
        assert re.search(
            rf"\b{field_name}\b[^\n]*@from\(service: {JOINS[name].service.value}\)", SDL
        )


@pytest.mark.parametrize("name", LISTINGS)
def test_a_list_is_a_get_of_its_service(name):
    listing = LISTINGS[name]

    operation(listing.service, listing.path, "get")


@pytest.mark.parametrize(
    "field_name",
    [
        name
        for name, field in CORE.query_type.fields.items()
        if get_named_type(field.type).name.endswith("Connection")
    ],
)
async def test_a_list_asks_only_for_filters_that_its_service_knows(rig, field_name):
    arguments = CORE.query_type.fields[field_name].args
    given = ", ".join(f"{name}: {sample(argument.type)}" for name, argument in arguments.items())
    listing = LISTINGS["logEntries" if field_name == "log" else field_name]
    rig.services[listing.service].reads[listing.path] = world.page()

    answer = await rig.ask(f"{{ {field_name}({given}) {{ totalCount nodes {{ __typename }} }} }}")

    assert answer.errors == []
    [asked] = rig.services[listing.service].asked
    known = {one["name"] for one in operation(listing.service, listing.path, "get")["parameters"]}
    assert set(asked.query) <= known
    assert asked.query["count"] == "true"
    assert ("mode" in asked.query) is (field_name not in OF_NO_MODE)


def sample(type_: Any) -> str:
    """A literal of an argument's type, every member of an input given."""
    if isinstance(type_, GraphQLNonNull):
        return sample(type_.of_type)
    if is_list_type(type_):
        return f"[{sample(type_.of_type)}]"
    if isinstance(type_, GraphQLEnumType):
        return str(next(iter(type_.values)))
    if isinstance(type_, GraphQLInputObjectType):
        members = (f"{name}: {sample(one.type)}" for name, one in type_.fields.items())
        return f"{{{', '.join(members)}}}"
    return {
        "Int": "1",
        "Float": "1.5",
        "Boolean": "true",
        "DateTime": '"2021-07-20T16:01:00+08:00"',
        "GeoJSON": '{type: "Point", coordinates: [113.6, 34.7]}',
    }.get(str(type_.name), '"410100"')


def test_every_mutation_is_a_declared_command():
    assert set(CORE.mutation_type.fields) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_sends_what_its_service_takes_and_shows_what_it_answers(name):
    command = COMMANDS[name]
    field = CORE.mutation_type.fields[name]
    taken = operation(command.service, command.path, "post")
    [body] = refs(taken["requestBody"]["content"]["application/json"]["schema"])
    given = set(get_named_type(field.args["input"].type).fields) - {"idempotencyKey"}
    in_path = set(re.findall(r"\{(\w+)\}", command.path))

    expected = component(command.service, body)
    assert given - in_path <= set(expected["properties"])
    assert set(expected.get("required", ())) <= given - in_path
    payload: GraphQLObjectType = get_named_type(field.type)
    shown = get_named_type(payload.fields[command.outcome].type).name
    assert refs(answered(taken)) == {VIEWS[shown].component}


def test_explain_asks_what_plans_takes():
    taken = operation(EXPLAIN.service, EXPLAIN.path, "post")
    [body] = refs(taken["requestBody"]["content"]["application/json"]["schema"])

    assert set(CORE.query_type.fields["explain"].args) <= set(properties(EXPLAIN.service, body))
    assert refs(answered(taken)) == {"SupposedView"}


@pytest.mark.parametrize("service", Service)
def test_an_enumeration_has_the_values_that_its_service_knows(service):
    components = openapi(service)["components"]["schemas"]
    shared = {
        name: set(type_.values)
        for name, type_ in CORE.type_map.items()
        if isinstance(type_, GraphQLEnumType) and "enum" in components.get(name, {})
    }

    assert shared == {name: set(components[name]["enum"]) for name in shared}


@pytest.mark.parametrize("service", Service)
def test_the_fakes_answer_as_the_services_would(service):
    fake = world.services()[service]
    document = openapi(service)
    for batch, values in fake.batches.items():
        schema = {**batch_value(service, batch), "components": document["components"]}
        for value in values.values():
            jsonschema.validate(value, schema)
            held_closely(value, schema, document["components"]["schemas"])


def held_closely(value: Json, schema: Json, components: Json) -> None:
    """A fake has no member that the view has not, and lacks none."""
    names = refs(schema)
    if isinstance(value, list):
        for item in value:
            held_closely(item, schema, components)
    elif isinstance(value, dict) and len(names) == 1:
        [name] = names
        known = components[name].get("properties", {})
        assert set(value) == set(known), f"{name}: {set(value) ^ set(known)}"


def test_members_and_fields_are_named_alike():
    assert fields.member_of("travel_minutes") == "travelMinutes"
    assert fields.member_of("class_") == "class"
