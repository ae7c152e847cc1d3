"""The verifier: rows, links and anchors in, findings out; pure, and in constant memory.

Each link is checked against the hash that stands before it, so that a finding names the row that
was touched and not all that follow. What was re-hashed to the end, or cut off there, only the
anchors show.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from chassis.audit import anchor as anchors_of
from chassis.audit.anchor import Anchor, Keys
from chassis.audit.record import Record, UnknownForm, genesis, link

UNLINKED_AFTER = timedelta(minutes=1)  # the appender looks each second
UNANCHORED_AFTER = timedelta(minutes=5)  # anchored each minute; a broker's restart is no finding
MOST_COMPARED = 64  # broken links among which the true order is looked for


class Fault(StrEnum):
    """What was done to the audit."""

    EDITED = "EDITED"
    DELETED = "DELETED"
    REORDERED = "REORDERED"
    REWRITTEN = "REWRITTEN"
    TRUNCATED = "TRUNCATED"
    FORGED_ANCHOR = "FORGED_ANCHOR"
    UNLINKED = "UNLINKED"
    UNANCHORED = "UNANCHORED"


class Link(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One link of the chain with its record; null when there is none of this id."""

    position: int
    record_id: str
    form: int
    hash: str
    record: Record | None


class Finding(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One thing that is wrong, where, and with which record."""

    fault: Fault
    detail: str
    position: int | None = None
    record_id: str | None = None


@dataclass(frozen=True, slots=True)
class _Broken:
    """A link whose hash does not follow from its record and from what stands before it."""

    link: Link
    previous: bytes

    def would_follow(self, previous: bytes, record: Record) -> bool:
        try:
            return link(previous, record, form=self.link.form).hex() == self.link.hash
        except UnknownForm:
            return False


@dataclass(slots=True)
class Verifier:
    """Walks one service's chain; afterwards `position` and `hash` are its head.

    `keys` are the public keys that sign the service's anchors; with none, signatures are not asked
    for.
    """

    service: str
    keys: Keys = field(default_factory=dict)
    position: int = 0
    hash: bytes = b""
    anchored: Anchor | None = None
    _broken: list[_Broken] = field(default_factory=list)
    _unanchored_since: datetime | None = None

    def verify(
        self,
        links: Iterable[Link],
        anchors: Iterable[Anchor],
        unlinked: Iterable[Record],
        *,
        now: datetime,
    ) -> Iterator[Finding]:
        """Yield what is wrong: links in order of position, anchors in order of the stream.

        The anchors must have been there before the links were read. `now` is wall time.
        """
        self.position, self.hash = 0, genesis(self.service)
        given = iter(anchors)
        waiting = yield from self._next(given)
        for one in links:
            yield from self._follow(one)
            while waiting is not None and waiting.position <= self.position:
                yield from self._compare(waiting)
                waiting = yield from self._next(given)
        while waiting is not None:
            yield from self._compare(waiting)
            waiting = yield from self._next(given)
        yield from self._classified()
        yield from self._late(unlinked, now)

    def _follow(self, one: Link) -> Iterator[Finding]:
        if one.position == self.position + 1:
            yield from self._check(one)
        else:  # what stood before it is gone, so it cannot be checked; the next one can
            yield Finding(
                fault=Fault.DELETED,
                position=self.position + 1,
                detail=f"links {self.position + 1} to {one.position - 1} are gone",
            )
        self.position, self.hash = one.position, bytes.fromhex(one.hash)
        if self._unanchored_since is None and one.record is not None:
            self._unanchored_since = one.record.recorded_at

    def _check(self, one: Link) -> Iterator[Finding]:
        if one.record is None:
            yield Finding(
                fault=Fault.DELETED,
                position=one.position,
                record_id=one.record_id,
                detail="the chain has a link for a record that is gone",
            )
            return
        broken = _Broken(one, self.hash)
        if broken.would_follow(self.hash, one.record):
            return
        if len(self._broken) < MOST_COMPARED:
            self._broken.append(broken)
        else:
            yield _edited(broken)

    def _next(self, anchors: Iterator[Anchor]) -> Generator[Finding, None, Anchor | None]:
        """Return the next anchor that counts; yield a finding for each that does not."""
        for one in anchors:
            if one.service == self.service and anchors_of.is_genuine(one, self.keys):
                return one
            yield Finding(
                fault=Fault.FORGED_ANCHOR,
                position=one.position,
                detail=f"no known key of {self.service} has signed the anchor of {_instant(one.at)}",
            )
        return None

    def _compare(self, one: Anchor) -> Iterator[Finding]:
        before, self.anchored = self.anchored, one
        first = 1 if before is None else before.position + 1
        if before is not None and one.position < before.position:
            yield _set_back(before, one)
        elif one.position > self.position:
            yield self._cut(one, max(first, self.position + 1))
        elif one.position == self.position and one.hash != self.hash.hex():
            yield Finding(
                fault=Fault.REWRITTEN,
                position=one.position,
                detail=f"of links {first} to {one.position} at least one is not the one that was "
                f"anchored at {_instant(one.at)}",
            )
        if one.position >= self.position:
            self._unanchored_since = None

    def _cut(self, one: Anchor, first: int) -> Finding:
        return Finding(
            fault=Fault.TRUNCATED,
            position=first,
            detail=f"links {first} to {one.position} are gone: the chain ends at {self.position}, "
            f"and at {_instant(one.at)} its head was {one.hash}",
        )

    def _classified(self) -> Iterator[Finding]:
        """Tell rows that stand in another's place from rows that are not what they were."""
        for broken in self._broken:
            other = self._origin(broken)
            if other is None:
                yield _edited(broken)
                continue
            yield Finding(
                fault=Fault.REORDERED,
                position=broken.link.position,
                record_id=broken.link.record_id,
                detail=f"it has changed places with {other.link.record_id}, "
                f"now at {other.link.position}",
            )

    def _origin(self, broken: _Broken) -> _Broken | None:
        """Return whose record this place was linked for, or after whose predecessor it was linked."""
        own = broken.link.record
        for other in self._broken:
            record = other.link.record
            if record is not None and broken.would_follow(broken.previous, record):
                return other
            if own is not None and broken.would_follow(other.previous, own):
                return other
        return None

    def _late(self, unlinked: Iterable[Record], now: datetime) -> Iterator[Finding]:
        for one in unlinked:
            if now - one.recorded_at > UNLINKED_AFTER:
                yield Finding(
                    fault=Fault.UNLINKED,
                    record_id=one.id,
                    detail=f"recorded at {_instant(one.recorded_at)} and not linked yet",
                )
        since = self._unanchored_since
        if since is not None and now - since > UNANCHORED_AFTER:
            yield Finding(
                fault=Fault.UNANCHORED,
                position=self.position,
                detail=f"no anchor covers what was recorded since {_instant(since)}",
            )


def _edited(broken: _Broken) -> Finding:
    return Finding(
        fault=Fault.EDITED,
        position=broken.link.position,
        record_id=broken.link.record_id,
        detail="the record, or its link, is not what was linked",
    )


def _set_back(before: Anchor, after: Anchor) -> Finding:
    return Finding(
        fault=Fault.TRUNCATED,
        position=after.position,
        detail=f"links up to {before.position} had been anchored at {_instant(before.at)}, and at "
        f"{_instant(after.at)} the chain ended at {after.position}: it was set back",
    )


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
