"""What every resolver of one operation shares: who asks, the batch reads, what was degraded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from graphql import GraphQLError
from strawberry import Info as StrawberryInfo
from strawberry.fastapi import BaseContext

from chassis.clock import Clock
from chassis.unit_of_work import Caller
from gateway.errors import GatewayError, Service, ServiceUnavailable, Unauthenticated
from gateway.live.hub import Hub
from gateway.loaders import Loaders
from gateway.selection import Needs, RawInfo, field_mask
from gateway.upstream import Upstream


@dataclass(frozen=True, slots=True)
class Backend:
    """What all operations of the process share."""

    upstreams: Mapping[Service, Upstream]
    needs: Needs
    clock: Clock
    hub: Hub | None = None
    heartbeat_s: float = 15.0


class Context(BaseContext):
    """The context of one operation. A socket's context makes one for each of its operations."""

    def __init__(
        self,
        backend: Backend,
        caller: Caller | None,
        *,
        refusal: GatewayError | None = None,
    ) -> None:
        super().__init__()
        self.backend = backend
        self._caller = caller
        self.refusal = None if caller else refusal or Unauthenticated()
        self.renew()

    @property
    def caller(self) -> Caller:
        """Who asks. Raises Unauthenticated when nobody that could be verified does."""
        if self._caller is None:
            raise self.refusal or Unauthenticated()
        return self._caller

    @property
    def token(self) -> str | None:
        """The caller's token, forwarded unchanged."""
        return self._caller.token if self._caller else None

    def admit(self, caller: Caller) -> None:
        """Make `caller` the one who asks on this socket from now on."""
        self._caller, self.refusal = caller, None
        self.renew()

    def for_operation(self) -> Self:
        """A context of its own for one operation on the same socket."""
        own = type(self)(self.backend, self._caller, refusal=self.refusal)
        own.request, own.response = self.request, self.response
        own.background_tasks = self.background_tasks
        own.connection_params = self.connection_params
        return own

    def renew(self) -> None:
        """Forget what was loaded: the next reads see the services as they are then."""
        self.loaders = Loaders(self.backend.upstreams, self.token)
        self._masks: dict[tuple[int, ...], tuple[str, ...] | None] = {}
        self._degraded: dict[tuple[Service, str | int], GraphQLError] = {}

    def mask(self, info: RawInfo) -> tuple[str, ...] | None:
        """The field mask of the selection under `info`, computed once per place in the document."""
        place = tuple(id(node) for node in info.field_nodes)
        if place not in self._masks:
            self._masks[place] = field_mask(info, self.backend.needs)
        return self._masks[place]

    def degrade(self, error: ServiceUnavailable, *, path: Sequence[str | int]) -> None:
        """Answer with a copy, and say once beside the root field which service is away."""
        self._degraded.setdefault(
            (error.service, path[0]),
            GraphQLError(str(error), path=list(path), original_error=error),
        )

    def take_degraded(self) -> list[GraphQLError]:
        """What a copy stood in for since the last time this was asked."""
        told, self._degraded = list(self._degraded.values()), {}
        return told


Info = StrawberryInfo[Context, None]
