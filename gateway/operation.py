"""The edge of one GraphQL operation: who may ask, how much, under which span, with which errors."""

import time
from collections.abc import Iterator
from http import HTTPStatus

from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    get_operation_ast,
)
from strawberry.extensions import SchemaExtension
from strawberry.types.execution import StreamExecutionResult

from chassis import logging, telemetry
from gateway import limits
from gateway.context import Context
from gateway.errors import forget_suggestion, is_bug, masked

log = logging.get(__name__)
_took = telemetry.histogram(
    "graphql_operation_duration_seconds", "Queries and mutations by their first root field"
)


class OperationEdge(SchemaExtension):
    """Limits, admits, times and masks one operation; one instance each."""

    def on_operation(self) -> Iterator[None]:
        """Bound the document before it is parsed and validated."""
        self.execution_context.parse_options["max_tokens"] = limits.TOKENS
        self.execution_context.validation_rules += (limits.DocumentLimits,)
        yield

    def on_validate(self) -> Iterator[None]:
        """Say what is wrong with a document, and not what would be right."""
        yield
        for error in self.execution_context.pre_execution_errors or ():
            forget_suggestion(error)

    def on_execute(self) -> Iterator[None]:
        """Execute under one span what may be executed, and mask what the result says of errors."""
        document = self.execution_context.graphql_document
        assert document is not None, "validated before"
        operation = get_operation_ast(document, self.execution_context.operation_name)
        assert operation is not None, "validated before"
        name = operation.name.value if operation.name else "anonymous"
        kind = operation.operation.value
        with telemetry.span(f"graphql {kind}") as span:
            span.set_attribute("graphql.operation.name", name)
            span.set_attribute("graphql.operation.type", kind)
            errors = list(self._refusals(document, operation))
            if errors:
                self.execution_context.result = ExecutionResult(data=None, errors=errors)
            began = time.monotonic()
            yield
            self._tell(self.execution_context.result)
            self._record(operation, time.monotonic() - began)

    def on_stream_result(self, result: StreamExecutionResult) -> Iterator[None]:
        """Mask each message of a socket before it is sent."""
        self._tell(result)
        yield

    def _refusals(
        self, document: DocumentNode, operation: OperationDefinitionNode
    ) -> Iterator[GraphQLError]:
        unverified = self._context.refusal
        if unverified is not None and not _asks_nothing(operation):
            self._answer_with(HTTPStatus.UNAUTHORIZED)
            yield GraphQLError(str(unverified), original_error=unverified)
        asked = limits.cost(document, operation, self.execution_context.variables or {})
        if asked > limits.COST:
            message = (
                f"The answer could have more than {limits.COST} values: ask for smaller pages."
            )
            if unverified is None:
                self._answer_with(HTTPStatus.BAD_REQUEST)
            yield GraphQLError(message, extensions={"code": "TOO_COSTLY"})

    def _record(self, operation: OperationDefinitionNode, seconds: float) -> None:
        """Measure by the first root field: the schema bounds how many there are, names do not."""
        if operation.operation is OperationType.SUBSCRIPTION:
            return
        result = self.execution_context.result
        errors = getattr(result, "errors", None)
        outcome = "done" if not errors else "partial" if getattr(result, "data", None) else "failed"
        field = next(
            (f.name.value for f in operation.selection_set.selections if isinstance(f, FieldNode)),
            "fragment",
        )
        kind = operation.operation.value
        _took.record(seconds, {"type": kind, "field": field, "outcome": outcome})

    def _answer_with(self, status: HTTPStatus) -> None:
        if self._context.response is not None:
            self._context.response.status_code = status

    def _tell(self, result: object) -> None:
        """Mask the errors of `result` and put beside them which services a copy stands in for."""
        if not hasattr(result, "errors"):
            return
        trace_id = telemetry.trace_id() or "none"
        errors: list[GraphQLError] = result.errors or []
        for error in filter(is_bug, errors):
            log.error("resolver_failed", error=error.original_error, path=error.path)
        for error in errors:
            forget_suggestion(error)
        told = [masked(error, trace_id=trace_id) for error in errors]
        result.errors = [*told, *self._context.take_degraded()] or None

    @property
    def _context(self) -> Context:
        context = self.execution_context.context
        assert isinstance(context, Context)
        return context


def _asks_nothing(operation: OperationDefinitionNode) -> bool:
    """Whether a query is only the ping `{ __typename }`, which anybody may send."""
    return operation.operation is OperationType.QUERY and all(
        isinstance(field, FieldNode) and field.name.value == "__typename"
        for field in operation.selection_set.selections
    )
