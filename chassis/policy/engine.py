"""Decisions on single objects: Cedar policies over the caller's grants, deny by default."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from importlib import resources
from typing import TYPE_CHECKING, Any, Protocol

import cedarpy
import msgspec

from chassis.errors import DomainError, missing
from chassis.policy import rules
from chassis.policy.types import (
    SEALED_READER,
    SUPERVISOR,
    VIEW,
    Decision,
    Grant,
    NotPermitted,
    Permission,
    SecondPersonRequired,
    Target,
    explanation,
)
from chassis.policy.visible import EVERYBODY, Scope, scope_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Table

    from chassis.unit_of_work import Caller

FILE = "policy.cedar"
_NOWHERE = {"__entity": {"type": "Area", "id": "nowhere"}}
_JSON = msgspec.json.Encoder()


class Areas(Protocol):
    """How the service's area codes nest; `vocabulary.area` is one."""

    def chain(self, code: str, /) -> tuple[str, ...]:
        """Return the area, spelled as always, and all that contain it, nearest first.

        Raises ValueError when it is no code.
        """

    def prefix(self, code: str, /) -> str:
        """Return what the codes of the area and of all within it begin with, and no others."""


class Policy:
    """The policies of one service, parsed once, its tree of areas and its table of organizations.

    Without `organizations` nobody's organization is of any kind.
    """

    def __init__(self, text: str, *, areas: Areas, organizations: Table | None = None) -> None:
        whole = f"{_base()}\n{text}"
        self._policies = cedarpy.PolicySet.from_str(whole)
        self.areas = areas
        self.organizations = organizations
        self.rules = rules.read(self._policies)
        self.actions = rules.actions(self.rules)
        self._named = {rule.id: rule for rule in self.rules}
        rules.check(whole, rules.schema(self.actions))

    @classmethod
    def load(cls, package: str, *, areas: Areas, organizations: Table | None = None) -> Policy:
        """Return the policies in `data/policy.cedar` of the package, like "services.org".

        Raises PolicyError when they do not fit the schema, or one lacks an `@id` of its own.
        """
        folder = resources.files(package)
        text = (folder / "data" / FILE).read_text(encoding="utf-8")
        return cls(text, areas=areas, organizations=organizations)

    def decide(self, caller: Caller, action: str, target: Target, *, now: datetime) -> Decision:
        """Return whether the caller may do `action` to `target`, and by which policies.

        Each of the caller's live grants is tried, those that reach the target first. Raises
        LookupError for an action that no policy speaks of.
        """
        if action not in self.actions:
            raise LookupError(f"no policy speaks of the action {action!r}")
        if caller.service_name is not None:
            return self._of_service(caller, action, target)
        live = [grant for grant in caller.grants if grant.is_live(now)]
        entities = self._entities(caller, live, target)
        forbids: list[str] = []
        for index in self._nearest_first(live, target):
            answer = self._ask({"type": "Grant", "id": str(index)}, action, target, entities)
            named = _named(answer)
            if answer.allowed:
                return _allowed(action, target, named, live[index])
            forbids.extend(name for name in named if name not in forbids)
        return self._refused(action, target, forbids)

    def permissions(
        self, caller: Caller, target: Target, actions: Iterable[str], *, now: datetime
    ) -> list[Permission]:
        """Return which of the actions the caller may do, with the reason for each refusal."""
        decided = [self.decide(caller, action, target, now=now) for action in actions]
        return [
            Permission(
                action=one.action,
                allowed=one.allowed,
                reason=None if one.allowed else one.reason,
                grantable_by=None if one.allowed else one.grantable_by,
            )
            for one in decided
        ]

    def scope(self, caller: Caller, *, now: datetime) -> Scope:
        """Return what the caller sees in lists: the rows that `decide` lets the caller view."""
        return scope_of(caller, self.areas, now=now)

    def refusal(self, caller: Caller, decision: Decision, *, now: datetime) -> DomainError:
        """Return what a refused caller is told.

        Whoever may not see the object is told what anybody is told about one that does not exist.
        """
        target = decision.target
        if not target.new and not self._may_see(caller, decision, now):
            return missing(target.kind, target.id)
        if self._is_for_another(caller, decision, now):
            return SecondPersonRequired(
                "Whoever did the step before cannot do this one.",
                remedy="Ask a second person to do it.",
                **explanation(decision),
            )
        return NotPermitted(
            decision.reason, remedy=_remedy(decision.grantable_by), **explanation(decision)
        )

    def _may_see(self, caller: Caller, decision: Decision, now: datetime) -> bool:
        if decision.action == VIEW:
            return False
        return self.decide(caller, VIEW, decision.target, now=now).allowed

    def _is_for_another(self, caller: Caller, decision: Decision, now: datetime) -> bool:
        if caller.subject not in decision.target.authors:
            return False
        others = dataclasses.replace(decision.target, authors=frozenset())
        return self.decide(caller, decision.action, others, now=now).allowed

    def _of_service(self, caller: Caller, action: str, target: Target) -> Decision:
        entities = self._entities(caller, (), target)
        principal = {"type": "Service", "id": str(caller.service_name)}
        answer = self._ask(principal, action, target, entities)
        if answer.allowed:
            return _allowed(action, target, _named(answer), None)
        return self._refused(action, target, _named(answer))

    def _ask(
        self,
        principal: dict[str, str],
        action: str,
        target: Target,
        entities: cedarpy.Entities,
    ) -> cedarpy.AuthzResult:
        request = {
            "principal": principal,
            "action": {"type": "Action", "id": action},
            "resource": {"type": "Object", "id": target.id},
            "context": {},
        }
        return cedarpy.is_authorized(request, self._policies, entities)

    def _refused(self, action: str, target: Target, forbids: Sequence[str]) -> Decision:
        determining = [self._named[name] for name in forbids]
        permits = [r for r in self.rules if r.effect == "permit" and r.is_about(action)]
        missing_role = rules.words(permits, "needs")
        needs = rules.words(determining, "needs") or missing_role
        return Decision(
            action=action,
            target=target,
            allowed=False,
            policies=tuple(forbids),
            grant=None,
            reason=rules.words(determining, "reason") or _lacking(missing_role),
            grantable_by=rules.words([*determining, *permits], "grantable_by"),
            needs=needs,
        )

    def _nearest_first(self, grants: Sequence[Grant], target: Target) -> list[int]:
        around = self._chain(target.area)

        def is_far(index: int) -> bool:
            grant = grants[index]
            if grant.organization in target.organizations | target.owners:
                return False
            return not set(self._chain(grant.area)[:1]) & set(around)

        return sorted(range(len(grants)), key=is_far)

    def _entities(
        self, caller: Caller, grants: Sequence[Grant], target: Target
    ) -> cedarpy.Entities:
        chain = self._chain(target.area)
        described = [_area(code, chain[at + 1 : at + 2]) for at, code in enumerate(chain)]
        described.append(_object(target, chain[:1]))
        whole = self._of_all(caller, grants)
        for index, grant in enumerate(grants):
            attributes: dict[str, Any] = whole | {
                "role": grant.role,
                "area": self._reference(grant.area),
            }
            if grant.organization:
                attributes["organization"] = grant.organization
            described.append(_entity("Grant", str(index), attributes))
        return cedarpy.Entities.from_json_str(_JSON.encode(described).decode())

    def _of_all(self, caller: Caller, grants: Sequence[Grant]) -> dict[str, Any]:
        """Return what each grant of the caller is told of the person who holds them all."""
        cleared = [grant for grant in grants if grant.role == SEALED_READER]
        named = {grant.organization for grant in cleared if grant.organization}
        supervised = [grant.area for grant in grants if grant.role == SUPERVISOR]
        return {
            "subject": caller.subject,
            "clearedAreas": [self._reference(grant.area) for grant in cleared],
            "clearedOrganizations": sorted(named - {EVERYBODY}),
            "supervisedAreas": [self._reference(area) for area in supervised],
            "organizationKinds": sorted(caller.organization_kinds),
        }

    def _reference(self, code: str) -> dict[str, Any]:
        chain = self._chain(code)
        return {"__entity": {"type": "Area", "id": chain[0]}} if chain else _NOWHERE

    def _chain(self, code: str) -> tuple[str, ...]:
        """Return the area and those around it; what is no area lies nowhere and covers nothing."""
        try:
            return self.areas.chain(code)
        except ValueError:
            return ()


