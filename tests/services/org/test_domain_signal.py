"""A signal and the answers offered to it: the order in which they were heard leaves no trace."""

import itertools
from datetime import UTC, datetime

import pytest

from services.org import domain
from vocabulary import Mode, ResponseLevel, WarningColour

AT = datetime(2021, 7, 19, 13, 59, tzinfo=UTC)
FACTS = domain.SignalFacts(
    mode=Mode.REAL,
    emergency_type="11B03",
    colour=WarningColour.RED,
    jurisdiction="410100",
    issuer="observatory",
    status="ACTIVE",
    sent_at=AT,
)


def offered(plan: str, organization: str, activation: str) -> domain.Answer:
    return domain.Answer(
        kind=domain.AnswerKind.RESPOND,
        at=AT,
        decided_by=f"plan {plan}@1",
        activation_id=activation,
        organization_id=organization,
        level=ResponseLevel.LEVEL_III,
    )


ANSWERS = (
    offered("flood", "org_flood", "act_1"),
    offered("metro", "org_metro", "act_2"),
    offered("flood", "org_flood", "act_3"),  # the same plan, in another place
)


def heard(signal: domain.Signal) -> domain.Signal:
    answerable = ("org_flood", "org_metro")
    return domain.hear(signal, FACTS, owed_by="org_flood", answerable_by=answerable)


@pytest.mark.parametrize("place", range(len(ANSWERS) + 1))
@pytest.mark.parametrize("order", list(itertools.permutations(ANSWERS)))
def test_answers_of_one_instant_leave_the_same_signal_in_every_order(
    order: tuple[domain.Answer, ...], place: int
):
    signal = domain.Signal(id="sig_1")

    for number, answer in enumerate(order):
        signal = heard(signal) if number == place else signal
        signal = domain.answer_signal(signal, answer)
    signal = heard(signal)

    assert signal.offered == (ANSWERS[0], ANSWERS[2], ANSWERS[1])
    assert signal.answer == ANSWERS[0]
