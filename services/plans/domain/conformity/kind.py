"""What the hierarchy asks of a plan of its kind: where it exists, who issues it, what it may bind."""

from collections.abc import Iterator
from datetime import datetime

from services.plans.domain import parts
from services.plans.domain.finding import Check, Finding
from services.plans.domain.hierarchy import Extent, KindRule, hierarchy_rule, tier_of
from services.plans.domain.organization import Organization
from services.plans.domain.plan import Plan
from services.plans.domain.surroundings import Surroundings
from vocabulary import EmergencyClass


def checks(plan: Plan, around: Surroundings, *, at: datetime) -> Iterator[Check]:
    """Level of government, issuer, classes of emergencies, and whom its measures bind."""
    rule = hierarchy_rule(at).kinds[plan.kind]
    issuer = around.organization(plan.organization_id)
    yield _tier(plan, rule)
    yield _issuer(plan, rule, issuer)
    yield _classes(plan, rule)
    if rule.binds is Extent.OWN:
        yield from _bound(plan, issuer)


def _tier(plan: Plan, rule: KindRule) -> Check:
    tier = tier_of(plan.jurisdiction)
    if tier in rule.tiers:
        return None
    return Finding("kind-not-at-this-tier", ("kind",), {"kind": plan.kind, "tier": tier})


def _issuer(plan: Plan, rule: KindRule, issuer: Organization | None) -> Check:
    place, told = ("organization",), {"organization": plan.organization_id}
    if issuer is None:
        return Finding("issuer-unknown", place, told)
    if issuer.kind in rule.issued_by:
        return None
    told |= {
        "organization_kind": issuer.kind,
        "kind": plan.kind,
        "issuers": ", ".join(rule.issued_by),
    }
    return Finding("issuer-not-of-this-kind", place, told)


def _classes(plan: Plan, rule: KindRule) -> Check:
    is_for_all = len(set(plan.emergency_types) & {"11", "12", "13", "14"}) == len(EmergencyClass)
    if is_for_all is (rule.classes is Extent.ALL):
        return None
    slug = "for-every-class" if is_for_all else "not-for-every-class"
    told = {"kind": plan.kind, "types": ", ".join(plan.emergency_types)}
    return Finding(slug, ("emergency_types",), told)


def _bound(plan: Plan, issuer: Organization | None) -> Iterator[Check]:
    if issuer is None or issuer.functions is None:
        return  # told already: the issuer, or its functions, are unknown
    for level, measure in parts.measures(plan):
        others = [one for one in measure.addressee_functions if one not in issuer.functions]
        if others:
            place = (level.level, "measures", measure.code)
            told = {"kind": plan.kind, "measure": measure.code, "functions": ", ".join(others)}
            yield Finding("measure-binds-others", place, told)
        else:
            yield None
