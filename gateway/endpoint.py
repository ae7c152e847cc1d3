"""Where GraphQL is spoken: HTTP requests and sockets, each with a verified caller or none."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from json import JSONDecodeError
from pathlib import Path
from typing import Any, TypeAlias

import jwt
import msgspec
from cross_web import AsyncHTTPRequestAdapter, HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLRequestData
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
)
from strawberry.subscriptions.protocols.graphql_transport_ws.types import (
    ConnectionInitMessage,
    Message,
    SubscribeMessage,
)
from strawberry.types.execution import ExecutionResult, PreExecutionError

from chassis.auth import Verifier
from chassis.errors import DomainError, Invalid, RateLimited
from chassis.guard import address_of, identify
from chassis.json_bounds import check_json
from chassis.rates import Class, Rates
from chassis.unit_of_work import Caller
from gateway.context import Backend, Context
from gateway.errors import GatewayError, Unauthenticated
from gateway.schema.build import GatewaySchema

Asked: TypeAlias = AsyncHTTPRequestAdapter
Parsed: TypeAlias = GraphQLRequestData | list[GraphQLRequestData]
OPERATIONS_PER_SOCKET = 20  # a desk needs three; more is a loop in the client
SOCKETS_PER_CALLER = 20  # of one process; a desk has a tab or two, a post has several desks
STRANGERS_PER_ADDRESS = 100  # that have not said who they are; it takes a client one round trip
INIT_WITHIN = timedelta(seconds=10)  # a socket that does not say who it is by then is closed 4408
SEND_WITHIN_S = 20.0  # a client that takes no message for so long is gone or too slow
CONSOLE = Path(__file__).with_name("console.html").read_text("utf-8")
CLOSE_UNAUTHENTICATED = 4401
CLOSE_SLOW = 4410
CLOSE_TOO_MANY = 4429


class Endpoint(GraphQL[Context, None]):
    """`/graphql`: POST, GET for queries, and sockets speaking graphql-transport-ws."""

    def __init__(
        self,
        schema: GatewaySchema,
        *,
        backend: Backend,
        verifier: Verifier,
        rates: Rates,
        allowed_origins: Sequence[str],
    ) -> None:
        super().__init__(
            schema,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            connection_init_wait_timeout=INIT_WITHIN,
            max_subscriptions_per_connection=None,  # Socket closes with a code and a reason
            allowed_origins=allowed_origins,
        )
        self.graphql_transport_ws_handler_class = Socket
        self.backend = backend
        self.verifier = verifier
        self.rates = rates
        self.sockets = Counter[str]()
        self.strangers = Counter[str]()

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> Context:
        """The context of one request; a socket's caller is admitted by its first message."""
        context = await self._admitted(request)
        context.request = request
        context.response = response if isinstance(response, Response) else None
        return context

    async def render_graphql_ide(self, request: Request) -> Response:
        """A console that needs nothing from outside; with `?graphiql`, GraphiQL from its CDN."""
        if "graphiql" in request.query_params:
            return await super().render_graphql_ide(request)
        return HTMLResponse(CONSOLE)

    def encode_json(self, data: object) -> str:
        """The answer as JSON; UTF-8 as it is, so that Chinese stays short."""
        return msgspec.json.encode(data).decode()

    def decode_json(self, data: str | bytes) -> object:
        """What a request or a socket's message says. Raises JSONDecodeError beyond the bounds."""
        try:
            check_json(data.encode() if isinstance(data, str) else data)
        except (Invalid, UnicodeEncodeError) as error:
            raise JSONDecodeError(str(error), "", 0) from error
        return super().decode_json(data)

    async def parse_http_body(self, request: Asked) -> Parsed:
        """What is asked. A body that a form could send is none: 415 (no CSRF), as it is no JSON."""
        media = (request.content_type or "").partition(";")[0].strip().lower()
        if request.method == "POST" and media != "application/json":
            raise HTTPException(415, "A GraphQL request is sent as application/json.")
        if request.method == "POST" and (await request.get_body()).lstrip()[:1] not in b"{[":
            raise HTTPException(400, "A GraphQL request is a JSON object.")
        return await super().parse_http_body(request)

    async def execute_single(self, *args: Any, **kwargs: Any) -> ExecutionResult:  # noqa: ANN401 - passed on
        """Execute one operation; a document that is not fit for it is answered 400."""
        try:
            result = await super().execute_single(*args, **kwargs)
        except HTTPException as refusal:
            if isinstance(refusal.__cause__, InvalidOperationTypeError):
                raise HTTPException(405, "Only queries are asked by GET; use POST.") from refusal
            raise
        if isinstance(result, PreExecutionError):
            kwargs["sub_response"].status_code = 400
        return result

    async def caller(self, authorization: str | None, *, address: str) -> Caller:
        """Who bears the token.

        Raises GatewayError UNAUTHENTICATED, RATE_LIMITED when the address showed too many invalid
        ones, or UNAVAILABLE without keys.
        """
        try:
            return await identify(self.verifier, self.rates, authorization, address=address)
        except DomainError as error:
            raise _told(error) from error

    async def _admitted(self, request: Request | WebSocket) -> Context:
        authorization = request.headers.get("Authorization")
        if authorization is None:
            return Context(self.backend, None)
        verified: Caller | None = getattr(request.state, "verified", None)
        if verified is not None:
            return Context(self.backend, verified)
        unverified: DomainError | None = getattr(request.state, "unverified", None)
        if unverified is not None:
            return Context(self.backend, None, refusal=_told(unverified))
        try:
            caller = await self.caller(authorization, address=address_of(request.scope))
            return Context(self.backend, caller)
        except GatewayError as refusal:
            return Context(self.backend, None, refusal=refusal)


