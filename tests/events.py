"""Events of other services, made by hand as a broker would deliver them."""

from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

import msgspec

from chassis import envelope, subjects
from chassis.delivery import Delivery
from chassis.envelope import Envelope
from chassis.messages import Incoming

_SEQUENCE = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact said by a service; `version` is its ordinal in its aggregate."""

    body: Any
    service: str
    aggregate: str
    event: str
    id: str
    area: str
    time: datetime
    version: int = 1
    major: int = 1
    mode: str = "REAL"
    state: bool = False
    event_id: str
    correlation_id: str
    cause_id: str | None = None

    def delivery(self) -> Delivery:
        """Return the message that a consumer would fetch."""
        subject = subjects.build(
            self.service,
            self.aggregate,
            event=self.event,
            major=self.major,
            area=self.area,
            id=self.id,
            mode=self.mode,
        )
        return Delivery(
            subject=subject,
            headers=envelope.write(self._envelope()),
            payload=msgspec.json.encode(self.body),
            stream=subjects.stream(self.service, self.mode, state=self.state),
            stream_seq=next(_SEQUENCE),
        )

    def incoming(self) -> Incoming[Any]:
        """Return what a handler receives of it."""
        about = self._envelope()
        return Incoming(
            body=self.body,
            event_id=self.event_id,
            type=about.type,
            service=self.service,
            aggregate=self.aggregate,
            event=self.event,
            id=self.id,
            area=self.area,
            mode=self.mode,
            version=self.version,
            time=self.time,
            correlation_id=self.correlation_id,
            causation_id=self.cause_id,
        )

    def _envelope(self) -> Envelope:
        said = envelope.event_type(self.service, self.aggregate, self.event, major=self.major)
        return Envelope(
            event_id=self.event_id,
            type=said,
            service=self.service,
            aggregate=self.aggregate,
            event=self.event,
            major=self.major,
            majors=(self.major,),
            id=self.id,
            area=self.area,
            mode=self.mode,
            version=self.version,
            previous=self.version - 1,
            time=self.time,
            correlation_id=self.correlation_id,
            causation_id=self.cause_id,
        )
