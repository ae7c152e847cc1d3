"""Consultations as messages: who is asked until when, who answered, that the round is over."""

from typing import assert_never

import msgspec

from chassis.messages import Message
from contracts.plans import v1 as contract
from services.plans.domain import (
    Consultation,
    ConsultationAnswered,
    ConsultationClosed,
    ConsultationOpened,
)

ConsultationEvent = ConsultationOpened | ConsultationAnswered | ConsultationClosed


def consultation_message(event: ConsultationEvent) -> Message:
    """The event as it is told."""
    one = event.consultation
    name, body = _named(event)
    return Message(
        aggregate="consultation", event=name, id=one.id, area=one.jurisdiction, body=body
    )


def _named(event: ConsultationEvent) -> tuple[str, msgspec.Struct]:
    told = _consultation(event.consultation)
    match event:
        case ConsultationOpened():
            return "opened", contract.ConsultationOpened(consultation=told)
        case ConsultationAnswered(organization_id=who):
            return "answered", contract.ConsultationAnswered(consultation=told, organization_id=who)
        case ConsultationClosed():
            return "closed", contract.ConsultationClosed(consultation=told)
        case _:
            assert_never(event)


def _consultation(one: Consultation) -> contract.Consultation:
    return contract.Consultation(
        id=one.id,
        plan_id=one.plan_id,
        plan_version=one.plan_version,
        jurisdiction=one.jurisdiction,
        opened_at=one.opened_at,
        opened_by=one.opened_by,
        consulted=tuple(
            contract.Consulted(
                organization_id=asked.organization_id,
                answer_before=asked.answer_before,
                opinion=asked.opinion,
                answered_at=asked.answered_at,
            )
            for asked in one.consulted
        ),
        closed_at=one.closed_at,
    )
