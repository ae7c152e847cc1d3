"""Refusals as data: a service's problem as the UserError that a screen can act on."""

from collections.abc import Mapping
from typing import Any

from gateway.errors import code_of
from gateway.upstream import Reply, Row

_BY_CODE = {
    "VERSION_CONFLICT": "VersionConflict",
    "POSSIBLE_DUPLICATE": "PossibleDuplicate",
    "LEGAL_BASIS_MISSING": "LegalBasisMissing",
    "SECOND_PERSON_REQUIRED": "NotAuthorized",
}
_BY_STATUS = {403: "NotAuthorized", 409: "StateError"}

# Members of a problem that some UserError shows, beyond those that all share.
_CARRIED = (
    "currentVersion",
    "changedBy",
    "changedAt",
    "currentStatus",
    "candidates",
    "roles",
    "action",
    "reason",
    "needs",
    "grantableBy",
)


def user_error(reply: Reply) -> Row:
    """The refusal with its stable code, the path into the input, and what its kind carries."""
    problem = reply.body
    code = code_of(problem, status=reply.status)
    error: dict[str, Any] = {
        "__typename": _BY_CODE.get(code) or _BY_STATUS.get(reply.status, "InputError"),
        "code": code,
        "message": problem.get("detail") or problem.get("title") or "Refused.",
        "field": [str(part) for part in problem.get("field") or ()],
        "remedy": problem.get("remedy"),
    }
    carried = {name: problem[name] for name in _CARRIED if name in problem}
    if "candidates" in carried:
        carried["candidates"] = [one["id"] for one in carried["candidates"]]
    if error["__typename"] == "LegalBasisMissing":
        carried |= {**problem.get("legal", {}), "holders": problem.get("holders", [])}
    return _complete({**error, **carried})


def _complete(error: Mapping[str, Any]) -> Row:
    """A subtype whose own member is missing is told as a plain StateError or InputError."""
    if error["__typename"] == "VersionConflict" and "currentVersion" not in error:
        return {**error, "__typename": "StateError"}
    return error
