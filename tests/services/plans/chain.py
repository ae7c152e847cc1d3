"""Plans that set off one another, and a player of all of them without a database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache

import yaml

from services.plans import domain
from tests.harness import START
from tests.services.plans.city import CITY, COMMAND, SMALL
from tests.services.plans.player import INDICATOR, TIMER
from vocabulary import INDICATORS, Figure, Mode, ResponseLevel

QUAKE, LANDSLIDE, ROADS = "11C01", "11D01", "12C01"


def written(
    id: str,
    kind: str,
    conditions: Mapping[str, object],
    *,
    place: str = CITY,
    hold_down: int = 30,
    start: str = "automatic",
) -> str:
    """A plan file of these levels and nothing else."""
    return yaml.safe_dump(
        {
            "id": id,
            "version": "1",
            "title": {"zh": f"{id} 预案", "en": f"{id} plan"},
            "kind": "SPECIAL",
            "jurisdiction": place,
            "organization": COMMAND,
            "emergency_types": [kind],
            "effective_from": "2021-06-01",
            "source": "fixture of the tests",
            "levels": [
                {
                    "level": level,
                    "start": start,
                    "hold_down_minutes": hold_down,
                    "conditions": {"any": asked if isinstance(asked, list) else [asked]},
                }
                for level, asked in conditions.items()
            ],
        },
        allow_unicode=True,
        sort_keys=False,
    )


def upon(kind: str, level: str) -> dict[str, str]:
    """The condition that a response of at least the level is in force."""
    return {"response": kind, "at_least": level}


QUAKE_PLAN = written(
    "quake",
    QUAKE,
    {"LEVEL_IV": "magnitude >= 4", "LEVEL_II": "magnitude >= 6", "LEVEL_I": "deaths >= 50"},
    hold_down=60,
)
LANDSLIDE_PLAN = written(
    "landslide",
    LANDSLIDE,
    {
        "LEVEL_IV": "rain_3h_mm >= 50",
        "LEVEL_III": [upon(QUAKE, "LEVEL_II"), "rain_3h_mm >= 100"],
        "LEVEL_II": [upon(QUAKE, "LEVEL_I")],
    },
    place=SMALL,
)
ROADS_PLAN = written("roads", ROADS, {"LEVEL_III": upon(LANDSLIDE, "LEVEL_III")}, place=SMALL)
CHAIN = (QUAKE_PLAN, LANDSLIDE_PLAN, ROADS_PLAN)


@cache
def ready(text: str) -> domain.CompiledPlan:
    """The plan of the file, published and compiled."""
    return domain.compiled(domain.publish_version(domain.parse(text), START))


@dataclass
class Chain:
    """Several plans in one mode, played as the commands do, round by round."""

    plans: tuple[domain.CompiledPlan, ...] = field(default_factory=lambda: tuple(map(ready, CHAIN)))
    values: dict[str, float | None] = field(default_factory=dict)
    now: datetime = START
    previous: dict[str, domain.Findings] = field(default_factory=dict)
    open: dict[str, domain.Activation] = field(default_factory=dict)
    look_again: dict[str, datetime] = field(default_factory=dict)
    told: list[tuple[str, str, str]] = field(default_factory=list)
    rounds: int = 0
    opened: int = 0

    def hear(self, cause: domain.Cause = INDICATOR, **changes: float | None) -> None:
        """The facts change, and every plan is weighed."""
        self.values |= changes
        self.settle({one.plan.plan_id: cause for one in self.plans})

    def wait(self, minutes: int) -> None:
        """Time passes; each plan looks again whenever it asked to."""
        until = self.now + timedelta(minutes=minutes)
        while self.look_again and min(self.look_again.values()) <= until:
            plan_id, self.now = min(self.look_again.items(), key=lambda one: (one[1], one[0]))
            del self.look_again[plan_id]
            self.settle({plan_id: TIMER})
        self.now = until

    def settle(self, due: Mapping[str, domain.Cause]) -> None:
        """Round by round, until no plan sets off another."""
        index, standing = domain.index(self.plans), tuple(self.open.values())
        for _ in range(domain.MOST_ROUNDS):
            for plan_id in sorted(due):
                (one,) = index.versions(plan_id)
                self._weigh(one, due[plan_id], standing)
            changed = domain.changed(standing, self.open.values())
            standing, due = tuple(self.open.values()), index.set_off(changed)
            self.rounds += 1
            if not due:
                return
        raise AssertionError("the cascade did not come to rest")

    def facts(
        self, one: domain.CompiledPlan, standing: Iterable[domain.Activation]
    ) -> domain.Facts:
        """The facts as the plan sees them."""
        known = {
            name: Figure(name, value, INDICATORS[name].unit, "test", self.now, self.now)
            for name, value in self.values.items()
        }
        return domain.Facts(known).beside(*domain.responses(one, tuple(standing), self.now))

    def levels(self) -> dict[str, ResponseLevel | None]:
        """The level in force under each plan that has one, or a proposal."""
        return {plan_id: one.level for plan_id, one in sorted(self.open.items())}

    def _weigh(
        self,
        one: domain.CompiledPlan,
        cause: domain.Cause,
        standing: tuple[domain.Activation, ...],
    ) -> None:
        plan, plan_id = one.plan, one.plan.plan_id
        facts, previous = self.facts(one, standing), self.previous.get(plan_id)
        findings = domain.evaluate(plan, facts, previous=previous, now=self.now, read=one.read)
        self.opened += 1
        situation = domain.Situation(
            mode=Mode.REAL,
            findings=findings,
            rising=domain.rising(findings, previous),
            contents=domain.contents(plan, facts, law=domain.Law(), now=self.now),
            cause=cause,
            now=self.now,
            evaluation_id="eva",
            new_id=domain.ActivationId(f"act_{plan_id}_{self.opened}"),
        )
        decision = domain.decide(plan, self.open.pop(plan_id, None), situation)
        self.previous[plan_id] = findings
        self.told += [
            (plan_id, outcome, cause.kind) for outcome in domain.outcomes(decision.events)
        ]
        if decision.activation is not None and decision.activation.is_open:
            self.open[plan_id] = replace(decision.activation)
        self.look_again.pop(plan_id, None)
        if decision.look_again_at is not None:
            self.look_again[plan_id] = decision.look_again_at
