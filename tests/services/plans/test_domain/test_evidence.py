"""Figures of what happened, against values worked out by hand and known elsewhere."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.plans import domain
from services.plans.domain.evidence import measure_evidence
from tests.harness import START
from vocabulary import Mode, ResponseLevel

END = START + timedelta(hours=4)


def at(minutes: float) -> object:
    return START + timedelta(minutes=minutes)


def exercise(id: str = "exe_1", state: str = "COMPLETED") -> domain.Exercise:
    return domain.Exercise(
        id=id,
        type=domain.ExerciseType.FUNCTIONAL,
        state=domain.ExerciseState(state),
        title_zh="演练",
        title_en="exercise",
        plan_id="flood-410100",
        plan_version="2021.1",
        jurisdiction="410100",
        organization_id="org_office",
        participants=("org_metro",),
        planned_from=START,
        planned_to=END,
        started_at=START,
        ended_at=END if state == "COMPLETED" else None,
    )


def record(id: str, took: float | None, **more: object) -> domain.StepRecord:
    """A step owed at the start with an hour allowed, done after so many minutes or not at all."""
    told = {
        "plan_id": "flood-410100",
        "plan_version": "2021.1",
        "step": "stop-metro",
        "level": ResponseLevel.LEVEL_II,
        "jurisdiction": "410100",
        "mode": Mode.REAL,
        "activation_id": f"act_{id}",
        "exercise_id": None,
        "organization_id": "org_metro",
        "owed_at": START,
        "due_at": at(60),
        "done_at": None if took is None else at(took),
    }
    return domain.StepRecord(id=id, **told | more)  # type: ignore[arg-type]


# Wilson score intervals at 95 %; 81/263 is the worked example of Newcombe 1998, table I.
@pytest.mark.parametrize(
    ("as_planned", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (0, 1, 0.0000, 0.7935),
        (1, 1, 0.2065, 1.0000),
    ],
)
def test_the_interval_is_wilsons(as_planned: int, n: int, low: float, high: float) -> None:
    assert [*domain.wilson(as_planned, n, 0.95)] == pytest.approx([low, high], abs=5e-5)


@given(n=st.integers(1, 500), share=st.floats(0, 1), confidence=st.floats(0.5, 0.999))
def test_the_interval_holds_the_rate_and_stays_a_share(
    n: int, share: float, confidence: float
) -> None:
    as_planned = round(share * n)

    low, high = domain.wilson(as_planned, n, confidence)

    assert 0.0 <= low <= as_planned / n + 1e-12
    assert as_planned / n - 1e-12 <= high <= 1.0


def test_quantiles_lie_between_neighbours_in_proportion() -> None:
    assert domain.quantile([], 0.5) is None
    assert domain.quantile([7.0], 0.9) == 7.0
    assert domain.quantile([40.0, 10.0, 20.0, 30.0], 0.5) == 25.0
    assert domain.quantile([10.0, 20.0, 30.0, 40.0, 50.0], 0.9) == pytest.approx(46.0)


def test_evidence_is_what_the_table_says() -> None:
    # by hand: counted are 20 and 50 (in time), 70 (late), one not done: 2 of 4 as planned;
    # minutes 20, 50, 70: median 50, 90th percentile 50 + 0.8 * 20 = 66; Wilson 0.1500-0.8500
    table = [
        record("a", 20),
        record("b", 50, mode=Mode.EXERCISE, exercise_id="exe_1", activation_id="act_x"),
        record("c", 70),
        record("d", None, mode=Mode.EXERCISE, exercise_id="exe_1", activation_id="act_x"),
        record("e", 90, system_was_up=False),
        record("f", None, ended_at=at(30)),
        record("g", 5, mode=Mode.EXERCISE, exercise_id="exe_1", organization_id="org_outside"),
        record("h", 5, mode=Mode.EXERCISE, exercise_id="exe_off"),
    ]
    exercises = {"exe_1": exercise(), "exe_off": exercise("exe_off", "CANCELLED")}

    found = domain.step_evidence(table, exercises, confidence=0.95, now=END)

    assert found == domain.Evidence(
        rate=domain.Rate(4, 2, 0.5, found.rate.low, found.rate.high),
        median_minutes=50.0,
        p90_minutes=found.p90_minutes,
        late=1,
        not_done=1,
        excused=1,
        real=2,
        activations=("act_a", "act_c", "act_x"),
        exercises=("exe_1",),
    )
    assert [found.p90_minutes, found.rate.low, found.rate.high] == pytest.approx(
        [66.0, 0.15, 0.85], abs=5e-4
    )


@pytest.mark.parametrize(
    ("took", "more", "outcome"),
    [
        (60, {}, "ON_TIME"),
        (61, {}, "LATE"),
        (61, {"system_was_up": False}, "EXCUSED"),
        (None, {}, "NOT_DONE"),
        (None, {"system_was_up": False}, "EXCUSED"),
        (None, {"ended_at": at(59)}, "NOT_DUE"),
        (None, {"ended_at": at(60)}, "NOT_DONE"),
        (None, {"ended_at": at(10), "declined": True}, "NOT_DONE"),
        (None, {"due_at": END + timedelta(minutes=1)}, "NOT_DUE"),
    ],
)
def test_how_a_step_went(took: float | None, more: dict[str, object], outcome: str) -> None:
    assert record("a", took, **more).outcome(END) == outcome


def test_a_measure_counts_once_it_is_carried_out_or_its_order_is_over() -> None:
    def measure(id: str, done: float | None, ended: float | None) -> domain.MeasureRecord:
        return domain.MeasureRecord(
            id=id,
            code="stop_metro",
            order_id=id,
            order_number=None,
            plan_id="flood-410100",
            plan_version="2021.1",
            jurisdiction="410100",
            mode=Mode.REAL,
            activation_id=f"act_{id}",
            exercise_id=None,
            addressees=("org_metro",),
            ordered_at=START,
            carried_out_at=None if done is None else at(done),  # type: ignore[arg-type]
            ended_at=None if ended is None else at(ended),  # type: ignore[arg-type]
        )

    table = [measure("a", 30, None), measure("b", None, 120), measure("c", None, None)]

    found = measure_evidence(table, {}, confidence=0.95, now=END)

    assert (found.rate.n, found.rate.as_planned, found.median_minutes) == (2, 1, 30.0)
