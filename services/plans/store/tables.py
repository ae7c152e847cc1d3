"""The one MetaData that every table of this service belongs to."""

from sqlalchemy import ColumnElement, Table

from chassis import database
from vocabulary import Mode

metadata = database.metadata()


def played_in(table: Table, mode: Mode, exercise_id: str | None) -> ColumnElement[bool]:
    """Whether a row belongs to the mode and, in EXERCISE, to that exercise or to none."""
    own = table.c.exercise_id.is_not_distinct_from(exercise_id)
    return (table.c.mode == mode) & own
