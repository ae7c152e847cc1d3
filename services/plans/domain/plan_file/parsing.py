"""A plan file read as a whole: a draft, or every fault that keeps it from being one."""

from collections.abc import Sequence

from chassis.errors import Invalid
from services.plans.domain.plan import Plan
from services.plans.domain.plan_file import checks, form, size, soundness, source, wording
from services.plans.domain.plan_file.bundle import place_of
from services.plans.domain.plan_file.drafting import draft_of
from services.plans.domain.plan_file.source import Fault, Severity, Source

MAXIMUM_CHARACTERS = 1_000_000  # some 40 times the longest city plan written out in this form


class PlanFileInvalid(Invalid):
    """The file is not a plan; `faults` in the answer lists everything found."""

    slug = "plan-file-invalid"

    def __init__(self, faults: Sequence[Fault], text: str) -> None:
        first, more = faults[0], len(faults) - 1
        super().__init__(
            f"PLAN L{first.at.line}:C{first.at.column} {first.message}"
            + (f" And {more} more." if more else ""),
            remedy=first.remedy,
            faults=[_told(fault, text) for fault in faults],
        )
        self.faults = list(faults)


def parse(text: str) -> Plan:
    """The draft that the file describes. Raises `PlanFileInvalid` with every error found."""
    read, faults = _examine(text)
    errors = [one for one in faults if one.severity is Severity.ERROR]
    if errors or read is None:
        raise PlanFileInvalid(errors, text)
    return draft_of(read.data, text)


def lint(text: str) -> list[Fault]:
    """Everything found in the file, errors and less, in the order of the text."""
    return _examine(text)[1]


def _examine(text: str) -> tuple[Source | None, list[Fault]]:
    """What was read, and what was found: what a deeper look would stumble over stops it."""
    if len(text) > MAXIMUM_CHARACTERS:
        at = source.Position(1, 1)
        return None, [Fault("plan-file-too-long", at, "Longer than 1,000,000 characters.")]
    try:
        read = source.read(text)
    except source.Unreadable as error:
        return None, [error.fault]
    faults = list(form.faults(read))
    if not faults:
        faults = _deeper(read)
        faults += wording.faults(read)
    return read, sorted(faults, key=lambda one: (one.at.line, one.at.column, one.slug))


def _deeper(read: Source) -> list[Fault]:
    """What each look finds that the ones before it leave room for."""
    faults = list(size.faults(read)) or list(checks.faults(read))
    if all(one.severity is not Severity.ERROR for one in faults):
        faults += size.too_much(read)
    return faults or list(soundness.faults(read))


def _told(fault: Fault, text: str) -> dict[str, object]:
    name, at = place_of(text, fault.at)
    return {
        "slug": fault.slug,
        "file": name,
        "line": at.line,
        "column": at.column,
        "message": fault.message,
        "remedy": fault.remedy,
    }
