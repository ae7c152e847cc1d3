"""The hierarchy of plans as versioned data: what each kind may regulate, where, and under which plans."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from services.plans.domain.plan import Phase, PlanKind, Text
from services.plans.domain.plan_file import source
from vocabulary import OrganizationKind, area

HIERARCHY_FILE = Path(__file__).parents[2] / "data" / "hierarchy.yaml"


class Tier(StrEnum):
    """Levels of government, by how many digits of GB/T 2260 name a division."""

    NATION = "NATION"
    PROVINCE = "PROVINCE"
    CITY = "CITY"
    COUNTY = "COUNTY"
    GRASSROOTS = "GRASSROOTS"


class Where(StrEnum):
    """For which division a superior is sought: this one, the nearest above, or whichever is nearer."""

    HERE = "HERE"
    ABOVE = "ABOVE"
    NEAREST = "NEAREST"


class Extent(StrEnum):
    """All of something, or only what is the plan's own."""

    ALL = "ALL"
    SOME = "SOME"
    OWN = "OWN"


@dataclass(frozen=True, slots=True)
class Above:
    """Plans of one kind that a plan has to conform to."""

    kind: PlanKind
    at: Where


@dataclass(frozen=True, slots=True)
class KindRule:
    """What one kind of plan is: `tiers` holds the phases that it has to cover at each level."""

    kind: PlanKind
    regulates: Text
    tiers: Mapping[Tier, tuple[Phase, ...]]
    issued_by: tuple[OrganizationKind, ...]
    classes: Extent
    binds: Extent
    carries: Extent
    conforms_to: tuple[Above, ...]


@dataclass(frozen=True, slots=True)
class HierarchyRule:
    """One version of the hierarchy, in force from its first day until the next one's."""

    version: str
    effective_from: datetime
    source: str
    kinds: Mapping[PlanKind, KindRule]


@cache
def hierarchy_rules() -> tuple[HierarchyRule, ...]:
    """Every version, the earliest first."""
    written = yaml.safe_load(HIERARCHY_FILE.read_text(encoding="utf-8"))["versions"]
    return tuple(sorted(map(_rule, written), key=lambda one: one.effective_from))


def hierarchy_rule(at: datetime) -> HierarchyRule:
    """The version in force at `at`; before the first one's day, the first."""
    begun = [one for one in hierarchy_rules() if one.effective_from <= at]
    return begun[-1] if begun else hierarchy_rules()[0]


def tier_of(code: str) -> Tier:
    """The level of government of a division."""
    match len(area.prefix(code)):
        case 0:
            return Tier.NATION
        case 2:
            return Tier.PROVINCE
        case 4:
            return Tier.CITY
        case 6:
            return Tier.COUNTY
        case _:
            return Tier.GRASSROOTS


def _rule(data: dict[str, Any]) -> HierarchyRule:
    return HierarchyRule(
        version=data["version"],
        effective_from=source.instant(data["effective_from"]),
        source=data["source"],
        kinds={PlanKind(name): _kind(PlanKind(name), one) for name, one in data["kinds"].items()},
    )


def _kind(kind: PlanKind, data: dict[str, Any]) -> KindRule:
    return KindRule(
        kind=kind,
        regulates=Text(**data["regulates"]),
        tiers={Tier(name): tuple(map(Phase, phases)) for name, phases in data["tiers"].items()},
        issued_by=tuple(map(OrganizationKind, data["issued_by"])),
        classes=Extent(data["classes"]),
        binds=Extent(data["binds"]),
        carries=Extent(data["carries"]),
        conforms_to=tuple(
            Above(PlanKind(one["kind"]), Where(one["at"])) for one in data["conforms_to"]
        ),
    )
