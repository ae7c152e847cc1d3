"""Writing the audit: a permitted write in its own transaction, a refused one after its rollback."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from chassis import logging, telemetry
from chassis.audit.record import Outcome

if TYPE_CHECKING:
    from chassis.documents import Change
    from chassis.policy import Decision
    from chassis.unit_of_work import UnitOfWork

# One statement for all rows of a unit of work, whatever their number.
_APPEND = text(
    """
    INSERT INTO audit_record (
        id, decision_id, recorded_at, decided_at, subject, person, organization, role, grant_id,
        granted_by, action, decision, policies, reason, object_kind, object_id, object_version,
        mode, before_hash, after_hash, correlation_id, cause_id, trace_id, remote)
    SELECT id, decision_id, recorded_at, decided_at, subject, person, organization, role, grant_id,
        granted_by, action, decision, policies, reason, object_kind, object_id, object_version,
        mode, decode(before_hash, 'hex'), decode(after_hash, 'hex'), correlation_id, cause_id,
        trace_id, remote
    FROM jsonb_to_recordset(:rows) AS row (
        id text, decision_id text, recorded_at timestamptz, decided_at timestamptz, subject text,
        person text, organization text, role text, grant_id text, granted_by text, action text,
        decision text, policies text[], reason text, object_kind text, object_id text,
        object_version bigint, mode text, before_hash text, after_hash text, correlation_id text,
        cause_id text, trace_id text, remote text)
    """
).bindparams(bindparam("rows", type_=JSONB))

log = logging.get(__name__)
_refused = telemetry.counter("authz_denied_total", "Refused decisions on writes, by action")
_unrecorded = telemetry.counter("audit_unrecorded_total", "Refusals that could not be recorded")


async def record(uow: UnitOfWork) -> None:
    """Have every decision of the unit of work, with what it changed, be recorded if it commits.

    A unit of work without a decision leaves no row: a handler or timer that asked nobody.
    """
    if uow.decisions:
        await uow.db.execute(_APPEND, {"rows": rows(uow, uow.decisions, uow.changes)})


async def record_refusals(uow: UnitOfWork) -> None:
    """Record what was refused in a unit of work that has been rolled back, and nothing else of it.

    Never raises: whoever was refused is told so even when the record cannot be written.
    """
    refused = [decision for decision in uow.decisions if not decision.allowed]
    for decision in refused:
        _refused.add(1, {"action": decision.action})
    if not refused:
        return
    try:
        async with uow.db.begin():
            await uow.db.execute(_APPEND, {"rows": rows(uow, refused, ())})
    except Exception as error:  # whatever it is, it must not stand in for the refusal
        _unrecorded.add(len(refused))
        actions = [decision.action for decision in refused]
        log.error("audit.refusal_unrecorded", error=error, actions=actions)


def rows(
    uow: UnitOfWork, decisions: Sequence[Decision], changes: Iterable[Change]
) -> list[dict[str, Any]]:
    """Return a row for each decision and one for each further aggregate that was changed.

    A change of a decision's object stands in the decision's row, any other in a row of its own
    under the first decision. What was saved several times is told once, from first to last.
    """
    changed = _changed(changes)
    made = []
    for decision in decisions:
        target = decision.target
        own = changed.pop((target.kind, target.id), {})
        made.append(_row(uow, decision) | own)
    for (kind, identity), told in changed.items():
        further = _row(uow, decisions[0]) | told
        # SQLAlchemy's own string type, of which a table's name is, is not JSON
        further |= {"object_kind": str(kind), "object_id": identity, "decision_id": made[0]["id"]}
        made.append(further)
    return made


def _row(uow: UnitOfWork, decision: Decision) -> dict[str, Any]:
    identity = uow.new_id("aud")
    caller, grant = uow.caller, decision.grant
    return {
        "id": identity,
        "decision_id": identity,
        "recorded_at": uow.clock.wall(),
        "decided_at": uow.now,
        "subject": caller.subject,
        "person": caller.person,
        "organization": (grant and grant.organization) or caller.organization,
        "role": grant and grant.role,
        "grant_id": grant and grant.id,
        "granted_by": grant and grant.granted_by,
        "action": decision.action,
        "decision": Outcome.PERMITTED if decision.allowed else Outcome.REFUSED,
        "policies": decision.policies,
        "reason": decision.reason,
        "object_kind": decision.target.kind,
        "object_id": decision.target.id,
        "object_version": None,
        "mode": decision.target.mode,
        "before_hash": None,
        "after_hash": None,
        "correlation_id": uow.correlation_id,
        "cause_id": uow.cause_id,
        "trace_id": telemetry.trace_id(),
        "remote": uow.remote,
    }


def _changed(changes: Iterable[Change]) -> dict[tuple[str, str], dict[str, Any]]:
    told: dict[tuple[str, str], dict[str, Any]] = {}
    for change in changes:
        before = None if change.before is None else change.before.hex()
        first = told.setdefault((change.kind, change.id), {"before_hash": before})
        first |= {"object_version": change.version, "after_hash": change.after.hex()}
    return told
