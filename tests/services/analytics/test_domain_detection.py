"""Detections are edges: raised once, cleared after a hold, and never by silence."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.analytics import domain
from vocabulary import Comparison, Mode, WarningColour

START = datetime(2021, 7, 20, tzinfo=UTC)
HYSTERESIS = domain.Hysteresis(clear_ratio=0.8, hold=timedelta(hours=1), min_quality=0.5)
LIMIT = domain.Limit(
    colour=WarningColour.RED,
    indicator="rain_3h_mm",
    comparison=Comparison.AT_LEAST,
    value=100.0,
    text="100 mm in 3 h",
)
RULE = domain.DetectionRule(
    id="rainstorm-observed",
    version="2007-06",
    effective_from=START,
    source="test",
    jurisdiction="000000",
    emergency_type="11B03",
    hysteresis=HYSTERESIS,
    limits=(LIMIT,),
)


def reading(minutes, value, quality=1.0):
    return domain.Reading(
        indicator="rain_3h_mm",
        jurisdiction="410105",
        mode=Mode.REAL,
        value=value,
        unit="mm",
        window=timedelta(hours=3),
        quality=quality,
        as_of=START + timedelta(minutes=minutes),
    )


def open_detection():
    return domain.raised(domain.DetectionId("det_1"), RULE, LIMIT, reading(0, 120.0))


def play(detection, *readings):
    edges = []
    for one in readings:
        detection, edge = domain.follow(detection, one, HYSTERESIS)
        if edge:
            edges.append((edge, one.as_of))
    return detection, edges


def test_a_reading_at_the_limit_raises_and_an_unknown_one_does_not():
    assert domain.raises(LIMIT, reading(0, 100.0))
    assert not domain.raises(LIMIT, reading(0, 99.9))
    assert not domain.raises(LIMIT, reading(0, None))


def test_it_is_cleared_once_after_an_hour_below_the_clearing_share():
    after, edges = play(
        open_detection(), reading(10, 79.0), reading(69, 70.0), reading(70, 60.0), reading(80, 50.0)
    )

    assert edges == [(domain.Edge.CLEARED, START + timedelta(minutes=70))]
    assert after.cleared_at == START + timedelta(minutes=70)


def test_a_value_between_clearing_share_and_limit_begins_the_hold_anew():
    after, edges = play(
        open_detection(),
        reading(10, 70.0),
        reading(50, 85.0),
        reading(60, 70.0),
        reading(115, 70.0),
    )

    assert edges == []
    assert after.below_since == START + timedelta(minutes=60)


def test_silence_clears_nothing_and_begins_the_hold_anew():
    after, edges = play(
        open_detection(),
        reading(10, 70.0),
        reading(60, None),
        reading(200, 70.0),
        reading(250, 70.0),
    )

    assert edges == []
    assert after.cleared_at is None
    assert after.value == 70.0


def test_a_fall_that_is_owed_to_missing_samples_clears_nothing():
    _, edges = play(
        open_detection(), *(reading(10 * step, 10.0, quality=0.4) for step in range(1, 30))
    )

    assert edges == []


def test_a_late_reading_changes_nothing():
    later, _ = play(open_detection(), reading(30, 90.0))

    assert domain.follow(later, reading(20, 10.0), HYSTERESIS) == (later, None)


values = st.one_of(st.none(), st.floats(0, 200, allow_nan=False))


@given(st.lists(st.tuples(values, st.floats(0, 1)), max_size=80))
def test_it_is_cleared_at_most_once_and_only_after_an_unbroken_hold(steps):
    readings = [
        reading(10 * (index + 1), value, quality) for index, (value, quality) in enumerate(steps)
    ]

    after, edges = play(open_detection(), *readings)

    assert len(edges) <= 1
    if after.cleared_at is not None:
        held = [
            one
            for one in readings
            if after.cleared_at - HYSTERESIS.hold <= one.as_of <= after.cleared_at
        ]
        assert held[0].as_of == after.cleared_at - HYSTERESIS.hold
        assert all(one.value is not None and one.value < 80.0 for one in held)
        assert all(one.quality is not None and one.quality >= 0.5 for one in held)
