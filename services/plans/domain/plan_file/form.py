"""The published JSON Schema of plan files, and what in a file does not follow it."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path as FilePath
from typing import Any

import jsonschema
from jsonschema.exceptions import ValidationError

from services.plans.domain.plan_file import wording
from services.plans.domain.plan_file.source import Fault, Source

SCHEMA_FILE = FilePath(__file__).parents[2] / "data" / "plan.schema.json"


@cache
def schema() -> dict[str, Any]:
    """The published JSON Schema of plan files."""
    loaded: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return loaded


def faults(read: Source, against: Mapping[str, Any] | None = None) -> Iterator[Fault]:
    """Everything in the file that does not follow the schema: that of plan files, or another."""
    validator = _validator() if against is None else _Validator(against)
    for error in validator.iter_errors(read.data):
        cause = _deepest(error)
        yield _fault(cause, read)


def _fault(cause: ValidationError, read: Source) -> Fault:
    path = tuple(cause.absolute_path)
    at = read.at(path)
    if path[-1:] == ("time_limit_minutes",) and isinstance(cause.instance, str):
        return Fault(
            "time-limit-not-measurable",
            at,
            f"{cause.instance!r} cannot be measured.",
            "Write the limit in minutes, for example 15.",
        )
    if isinstance(cause.instance, str) and wording.names_nobody(cause.instance):
        return wording.actor_not_named(at, cause.instance)
    return Fault("plan-schema", at, _sentence(cause))


def _pattern(_: object, pattern: str, instance: object, __: object) -> Iterator[ValidationError]:
    """`$` means the end; Python's also matches before a last line break."""
    if isinstance(instance, str) and not re.fullmatch(pattern, instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


_Validator = jsonschema.validators.extend(  # type: ignore[no-untyped-call]
    jsonschema.Draft202012Validator, {"pattern": _pattern}
)


@cache
def _validator() -> Any:  # noqa: ANN401 - jsonschema's classes have no types
    return _Validator(_inlined(schema(), schema()["$defs"]))


def _inlined(part: Any, defs: dict[str, Any], within: tuple[str, ...] = ()) -> Any:  # noqa: ANN401 - any JSON
    """The schema with each definition in place of its name: looking names up took a third.

    A definition that contains itself keeps its name there.
    """
    if isinstance(part, list):
        return [_inlined(one, defs, within) for one in part]
    if not isinstance(part, dict):
        return part
    name = str(part.get("$ref", "")).rpartition("/")[2]
    if name and name not in within:
        return {**_inlined(defs[name], defs, (*within, name)), "$comment": name}
    return {key: _inlined(value, defs, within) for key, value in part.items()}


def _deepest(error: ValidationError) -> ValidationError:
    """Of the alternatives that all failed, the fault that the writer most likely made."""
    while error.context:
        error = max(error.context, key=lambda one: (len(one.absolute_path), not _is_type(one)))
    return error


def _is_type(error: ValidationError) -> bool:
    return error.validator == "type"


def _sentence(error: ValidationError) -> str:
    name = ".".join(str(part) for part in error.absolute_path) or "the plan"
    if _is_type(error) and error.validator_value == "string":
        return f"{name}: {error.instance!r} must be text: put it in quotes."
    return f"{name}: {error.message}."
