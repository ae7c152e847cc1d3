"""The one schema, put together, and what each of its fields is made of."""

from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.extensions import (
    DisableIntrospection,
    ParserCache,
    SchemaExtension,
    ValidationCache,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema import StreamResult
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.execution import ExecutionContext

from gateway import fields
from gateway.context import Context
from gateway.operation import OperationEdge
from gateway.scalars import SCALARS
from gateway.schema import refusal
from gateway.schema.guarantee import Dispatch, Requirement
from gateway.schema.mutation import Mutation
from gateway.schema.places import Organization
from gateway.schema.query import Query
from gateway.schema.subscription import Subscription
from gateway.selection import Needs
from gateway.upstream import Json
from gateway.views import VIEWS

DOCUMENTS = 1_000  # parsed and validated ones kept; a city's clients send some hundred


class GatewaySchema(strawberry.Schema):
    """The schema; each operation on a socket runs in a context of its own."""

    async def stream(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: object = None,
        *args: Json,
        **kwargs: Json,
    ) -> StreamResult:
        """Run one operation of a socket. Its loaders and errors are not those of the socket."""
        assert isinstance(context_value, Context)
        own = context_value.for_operation()
        return await super().stream(query, variable_values, own, *args, **kwargs)

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Nothing: OperationEdge logs what is a bug, and counts the rest."""


class _Parsed(ParserCache):
    def __init__(self) -> None:
        super().__init__(maxsize=DOCUMENTS)


class _Validated(ValidationCache):
    def __init__(self) -> None:
        super().__init__(maxsize=DOCUMENTS)


def build(*, introspection: bool = True) -> GatewaySchema:
    """The schema with its extensions; without introspection only known documents are of use."""
    extensions: list[type[SchemaExtension]] = [OperationEdge, _Parsed, _Validated]
    if not introspection:
        extensions.append(DisableIntrospection)
    return GatewaySchema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=[
            refusal.InputError,
            refusal.StateError,
            refusal.VersionConflict,
            refusal.LegalBasisMissing,
            refusal.NotAuthorized,
            refusal.PossibleDuplicate,
            Requirement,
            Dispatch,
            Organization,
        ],
        extensions=extensions,
        config=StrawberryConfig(
            default_resolver=fields.value_of,
            scalar_map=SCALARS,
            disable_field_suggestions=True,  # else who may not read the schema can guess it
        ),
    )


def needs_of(schema: strawberry.Schema) -> Needs:
    """GraphQL type → field → the members of its view that the field is made of."""
    return {
        name: {
            schema.config.name_converter.get_graphql_name(field): field.metadata.get(
                fields.MADE_OF, (fields.member_of(field.python_name),)
            )
            for field in definition.fields
        }
        for name in VIEWS
        if isinstance(definition := schema.get_type_by_name(name), StrawberryObjectDefinition)
    }
