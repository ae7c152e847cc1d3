"""Directives of the schema: which service owns a field, and when its null means unknown."""

import strawberry
from strawberry.schema_directive import Location

from gateway.errors import Service


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="from",
    description="Owned by another service than its parent. Always nullable.",
)
class From:
    """Marks a field that crosses a service."""

    service: Service


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="semanticNonNull",
    description="null only together with an entry in `errors`: clients that know the directive "
    "may treat the field as non-null.",
)
class SemanticNonNull:
    """Marks a field whose null means unknown, never none."""
