"""Taking observations: every line for itself, each sample once."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chassis.unit_of_work import UnitOfWork
from services.analytics import domain, store
from services.analytics.commands import target
from services.analytics.commands.indicator import evaluate


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of the lines: taken, known before, refused with reasons."""

    accepted: int
    duplicates: int
    rejected: tuple[domain.Rejection, ...]


@dataclass(frozen=True, slots=True)
class _Numbered:
    """An observation and the line that it stood on."""

    line: int
    observation: domain.Observation


async def take_observations(
    uow: UnitOfWork, lines: Iterable[tuple[int, bytes | domain.Rejection]]
) -> Receipt:
    """Every acceptable line is taken once, staged for the warehouse, and counts in its indicators.

    `lines` are numbered from 1; one that was refused before comes as its rejection. A repeated
    sample is a duplicate, one that contradicts a taken sample is refused: both change nothing. One
    made where the caller does not collect is refused as well.
    """
    uow.authorize("send_observations", target.of_batch())
    read, rejected = _read(lines)
    accepted, refused = _at_home(uow, *await _accept(uow, read))
    fresh, duplicates, contradicting = await _take(uow, accepted)
    if fresh:
        columns = store.payload(fresh, recorded_at=uow.now)
        await store.stage(uow.db, domain.Kind.OBSERVATION, columns)
        await evaluate(uow, fresh)
    everything = sorted([*rejected, *refused, *contradicting], key=lambda one: one.line)
    return Receipt(accepted=len(fresh), duplicates=duplicates, rejected=tuple(everything))


def _read(
    lines: Iterable[tuple[int, bytes | domain.Rejection]],
) -> tuple[list[tuple[int, domain.Line]], list[domain.Rejection]]:
    read: list[tuple[int, domain.Line]] = []
    rejected: list[domain.Rejection] = []
    for number, raw in lines:
        if isinstance(raw, domain.Rejection):
            rejected.append(raw)
            continue
        try:
            read.append((number, domain.read_line(raw)))
        except domain.Refused as refused:
            rejected.append(domain.Rejection(number, refused.code, refused.message))
    return read, rejected


async def _accept(
    uow: UnitOfWork, read: Sequence[tuple[int, domain.Line]]
) -> tuple[list[_Numbered], list[domain.Rejection]]:
    rules = domain.indicators_in_force(store.indicator_rules(), at=uow.now)
    metrics = rules.metric_names()
    named = {line.station for _, line in read if line.station is not None}
    stations = await store.stations_by_id(uow.db, named)
    locate = await _locator(uow, read)
    accepted: list[_Numbered] = []
    rejected: list[domain.Rejection] = []
    for number, line in read:
        try:
            seen = domain.accept(
                line, now=uow.now, metrics=metrics, stations=stations, locate=locate
            )
        except domain.Refused as refused:
            rejected.append(domain.Rejection(number, refused.code, refused.message))
        else:
            accepted.append(_Numbered(number, seen))
    return accepted, rejected


def _at_home(
    uow: UnitOfWork, accepted: Sequence[_Numbered], rejected: Sequence[domain.Rejection]
) -> tuple[list[_Numbered], list[domain.Rejection]]:
    """What was made where the caller collects; the rest joins what was rejected.

    One decision is kept of the whole request, so that the audit does not grow with every sample.
    """
    made_in = {one.observation.jurisdiction for one in accepted}
    foreign = {
        code: decided.reason
        for code in made_in
        if not (decided := uow.decide("take_observation", target.of_observation(code))).allowed
    }
    kept = [one for one in accepted if one.observation.jurisdiction not in foreign]
    refused = [
        domain.Rejection(one.line, "NOT_PERMITTED", foreign[one.observation.jurisdiction])
        for one in accepted
        if one.observation.jurisdiction in foreign
    ]
    return kept, [*rejected, *refused]


async def _locator(uow: UnitOfWork, read: Sequence[tuple[int, domain.Line]]) -> domain.Locator:
    if all(line.place is None for _, line in read):
        return domain.locator(())
    return domain.locator(await store.jurisdictions_with_boundary(uow.db))


async def _take(
    uow: UnitOfWork, accepted: Sequence[_Numbered]
) -> tuple[list[domain.Observation], int, list[domain.Rejection]]:
    first: dict[bytes, domain.Observation] = {}
    for one in accepted:
        first.setdefault(one.observation.key, one.observation)
    new = await store.take_observations(uow.db, first.values())
    known = await store.values_by_key(uow.db, first.keys() - new)
    taken = {key: first[key].value for key in new} | dict(known)
    contradicting = [_contradiction(one) for one in accepted if not _agrees(one, taken)]
    duplicates = len(accepted) - len(new) - len(contradicting)
    fresh = [one for key, one in first.items() if key in new]
    return fresh, duplicates, contradicting


def _agrees(one: _Numbered, taken: Mapping[bytes, float]) -> bool:
    value = one.observation.value
    # the same value in another unit differs by rounding only
    return math.isclose(value, taken[one.observation.key], rel_tol=1e-9, abs_tol=1e-9)


def _contradiction(one: _Numbered) -> domain.Rejection:
    return domain.Rejection(
        one.line,
        "OBSERVATION_CONFLICT",
        f"{one.observation.source} has another value of {one.observation.metric} for this instant.",
    )
