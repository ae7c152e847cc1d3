"""Who acts on a plan: told apart as persons, shown as organization and post."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Officer:
    """Who acts: `subject` tells persons apart and is shown to nobody, `by` is organization and post."""

    subject: str
    by: str


RULES = Officer(subject="service:plans", by="service:plans")  # what the plan system does by itself
