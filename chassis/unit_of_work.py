"""The unit of work: one transaction, one caller, one instant; committed by the edge that opened it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import outbox, timers
from chassis.audit import writing
from chassis.clock import Clock
from chassis.documents import Change
from chassis.issuers import SERVICE
from chassis.messages import Message
from chassis.policy import EVERYTHING, VIEW, Decision, Grant, Policy, Target, enter
from chassis.runtime import Runtime


class StillSeen(Exception):
    """A command that only asks reached its decision, and the caller may see what it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks: verified from a token, or a service acting in its own name."""

    subject: str
    organization: str | None = None
    roles: frozenset[str] = frozenset()
    areas: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    person: str | None = None
    grants: tuple[Grant, ...] = ()
    organization_kinds: frozenset[str] = frozenset()  # of every organization in the grants
    service_name: str | None = None  # set by `service` alone: no token can make it so
    token: str | None = field(default=None, repr=False)

    @classmethod
    def service(cls, name: str) -> Caller:
        """Return the principal as which handlers and timers of that service act."""
        return cls(subject=f"{SERVICE}{name}", service_name=name)


@dataclass(slots=True)
class UnitOfWork:
    """Everything a command may touch; all of it happens, or none."""

    service: str
    db: AsyncConnection
    now: datetime
    caller: Caller
    correlation_id: str
    cause_id: str | None
    clock: Clock
    policy: Policy | None = None
    decisions: list[Decision] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    scheduled: bool = False
    remote: str | None = None  # the network address of who asked, if somebody did
    only_asks: bool = False  # the command was carried out before: it ends at its first decision

    def new_id(self, prefix: str) -> str:
        """Return a new id `<prefix>_` and 32 hex digits."""
        return self.clock.new_id(prefix)

    def authorize(self, action: str, target: Target) -> Decision:
        """Return the decision that the caller may do `action` to `target`; it joins `decisions`.

        Raises NotPermitted, SecondPersonRequired, or what a missing object of that kind raises
        when the caller may not even see it; the refused decision joins `decisions` as well.
        A unit of work that `only_asks` raises StillSeen where the caller may do it or see it.
        """
        decision = self.decide(action, target)
        if self.only_asks and (decision.allowed or self.decide(VIEW, target).allowed):
            raise StillSeen
        self.decisions.append(decision)
        if not decision.allowed:
            raise self._policy.refusal(self.caller, decision, now=self.now)
        return decision

    def decide(self, action: str, target: Target) -> Decision:
        """Return whether the caller may, for the parts of what was authorized as a whole."""
        return self._policy.decide(self.caller, action, target, now=self.now)

    @property
    def _policy(self) -> Policy:
        if self.policy is None:
            raise RuntimeError(f"the service {self.service} was created without a policy")
        return self.policy

    async def publish(self, message: Message) -> None:
        """Say `message` when, and only when, this unit of work commits.

        Its version is the next ordinal of its aggregate, without gaps.
        """
        await outbox.append(self, message)

    async def schedule(
        self, key: str, *, due_at: datetime, command: str, payload: Mapping[str, object]
    ) -> None:
        """Have the timer `command` fire once at `due_at`; a timer of the same key is replaced.

        `payload` must be JSON; the handler receives it with `due_at` added.
        """
        await timers.schedule(self, key, due_at=due_at, command=command, payload=payload)

    async def unschedule(self, key: str) -> None:
        """Leave no timer of this key; nothing happens when there is none."""
        await timers.unschedule(self, key)


@asynccontextmanager
async def begin(
    runtime: Runtime,
    caller: Caller,
    *,
    correlation_id: str | None = None,
    cause_id: str | None = None,
    remote: str | None = None,
) -> AsyncIterator[UnitOfWork]:
    """Open a unit of work; it is committed on leaving and rolled back by an exception.

    What was decided is recorded with it; what was refused, also when it is rolled back.
    """
    now = runtime.clock.now()
    async with runtime.engine.connect() as connection:
        # documents.save notes who changed a row and when; the options live with this checkout only
        changes: list[Change] = []
        db = await connection.execution_options(
            actor=caller.subject, now=now, changes=changes, standings=runtime.standings
        )
        uow = UnitOfWork(
            service=runtime.service,
            db=db,
            now=now,
            caller=caller,
            correlation_id=correlation_id or runtime.clock.new_id("cor"),
            cause_id=cause_id,
            clock=runtime.clock,
            policy=runtime.policy,
            changes=changes,
            remote=remote,
        )
        try:
            async with db.begin():
                if runtime.policy is not None:
                    # a command sees every row that it asks for; `authorize` decides on it
                    await enter(db, EVERYTHING)
                yield uow
                await writing.record(uow)
        except Exception:  # whatever undid it, what was refused is kept; raised again
            await writing.record_refusals(uow)
            raise
    if uow.scheduled:
        runtime.timers_changed.set()
