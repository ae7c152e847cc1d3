"""How one measure of a plan went, once: ordered, and carried out by its addressees."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.plans.domain.activation import Activation
from vocabulary import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRecord:
    """One measure in one order; `done_by` are the addressees that carried it out by `carried_out_at`.

    `carried_out_at` is set once all of them have; `ended_at` is when the order bound nobody any more.
    """

    id: str
    code: str
    order_id: str
    order_number: str | None
    plan_id: str
    plan_version: str
    jurisdiction: str
    mode: Mode
    activation_id: str
    exercise_id: str | None
    addressees: tuple[str, ...]
    ordered_at: datetime
    done_by: tuple[str, ...] = ()
    carried_out_at: datetime | None = None
    ended_at: datetime | None = None
    incidents: tuple[str, ...] = ()
    version: int = 0

    @property
    def is_carried_out(self) -> bool:
        """Whether every addressee has done it."""
        return self.carried_out_at is not None


def measure_record_id(order_id: str, code: str) -> str:
    """The one id of a measure in an order."""
    return f"{order_id}/{code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardOrder:
    """An order as org last said it: codes with their addressees, and who has done what it says."""

    id: str
    number: str | None
    activation_id: str
    exercise_id: str | None
    jurisdiction: str
    mode: Mode
    measures: tuple[tuple[str, tuple[str, ...]], ...]
    done: Mapping[str, datetime]
    issued_at: datetime
    ended_at: datetime | None


def measure_records(
    heard: HeardOrder, kept: Mapping[str, MeasureRecord], activation: Activation
) -> list[MeasureRecord]:
    """One record a measure of the order, as last heard."""
    return [
        _record(heard, code, addressees=addressees, kept=kept, activation=activation)
        for code, addressees in heard.measures
    ]


def _record(
    heard: HeardOrder,
    code: str,
    *,
    addressees: tuple[str, ...],
    kept: Mapping[str, MeasureRecord],
    activation: Activation,
) -> MeasureRecord:
    id = measure_record_id(heard.id, code)
    done = {one: heard.done[one] for one in addressees if one in heard.done}
    is_all = bool(addressees) and len(done) == len(addressees)
    return MeasureRecord(
        id=id,
        code=code,
        order_id=heard.id,
        order_number=heard.number,
        plan_id=activation.plan_id,
        plan_version=activation.plan_version,
        incidents=activation.incidents,
        jurisdiction=heard.jurisdiction,
        mode=heard.mode,
        activation_id=heard.activation_id,
        exercise_id=heard.exercise_id,
        addressees=addressees,
        ordered_at=heard.issued_at,
        done_by=tuple(done),
        carried_out_at=max(done.values()) if is_all else None,
        ended_at=heard.ended_at,
        version=kept[id].version if id in kept else 0,
    )
