"""Commands on obligations: owed, told up the ladder, confirmed, answered, overdue, waived."""

from services.org.commands.obligation.steps import (
    answer,
    answer_all,
    climb,
    confirm_obligation,
    draft,
    fall_due,
    owe,
    report_obligation,
    tell_waiting,
    waive,
    waive_obligation,
)

__all__ = [
    "answer",
    "answer_all",
    "climb",
    "confirm_obligation",
    "draft",
    "fall_due",
    "owe",
    "report_obligation",
    "tell_waiting",
    "waive",
    "waive_obligation",
]