class Socket(BaseGraphQLTransportWSHandler[Context, None]):
    """One socket: admitted by its first message, closed when its token expires or it is too slow."""

    view: Endpoint
    _stranger: str | None = None  # the address, until it has said who it is
    _subject: str | None = None
    _expiry: asyncio.TimerHandle | None = None
    _closing: asyncio.Task[None] | None = None

    async def handle(self) -> None:
        """Serve the socket; close 4429 when too many of its address have not said who they are."""
        address = self._address
        if self.view.strangers[address] >= STRANGERS_PER_ADDRESS:
            reason = f"more than {STRANGERS_PER_ADDRESS} sockets of this address say nothing"
            await self.websocket.close(CLOSE_TOO_MANY, reason)
            return
        self.view.strangers[address] += 1
        self._stranger = address
        await super().handle()

    async def handle_connection_init(self, message: ConnectionInitMessage) -> None:
        """Acknowledge the socket of a caller with a valid token; close 4401 otherwise."""
        try:
            authorization = _authorization(message.get("payload"))
            caller = await self.view.caller(authorization, address=self._address)
        except GatewayError as refusal:
            is_limited = isinstance(refusal.__cause__, RateLimited)
            code = CLOSE_TOO_MANY if is_limited else CLOSE_UNAUTHENTICATED
            await self.websocket.close(code, str(refusal))
            return
        self._is_no_stranger()
        if self._subject is None and not self._counted(caller.subject):
            reason = f"more than {SOCKETS_PER_CALLER} sockets of one caller"
            await self.websocket.close(CLOSE_TOO_MANY, reason)
            return
        self.context.admit(caller)
        self._close_when_expired(caller)
        await super().handle_connection_init(message)

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        """Start one more operation; close 4429 when there are too many."""
        if len(self.operations) >= OPERATIONS_PER_SOCKET:
            reason = f"more than {OPERATIONS_PER_SOCKET}: use the `desk` or `jurisdiction` feed"
            await self.websocket.close(CLOSE_TOO_MANY, reason)
            return
        try:
            self.view.rates.take(f"subject {self._subject}", Class.READ)
        except RateLimited as refusal:
            await self.websocket.close(CLOSE_TOO_MANY, refusal.message)
            return
        await super().handle_subscribe(message)

    async def send_message(self, message: Message) -> None:
        """Send within `SEND_WITHIN_S`, else close 4410: the client resumes with its last cursor."""
        try:
            async with asyncio.timeout(SEND_WITHIN_S):
                await super().send_message(message)
        except TimeoutError:
            self._close(CLOSE_SLOW, "too slow: resume with `after`")

    async def shutdown(self) -> None:
        """End every operation of the socket and forget its expiry."""
        self._is_no_stranger()
        if self._expiry is not None:
            self._expiry.cancel()
        if self._subject is not None:
            self.view.sockets[self._subject] -= 1
            self.view.sockets += Counter()  # those at zero are forgotten
            self._subject = None
        await super().shutdown()

    @property
    def _address(self) -> str:
        request = self.context.request
        return address_of(request.scope) if request is not None else "unknown"

    def _is_no_stranger(self) -> None:
        if self._stranger is not None:
            self.view.strangers[self._stranger] -= 1
            self.view.strangers += Counter()  # those at zero are forgotten
            self._stranger = None

    def _counted(self, subject: str) -> bool:
        """Count one more socket of the caller, unless it has as many as are allowed."""
        if self.view.sockets[subject] >= SOCKETS_PER_CALLER:
            return False
        self.view.sockets[subject] += 1
        self._subject = subject
        return True

    def _close_when_expired(self, caller: Caller) -> None:
        left = expires_at(caller) - self.view.backend.clock.wall().timestamp()
        self._expiry = asyncio.get_running_loop().call_later(
            max(0.0, left), self._close, CLOSE_UNAUTHENTICATED, "token expired"
        )

    def _close(self, code: int, reason: str) -> None:
        if self._closing is None:
            self._closing = asyncio.create_task(self._closed(code, reason))

    async def _closed(self, code: int, reason: str) -> None:
        async with asyncio.timeout(SEND_WITHIN_S):
            await self.websocket.close(code, reason)


def _told(error: DomainError) -> GatewayError:
    told = GatewayError(error.message, code=error.slug.replace("-", "_").upper())
    told.__cause__ = error
    return told


def expires_at(caller: Caller) -> float:
    """When the caller's token expires, in seconds of the epoch; it was verified before."""
    claims: Mapping[str, Any] = jwt.decode(caller.token or "", options={"verify_signature": False})
    return float(claims["exp"])


def _authorization(payload: object) -> str | None:
    """The Authorization value in a socket's first message, as `authorization` or `Authorization`."""
    if not isinstance(payload, Mapping):
        raise Unauthenticated("connection_init needs a payload with `authorization`.")
    found = payload.get("authorization") or payload.get("Authorization")
    return str(found) if found else None
