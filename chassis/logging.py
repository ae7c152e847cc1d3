"""Structured logs: one JSON line per event, named, with the ids by which things are found."""

from __future__ import annotations

import logging
import sys
from types import TracebackType
from typing import TypeAlias

import msgspec

from chassis import telemetry
from chassis.clock import Clock

_ExcInfo: TypeAlias = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)
_ATTRIBUTE = "chassis_fields"


class EventLogger:
    """Says what happened by a name and fields; never by a sentence."""

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger

    def debug(self, event: str, **fields: object) -> None:
        """Log what only a developer reads."""
        self._log(logging.DEBUG, event, fields)

    def info(self, event: str, **fields: object) -> None:
        """Log what is expected, refusals included."""
        self._log(logging.INFO, event, fields)

    def warning(self, event: str, **fields: object) -> None:
        """Log what heals by itself but should be known."""
        self._log(logging.WARNING, event, fields)

    def error(self, event: str, *, error: BaseException | None = None, **fields: object) -> None:
        """Log a bug or a loss, with the traceback of `error`."""
        self._log(logging.ERROR, event, fields, error)

    def _log(
        self,
        level: int,
        event: str,
        fields: dict[str, object],
        error: BaseException | None = None,
    ) -> None:
        if self._logger.isEnabledFor(level):
            self._logger.log(level, event, extra={_ATTRIBUTE: fields}, exc_info=error)


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON; control characters are escaped by the encoding."""

    def __init__(self, service: str, clock: Clock) -> None:
        super().__init__()
        self._service = service
        self._clock = clock

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "time": self._clock.wall(),
            "level": record.levelname.lower(),
            "service": self._service,
            "event": record.getMessage(),
            "logger": record.name,
        }
        if (trace_id := telemetry.trace_id()) is not None:
            line["traceId"] = trace_id
        line.update(getattr(record, _ATTRIBUTE, {}))
        if record.exc_info and record.exc_info[0] is not None:
            line["traceback"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line, enc_hook=str).decode()


def get(name: str) -> EventLogger:
    """Return the logger of a module."""
    return EventLogger(logging.getLogger(name))


def configure(service: str, clock: Clock, *, level: str = "INFO") -> None:
    """Write every record of this process as JSON to standard error, once."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter(service, clock))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for noisy in ("uvicorn.access", "alembic", "httpx", "nats"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    for own in ("uvicorn", "uvicorn.error"):
        logging.getLogger(own).handlers.clear()
        logging.getLogger(own).propagate = True
