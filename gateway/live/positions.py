"""Where a reader stands in the streams, and what it heard there."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from chassis.envelope import Envelope
from chassis.feed import Cursor, Told
from gateway.errors import GatewayError
from gateway.upstream import Row


@dataclass(frozen=True, slots=True)
class Positions:
    """How far a reader has come in each stream; what is sent to clients as an opaque cursor."""

    by_stream: Mapping[str, Cursor]

    def __str__(self) -> str:
        text = ",".join(str(cursor) for _, cursor in sorted(self.by_stream.items()))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str) -> "Positions":
        """The positions that `str` wrote. Raises GatewayError CURSOR_INVALID."""
        try:
            padded = text + "=" * (-len(text) % 4)
            plain = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
            cursors = [Cursor.parse(part) for part in plain.split(",") if part]
        except (ValueError, binascii.Error, OverflowError):
            raise GatewayError(
                "The cursor is not one that a feed gave out: start again without `after`.",
                code="CURSOR_INVALID",
            ) from None
        return cls({cursor.stream: cursor for cursor in cursors})

    def after(self, cursor: Cursor) -> "Positions":
        """These positions, moved to `cursor` in its stream."""
        return Positions({**self.by_stream, cursor.stream: cursor})


@dataclass(frozen=True, slots=True)
class Heard:
    """One event as every listener gets it: decoded once."""

    envelope: Envelope
    body: Row
    cursor: Cursor

    @classmethod
    def of(cls, told: Told) -> "Heard":
        """The event with its body decoded; an unreadable body tells nothing but that it happened."""
        try:
            body: Any = msgspec.json.decode(told.payload)
        except msgspec.DecodeError:
            body = {}
        return cls(told.envelope, body if isinstance(body, dict) else {}, told.cursor)

    @property
    def kind(self) -> str:
        """Aggregate of the event, e.g. `log_entry`."""
        return self.envelope.aggregate

    @property
    def summary(self) -> Row:
        """The aggregate's summary that every event of it carries."""
        found = self.body.get(_member(self.kind))
        return found if isinstance(found, dict) else {}


def _member(aggregate: str) -> str:
    head, *tail = ("entry" if aggregate == "log_entry" else aggregate).split("_")
    return head + "".join(part.capitalize() for part in tail)
