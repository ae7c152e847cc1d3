"""A plan put in force, as this service hears of it: what it asks of organizations."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vocabulary import Duty, Mode, OrganizationKind, ResponseLevel

OPEN_ACTIVATIONS = frozenset({"PROPOSED", "IN_FORCE"})  # states, as plans tells them


class Verdict(StrEnum):
    """The legal answer to a measure."""

    ALLOWED = "ALLOWED"
    REFUSED = "REFUSED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Legal:
    """What the measure rests on and obliges to, or what is missing and who may grant it."""

    verdict: Verdict = Verdict.UNKNOWN
    provisions: tuple[str, ...] = ()
    missing: str | None = None
    who_may_grant: tuple[OrganizationKind, ...] = ()
    duties: tuple[Duty, ...] = ()
    longest_minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A measure of the plan; `automatic` measures need no signature, if the law allows them."""

    code: str
    text_zh: str | None = None
    text_en: str | None = None
    addressee_functions: tuple[str, ...] = ()
    automatic: bool = False
    duration_minutes: int | None = None
    legal: Legal = dataclasses.field(default_factory=Legal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of the plan: what the holder of `function` does within the time limit."""

    id: str
    title_zh: str | None = None
    title_en: str | None = None
    function: str
    time_limit_minutes: int
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """The last that was heard of it; `signals` are those whose answer waits for its signature."""

    id: str
    version: int = 0
    plan_id: str
    plan_version: str
    plan_title_zh: str
    plan_title_en: str
    emergency_type: str
    jurisdiction: str
    mode: Mode
    exercise_id: str | None = None
    state: str
    level: ResponseLevel | None = None
    proposed_level: ResponseLevel | None = None
    cause_kind: str
    cause_id: str
    incident_id: str | None = None
    measures: tuple[Measure, ...] = ()
    steps: tuple[Step, ...] = ()
    sign_before: datetime | None = None
    proposed_at: datetime | None = None
    decided_by: str | None = None
    reason: str | None = None
    organization_id: str | None = None
    signals: tuple[str, ...] = ()


def hear_activation(present: Activation | None, said: Activation) -> Activation:
    """Keep what was said, and which signals wait for this activation's signature."""
    if present is None:
        return said
    return dataclasses.replace(said, version=present.version, signals=present.signals)


def waits_for_signature(activation: Activation) -> bool:
    """Whether a person still has to decide."""
    return activation.proposed_level is not None


def caused_by_signal(activation: Activation) -> str | None:
    """The signal that this decision was made upon, if it was one."""
    return activation.cause_id if activation.cause_kind == "SIGNAL" else None


def decider(activation: Activation) -> str:
    """Who decided: the post that signed, or the plan that may start by itself."""
    return activation.decided_by or f"plan {activation.plan_id}@{activation.plan_version}"


def owe_answers(activation: Activation, signal_id: str) -> Activation:
    """Remember that the signal's answer comes with this activation's signature."""
    if signal_id in activation.signals:
        return activation
    return dataclasses.replace(activation, signals=(*activation.signals, signal_id))


def settle_answers(activation: Activation) -> Activation:
    """Nothing waits for this activation's signature any more."""
    return dataclasses.replace(activation, signals=())
