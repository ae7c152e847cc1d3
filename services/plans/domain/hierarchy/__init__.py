"""The hierarchy of plans (PLAN-1): its rules as versioned data, and which plan stands above which."""

from services.plans.domain.hierarchy.order import (
    Place,
    Ruling,
    Superior,
    share_a_type,
    subordinates,
    superiors,
    tree,
)
from services.plans.domain.hierarchy.rule import (
    Above,
    Extent,
    HierarchyRule,
    KindRule,
    Tier,
    Where,
    hierarchy_rule,
    hierarchy_rules,
    tier_of,
)

__all__ = [
    "Above",
    "Extent",
    "HierarchyRule",
    "KindRule",
    "Place",
    "Ruling",
    "Superior",
    "Tier",
    "Where",
    "hierarchy_rule",
    "hierarchy_rules",
    "share_a_type",
    "subordinates",
    "superiors",
    "tier_of",
    "tree",
]
