"""A signal as this service knows it, and how it was answered; either may become known first."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.errors import Conflict
from services.org.domain.warning import warning_label
from vocabulary import Mode, ResponseLevel, WarningColour


class SignalNotHeard(Conflict):
    """An answer to the signal is known, the signal itself is not yet."""

    slug = "signal-not-heard"


class SignalAlreadyAnswered(Conflict):
    """The signal has its answer."""

    slug = "signal-already-answered"


class AnswerKind(StrEnum):
    """What was decided upon a signal."""

    RESPOND = "RESPOND"
    MAINTAIN = "MAINTAIN"
    DECLINE = "DECLINE"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalFacts:
    """What the issuer said, as far as this service needs it."""

    mode: Mode
    exercise_id: str | None = None
    emergency_type: str
    colour: WarningColour
    jurisdiction: str
    issuer: str
    status: str
    sent_at: datetime
    headline_zh: str | None = None
    headline_en: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The decision upon a signal: by a person, or by a plan that may start by itself."""

    kind: AnswerKind
    at: datetime
    decided_by: str
    reason: str | None = None
    activation_id: str | None = None
    organization_id: str | None = None
    level: ResponseLevel | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """`facts` is absent until the signal is heard; `proposals` are activations that wait for a signature.

    Of the answers that plans `offered` only one of `answerable_by` counts: the organization that
    owes the answer, or one that it stands under. What a metro starts for itself answers nothing.
    """

    id: str
    version: int = 0
    facts: SignalFacts | None = None
    answer: Answer | None = None
    proposals: tuple[str, ...] = ()
    owed_by: str | None = None
    answerable_by: tuple[str, ...] = ()
    offered: tuple[Answer, ...] = ()


def hear(
    signal: Signal, facts: SignalFacts, *, owed_by: str | None, answerable_by: tuple[str, ...]
) -> Signal:
    """Keep what the issuer said and who owes the answer; one that was offered before now counts."""
    known = dataclasses.replace(signal, facts=facts, owed_by=owed_by, answerable_by=answerable_by)
    return _decided(known)


def heard(signal: Signal) -> SignalFacts:
    """What the issuer said. Raises SignalNotHeard while the signal itself is not known."""
    if signal.facts is None:
        raise SignalNotHeard("The signal itself has not arrived yet.", remedy="Try again shortly.")
    return signal.facts


def propose_upon(signal: Signal, activation_id: str) -> Signal:
    """Remember that an activation upon this signal waits for a signature."""
    if activation_id in signal.proposals:
        return signal
    return dataclasses.replace(signal, proposals=(*signal.proposals, activation_id))


def answer_signal(signal: Signal, answer: Answer) -> Signal:
    """Keep a plan's answer; it counts once the signal is heard, if its organization may give it.

    The first counts: by its time, then by who gave it, so that the order of arrival is no matter.
    """
    if answer in signal.offered:
        return signal
    offered = tuple(sorted((*signal.offered, answer), key=_rank))
    return _decided(dataclasses.replace(signal, offered=offered))


def answer_by_person(signal: Signal, answer: Answer) -> Signal:
    """Record a person's decision. Raises SignalNotHeard and SignalAlreadyAnswered."""
    heard(signal)
    if signal.answer is not None:
        raise SignalAlreadyAnswered(
            f"Answered {signal.answer.kind} by {signal.answer.decided_by}.",
            currentStatus=signal.answer.kind,
        )
    return dataclasses.replace(signal, answer=answer)


def signal_label(facts: SignalFacts) -> tuple[str, str]:
    """How people call the signal, in Chinese and English."""
    zh, en = warning_label(facts.emergency_type, facts.colour)
    return f"{zh}预警信号", f"{en} signal"


def _decided(signal: Signal) -> Signal:
    if signal.facts is None:
        return signal
    entitled = [
        one
        for one in signal.offered
        if signal.owed_by is None or one.organization_id in signal.answerable_by
    ]
    given = [signal.answer] if signal.answer is not None else []
    return dataclasses.replace(signal, answer=min([*given, *entitled], key=_rank, default=None))


def _rank(answer: Answer) -> tuple[datetime, str, str, str]:
    """One plan may be carried out by several organizations, and in several places of one."""
    return answer.at, answer.decided_by, answer.organization_id or "", answer.activation_id or ""
