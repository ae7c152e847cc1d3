"""What this service keeps of early warnings: a line in the duty log."""

from datetime import datetime

from chassis.unit_of_work import UnitOfWork
from services.org import domain
from services.org.commands import log_entry
from vocabulary import Mode, WarningColour


async def note_warning(
    uow: UnitOfWork,
    *,
    emergency_type: str,
    colour: WarningColour,
    at: datetime,
    jurisdiction: str,
    mode: Mode,
    organization_id: str | None,
    exercise_id: str | None,
) -> None:
    """Write in the log that the government announced the warning."""
    zh, en = domain.warning_label(emergency_type, colour)
    await log_entry.note(
        uow,
        (f"发布{zh}预警", f"Early warning announced: {en}"),
        at=at,
        jurisdiction=jurisdiction,
        mode=mode,
        exercise_id=exercise_id,
        organization_id=organization_id,
    )
