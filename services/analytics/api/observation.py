"""The route of observations: NDJSON, every line for itself."""

from collections.abc import Iterator
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Response

from chassis import edge, telemetry
from chassis.edge import Edge
from chassis.errors import Invalid, TooLarge
from chassis.unit_of_work import UnitOfWork
from services.analytics import commands, domain

router = APIRouter(tags=["observations"])
PATH = "/v1/observations"
MEDIA_TYPE = "application/x-ndjson"
MOST_BYTES = 4 * 1024 * 1024
MOST_LINES = 10_000
LONGEST_LINE = 4096  # bytes
_lines = telemetry.counter("observation_lines_total", "Lines of observations answered for.")

_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            MEDIA_TYPE: {
                "schema": {"type": "string"},
                "example": (
                    '{"station":"410105-r1","metric":"rain_mm","value":4.5,"unit":"mm",'
                    '"observedAt":"2021-07-20T16:05:00+08:00"}\n'
                ),
            }
        },
    }
}


class RejectionView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Why one line was refused; `line` counts from 1, blank lines included."""

    line: int
    code: str
    message: str


class ReceiptView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What became of the lines; send again only those that were rejected, corrected."""

    accepted: int
    duplicates: int
    rejected: list[RejectionView]


class NotNdjson(Invalid):
    """The body is not announced as newline-delimited JSON, or holds no line."""

    slug = "not-ndjson"


class TooManyLines(TooLarge):
    """More lines than one request may carry."""

    slug = "too-many-lines"


@router.post(
    PATH,
    responses=edge.answers(ReceiptView),
    openapi_extra=_BODY | edge.routed("/observations", largest_body=MOST_BYTES),
)
async def take_observations(edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Take each good line once; say of each other line why not.

    A line has `station` or `place`, `metric`, `value`, `unit`, `observedAt`, and may have
    `observationId` and `mode`. At most 10,000 lines of 4 KiB and 4 MiB in all.
    """
    if edge.request.headers.get("content-type", "").partition(";")[0].strip() != MEDIA_TYPE:
        raise NotNdjson(f"Send {MEDIA_TYPE}.", field=("Content-Type",))
    numbered = list(_numbered(await edge.request.body()))
    if not numbered:
        raise NotNdjson("The body holds no line.")
    if len(numbered) > MOST_LINES:
        raise TooManyLines(f"A request carries at most {MOST_LINES} lines.", remedy="Split it.")

    async def take(uow: UnitOfWork) -> ReceiptView:
        return _view(await commands.take_observations(uow, numbered))

    answer = await edge.command(take)
    _lines.add(len(numbered))
    return answer


def _numbered(body: bytes) -> Iterator[tuple[int, bytes | domain.Rejection]]:
    for number, line in enumerate(body.split(b"\n"), start=1):
        if len(line) > LONGEST_LINE:
            message = f"A line has at most {LONGEST_LINE} bytes."
            yield number, domain.Rejection(number, "LINE_TOO_LONG", message)
        elif line.strip():
            yield number, line


def _view(receipt: commands.Receipt) -> ReceiptView:
    return ReceiptView(
        accepted=receipt.accepted,
        duplicates=receipt.duplicates,
        rejected=[
            RejectionView(line=one.line, code=one.code, message=one.message)
            for one in receipt.rejected
        ],
    )