def _base() -> str:
    return (resources.files("chassis.policy") / "base.cedar").read_text(encoding="utf-8")


def _allowed(action: str, target: Target, policies: Sequence[str], grant: Grant | None) -> Decision:
    return Decision(
        action=action,
        target=target,
        allowed=True,
        policies=tuple(policies),
        grant=grant,
        reason="allowed",
        grantable_by=None,
    )


def _named(answer: cedarpy.AuthzResult) -> list[str]:
    names = answer.diagnostics.id_annotations_by_reason
    return sorted(names[reason] for reason in answer.diagnostics.reasons)


def _lacking(needs: str | None) -> str:
    if needs is None:
        return "None of your roles allows it here."
    return f"None of your roles allows it here; it needs {needs}."


def _remedy(grantable_by: str | None) -> str:
    if grantable_by is None:
        return "Ask somebody who may."
    return f"Ask somebody who may, or have it granted by {grantable_by}."


def _area(code: str, parent: Sequence[str]) -> dict[str, Any]:
    return _entity("Area", code, {}, parents=parent)


def _object(target: Target, area: Sequence[str]) -> dict[str, Any]:
    attributes = {
        "kind": target.kind,
        "organizations": sorted(target.organizations),
        "owners": sorted(target.owners),
        "addressees": sorted(target.addressees),
        "authors": sorted(target.authors),
        "sealed": target.sealed,
        "mode": target.mode,
    }
    return _entity("Object", target.id, attributes, parents=area)


def _entity(
    type: str, id: str, attributes: dict[str, Any], *, parents: Sequence[str] = ()
) -> dict[str, Any]:
    return {
        "uid": {"type": type, "id": id},
        "attrs": attributes,
        "parents": [{"type": "Area", "id": code} for code in parents],
    }
