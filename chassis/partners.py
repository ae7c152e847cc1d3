"""Systems of others on our broker: an account each, in which they may pull one durable of ours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

ACK_WAIT_S = 60.0  # theirs is another network; what is not acknowledged comes again
MAX_ACK_PENDING = 500  # a partner that never acknowledges is given no more than this
_NAME = r"^[a-z][a-z0-9_-]{0,31}$"
_TOKEN = r"^[A-Za-z0-9_-]{1,64}$"  # noqa: S105 - of a subject
_FILTER = r"^pubx?(\.([A-Za-z0-9_-]+|\*))*(\.([A-Za-z0-9_-]+|\*|>))$"


class PartnersUnreadable(ValueError):
    """The file of partners cannot be used; the message says what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """Another government's system: which durable of which stream it pulls, and what is in it.

    The durable is made by us with `filters`; the partner cannot widen it, and has no other right.
    """

    name: str
    stream: str
    durable: str
    filters: tuple[str, ...]

    @property
    def user(self) -> str:
        """The name under which it signs in; nobody of ours bears one like it."""
        return f"partner-{self.name}"

    @property
    def account(self) -> str:
        """Its account on the broker: what happens in it, nobody outside sees."""
        return f"PARTNER_{self.name.upper().replace('-', '_')}"

    @property
    def services(self) -> tuple[tuple[str, bool], ...]:
        """All that it may ask of us, and whether the answer is many messages.

        Not CONSUMER.INFO: the server answers it to an importing account with "JetStream not
        enabled" (2.15.1). How much waits is said in the reply subject of every message.
        """
        place = f"{self.stream}.{self.durable}"
        return (
            (f"$JS.API.CONSUMER.MSG.NEXT.{place}", True),
            (f"$JS.ACK.{place}.>", False),
        )

    @property
    def config(self) -> ConsumerConfig:
        """The durable as the broker is told of it."""
        return ConsumerConfig(
            name=self.durable,
            durable_name=self.durable,
            deliver_policy=DeliverPolicy.ALL,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=ACK_WAIT_S,
            max_deliver=-1,
            max_ack_pending=MAX_ACK_PENDING,
            filter_subjects=list(self.filters),
        )


class _Described(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One partner as the file describes it; every value becomes a token of a subject."""

    name: Annotated[str, msgspec.Meta(pattern=_NAME)]
    stream: Annotated[str, msgspec.Meta(pattern=_TOKEN)]
    durable: Annotated[str, msgspec.Meta(pattern=_TOKEN)]
    filters: Annotated[
        tuple[Annotated[str, msgspec.Meta(pattern=_FILTER)], ...], msgspec.Meta(min_length=1)
    ]


def read(file: Path) -> tuple[Partner, ...]:
    """Return the partners of a deployment; none when there is no file. Raises PartnersUnreadable."""
    if not file.exists():
        return ()
    try:
        described = msgspec.yaml.decode(file.read_bytes(), type=tuple[_Described, ...])
    except msgspec.MsgspecError as error:
        raise PartnersUnreadable(f"{file.name}: {error}") from error
    found = tuple(
        Partner(name=one.name, stream=one.stream, durable=one.durable, filters=one.filters)
        for one in described
    )
    expect_apart(found)
    return found


def expect_apart(partners: Iterable[Partner]) -> None:
    """Pass when no two share an account or a durable. Raises PartnersUnreadable."""
    known = list(partners)
    for what in ("account", "durable"):
        values = [getattr(one, what) for one in known]
        twice = sorted({value for value in values if values.count(value) > 1})
        if twice:
            raise PartnersUnreadable(f"two partners share the {what} {', '.join(twice)}")


async def declare(js: JetStreamContext, partners: Iterable[Partner]) -> None:
    """Have every partner's durable exist as it is described.

    Raises nats' NotFoundError for a stream that does not exist.
    """
    for partner in partners:
        await js.add_consumer(partner.stream, partner.config)
