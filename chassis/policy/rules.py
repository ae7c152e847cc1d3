"""Policy files read: the rules with their annotations, and the one schema that all must fit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import cedarpy

from chassis.policy.types import VIEW

# Every service's policies speak of the same things; only the actions differ.
_SCHEMA = """
entity Area in [Area];
entity Service;
entity Grant {{
  subject: String,
  role: String,
  organization?: String,
  area: Area,
  clearedAreas: Set<Area>,
  clearedOrganizations: Set<String>,
  supervisedAreas: Set<Area>,
  organizationKinds: Set<String>,
}};
entity Object in [Area] {{
  kind: String,
  organizations: Set<String>,
  owners: Set<String>,
  addressees: Set<String>,
  authors: Set<String>,
  sealed: Bool,
  mode: String,
}};
action {actions} appliesTo {{ principal: [Grant, Service], resource: [Object] }};
"""


class PolicyError(ValueError):
    """The policies cannot be used; the message names every fault."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One policy: its annotations, and the actions it is about (null: every action).

    `concerns_people` unless it names services alone.
    """

    id: str
    effect: str
    actions: frozenset[str] | None
    annotations: dict[str, str]
    concerns_people: bool

    def is_about(self, action: str) -> bool:
        """Return whether the policy can have a say in `action`."""
        return self.actions is None or action in self.actions


def read(policies: cedarpy.PolicySet) -> tuple[Rule, ...]:
    """Return the rules. Raises PolicyError when one has no `@id` or two share one."""
    parsed = policies.to_pst()
    rules = [_rule(item) for item in parsed.static_policies.values()]
    names = [rule.id for rule in rules]
    wrong = sorted({name or "(none)" for name in names if not name or names.count(name) > 1})
    if wrong:
        raise PolicyError(f"every policy needs an @id of its own, not: {', '.join(wrong)}")
    return tuple(rules)


def actions(rules: Iterable[Rule]) -> frozenset[str]:
    """Return the actions that the rules declare by speaking of them."""
    return frozenset(name for rule in rules for name in rule.actions or ()) | {VIEW}


def schema(names: Iterable[str]) -> cedarpy.Schema:
    """Return the schema of policies with these actions."""
    quoted = ", ".join(f'"{name}"' for name in sorted(names))
    return cedarpy.Schema.from_str(_SCHEMA.format(actions=quoted))


def check(text: str, against: cedarpy.Schema) -> None:
    """Raise PolicyError unless the policies fit the schema: a forbid that errs would vanish."""
    result = cedarpy.validate_policies(text, against)
    if not result.validation_passed:
        names = result.id_annotations_by_policy_id
        faults = [f"{names.get(e.policy_id, e.policy_id)}: {e.error}" for e in result.errors]
        raise PolicyError("the policies do not fit the schema:\n  " + "\n  ".join(faults))


def words(rules: Sequence[Rule], annotation: str) -> str | None:
    """Return what the rules say under the annotation, each once, or null when none does."""
    said = dict.fromkeys(rule.annotations.get(annotation, "") for rule in rules)
    return "; or ".join(text for text in said if text) or None


def _rule(parsed: Any) -> Rule:  # noqa: ANN401 - a node of cedarpy's syntax tree
    scope = parsed.action
    if isinstance(scope, cedarpy.pst.ActionEq):
        named: frozenset[str] | None = frozenset({scope.entity.id})
    elif isinstance(scope, cedarpy.pst.ActionIn):
        named = frozenset(entity.id for entity in scope.entities)
    else:
        named = None
    annotations = dict(parsed.annotations)
    kind = getattr(parsed.principal, "entity_type", None)
    entity = getattr(parsed.principal, "entity", None)
    of_services = "Service" in (str(kind), str(getattr(entity, "type", None)))
    return Rule(annotations.get("id", ""), parsed.effect, named, annotations, not of_services)
