"""Decisions of the guarantee service: pure, with time and ids as arguments; one module an aggregate."""

from services.guarantee.domain import (
    bulletin,
    cap,
    classification,
    incident,
    intake,
    jurisdiction,
    organization,
    provision,
    rule,
    signal,
    warning,
)

__all__ = [
    "bulletin",
    "cap",
    "classification",
    "incident",
    "intake",
    "jurisdiction",
    "organization",
    "provision",
    "rule",
    "signal",
    "warning",
]
