"""Plays facts through one plan without a database: what the commands do, as plain function calls."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.plans import domain
from tests.harness import START
from tests.services.plans.city import FLOOD
from vocabulary import INDICATORS, Figure, Mode, ResponseLevel

SIGNAL = domain.Cause(domain.CauseKind.SIGNAL, "sig_1", domain.News.ANNOUNCED)
INDICATOR = domain.Cause(domain.CauseKind.INDICATOR, "rain_3h_mm")
TIMER = domain.Cause(domain.CauseKind.TIMER, "flood-410100")
PERSON = domain.Cause(domain.CauseKind.PERSON, "chen")
CHEN = domain.Signature(by="org_410100_flood_command/commander", reason="the river is rising")

LEVEL_I, LEVEL_II, LEVEL_III, LEVEL_IV = ResponseLevel


def flood() -> domain.Plan:
    """The flood plan of the tests, published."""
    return domain.publish_version(domain.parse(FLOOD), START)


def figure(name: str, value: float | None, as_of: datetime = START) -> Figure:
    return Figure(name, value, INDICATORS[name].unit, "test", as_of, as_of)


def nothing_known() -> dict[str, float | None]:
    """Every figure that the flood plan reads, at zero, in a city of ten million."""
    zero: dict[str, float | None] = dict.fromkeys(
        (
            "signal_red_population_share",
            "signal_orange_population_share",
            "signal_yellow_population_share",
            "signal_blue_population_share",
            "rain_1h_mm",
            "rain_3h_mm",
            "rain_6h_mm",
            "deaths",
            "trapped",
            "road_water_depth_cm",
            "water_level_m",
        ),
        0.0,
    )
    return zero | {"population": 10_000_000.0}


@dataclass(frozen=True)
class Weighed:
    """When facts were weighed, the most that they could give, and the level in force after."""

    at: datetime
    possible: ResponseLevel | None
    level: ResponseLevel | None


@dataclass
class Player:
    """One plan in one mode: facts, what was last found, and the activation that there is."""

    plan: domain.Plan = field(default_factory=flood)
    values: dict[str, float | None] = field(default_factory=nothing_known)
    now: datetime = START
    law: domain.Law = field(default_factory=domain.Law)
    incidents: tuple[domain.Incident, ...] = ()
    previous: domain.Findings | None = None
    activation: domain.Activation | None = None
    told: list[str] = field(default_factory=list)
    look_again_at: datetime | None = None
    log: list[Weighed] = field(default_factory=list)

    def weigh(self, cause: domain.Cause = INDICATOR, **changes: float | None) -> domain.Decision:
        """The facts change and the plan's rules are applied."""
        self.values |= changes
        on = self.situation(cause)
        decision = domain.decide(self.plan, self.activation, on)
        self.previous = on.findings
        self.activation = decision.activation or self.activation
        self.look_again_at = decision.look_again_at
        self.log.append(Weighed(self.now, on.findings.possible, self.stands[1]))
        self.told += [outcome.value for outcome in domain.outcomes(decision.events)]
        return decision

    def wait(self, minutes: int) -> None:
        """Time passes; the plan looks again whenever it asked to."""
        until = self.now + timedelta(minutes=minutes)
        while self.look_again_at is not None and self.look_again_at <= until:
            self.now = self.look_again_at
            self.weigh(TIMER)
        self.now = until

    def situation(self, cause: domain.Cause = PERSON) -> domain.Situation:
        """What a decision made now rests on."""
        facts = self.facts(self.values)
        findings = domain.evaluate(self.plan, facts, previous=self.previous, now=self.now)
        return domain.Situation(
            mode=Mode.REAL,
            findings=findings,
            rising=domain.rising(findings, self.previous),
            contents=domain.contents(self.plan, facts, law=self.law, now=self.now),
            cause=cause,
            now=self.now,
            evaluation_id="eva_1",
            new_id=domain.ActivationId("act_1"),
            open_incidents=self.incidents,
        )

    def facts(self, values: Mapping[str, float | None]) -> domain.Facts:
        known = {name: figure(name, value, self.now) for name, value in values.items()}
        return domain.Facts(known)

    def decided(self, outcome: tuple[domain.Activation, domain.Event]) -> domain.Activation:
        """Take over what a person decided."""
        self.activation, event = outcome
        self.told += [one.value for one in domain.outcomes([event])]
        return self.activation

    @property
    def present(self) -> domain.Activation:
        """The activation, which must exist."""
        assert self.activation is not None
        return self.activation

    @property
    def stands(self) -> tuple[str, ResponseLevel | None, ResponseLevel | None]:
        """State, level in force, level proposed."""
        if self.activation is None:
            return ("NONE", None, None)
        one = self.activation
        return (one.state.value, one.level, one.proposed_level)
