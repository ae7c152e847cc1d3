"""Batch reads of one operation: each key is asked for once, all keys of a step together."""

from collections.abc import Awaitable, Mapping, Sequence

from strawberry.dataloader import DataLoader

from gateway.errors import GatewayError, Service
from gateway.upstream import Json, Row, Upstream

MAX_KEYS = 500  # what a service's batch read accepts


class Loaders:
    """The batch reads of one operation (or of one message of a feed); never shared between two."""

    def __init__(self, upstreams: Mapping[Service, Upstream], token: str | None) -> None:
        self._upstreams = upstreams
        self._token = token
        self._by_read: dict[tuple[object, ...], DataLoader[str, Json]] = {}

    def load(
        self,
        service: Service,
        batch: str,
        *,
        key: str,
        fields: tuple[str, ...] | None = None,
        args: Row | None = None,
    ) -> Awaitable[Json]:
        """The value of `key` by that batch read, with these fields; None when there is none."""
        read = (service, batch, fields, _frozen(args or {}))
        loader = self._by_read.get(read)
        if loader is None:
            loader = self._by_read[read] = self._loader(service, batch, fields, args or {})
        return loader.load(key)

    def _loader(
        self, service: Service, batch: str, fields: tuple[str, ...] | None, args: Row
    ) -> DataLoader[str, Json]:
        upstream = self._upstreams[service]

        async def load(keys: list[str]) -> Sequence[Json]:
            try:
                values = await upstream.batch(
                    batch, keys, token=self._token, fields=fields, args=args
                )
            except GatewayError as error:
                return [error for _ in keys]
            return [values.get(key) for key in keys]

        return DataLoader(load_fn=load, max_batch_size=MAX_KEYS)


def _frozen(value: object) -> object:
    """`value` as something hashable, equal for equal JSON."""
    match value:
        case Mapping():
            return tuple(sorted((name, _frozen(part)) for name, part in value.items()))
        case list() | tuple():
            return tuple(_frozen(part) for part in value)
        case _:
            return value
