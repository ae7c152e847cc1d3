"""Windows in event time: the same samples give the same reading, and silence is never zero."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.analytics import domain
from vocabulary import Comparison, Mode

NOON = datetime(2021, 7, 20, 12, tzinfo=UTC)
RAIN = domain.IndicatorRule(
    indicator="rain_3h_mm",
    metric="rain_mm",
    window=timedelta(hours=3),
    fold=domain.Fold.SUM,
    carry=timedelta(minutes=30),
    allowed_lateness=timedelta(hours=6),
    min_interval=timedelta(minutes=10),
    min_delta=2.0,
    unit="mm",
)
RED = domain.WatchedThreshold("rain_3h_mm", "410105", Comparison.AT_LEAST, 100.0)

samples_of_a_day = st.lists(
    st.builds(
        domain.Sample,
        st.integers(0, 24 * 12).map(lambda step: NOON + timedelta(minutes=5 * step)),
        st.floats(0, 80, allow_nan=False).map(lambda value: round(value, 1)),
    ),
    unique_by=lambda sample: sample.at,
    max_size=60,
).map(lambda samples: sorted(samples, key=lambda sample: sample.at))


def at(minutes):
    return NOON + timedelta(minutes=minutes)


def samples(*pairs):
    return [domain.Sample(at(minutes), value) for minutes, value in pairs]


def read(windows, minutes, expected=None):
    return read_at(windows, at(minutes), expected)


def read_at(windows, instant, expected=None):
    standing = [one for one in windows if domain.standing([one], RAIN, at=instant)]
    return domain.combine(
        standing, RAIN, jurisdiction="410105", mode=Mode.REAL, at=instant, expected=expected
    )


def window_at(history, instant):
    return domain.standing(domain.track("s", history, RAIN, at=[instant]), RAIN, at=instant)


def scene_of(history):
    return domain.scene(
        "410105",
        [RAIN],
        mode=Mode.REAL,
        homes={"s": "410105"},
        tracks={
            "rain_3h_mm": {"s": domain.track("s", history, RAIN, at=[one.at for one in history])}
        },
        stations=[],
    )


def told(minutes, value):
    return domain.Reading(
        indicator="rain_3h_mm",
        jurisdiction="410105",
        mode=Mode.REAL,
        value=value,
        unit="mm",
        window=RAIN.window,
        quality=None,
        as_of=at(minutes),
    )


def test_a_window_ends_with_the_stations_newest_sample_and_excludes_its_far_edge():
    window = window_at(samples((0, 1), (60, 2), (180, 4)), at(190))

    assert window == domain.StationWindow("s", at(180), 6.0, 2)


def test_a_station_silent_for_longer_than_it_is_carried_has_no_window():
    history = samples((0, 5.0))

    assert window_at(history, at(30)) is not None
    assert window_at(history, at(31)) is None


def test_a_jurisdiction_without_a_standing_window_is_unknown_not_zero():
    stale = domain.StationWindow("s", at(0), 55.0, 36)

    assert read([stale], 31, expected=36).value is None
    assert read([stale], 31, expected=36).quality == 0.0
    assert read([], 0).value is None


def test_a_measured_zero_is_zero():
    dry = window_at(samples((0, 0.0)), at(0))

    assert read([dry], 0).value == 0.0


def test_the_highest_station_counts_and_quality_is_the_share_of_owed_samples():
    windows = [
        domain.StationWindow("a", at(0), 10.0, 18),
        domain.StationWindow("b", at(0), 30.0, 36),
    ]

    made = read(windows, 0, expected=72)

    assert (made.value, made.quality) == (30.0, 0.75)


@given(samples_of_a_day, st.sets(st.integers(0, 24 * 60), max_size=8))
def test_a_track_answers_for_every_instant_it_was_made_for(day, minutes):
    instants = [at(minute) for minute in minutes]
    whole = domain.track("s", day, RAIN, at=[sample.at for sample in day])

    made = domain.track("s", day, RAIN, at=instants)

    assert len(made) <= len(instants) + 1
    assert made[-1:] == whole[-1:]
    for instant in instants:
        assert domain.standing(made, RAIN, at=instant) == domain.standing(whole, RAIN, at=instant)


@given(samples_of_a_day, st.integers(0, 24 * 60))
def test_a_window_holds_exactly_the_samples_of_its_span(day, minutes):
    window = window_at(day, at(minutes))

    earlier = [sample for sample in day if sample.at <= at(minutes)]
    if not earlier or at(minutes) - earlier[-1].at > RAIN.carry:
        assert window is None
    else:
        newest = earlier[-1].at
        inside = [sample.value for sample in earlier if sample.at > newest - RAIN.window]
        assert window is not None
        assert window.samples == len(inside)
        assert abs(window.value - sum(inside)) < 1e-9


@given(samples_of_a_day, st.data())
def test_only_instants_that_a_sample_reopens_change_when_it_comes_late(day, data):
    if not day:
        return
    late = data.draw(st.sampled_from(day))
    without = [sample for sample in day if sample is not late]
    begin, end = domain.reopened(RAIN, sample_at=late.at)

    for minutes in range(0, 24 * 60, 15):
        if not begin <= at(minutes) < end:
            one = window_at(day, at(minutes))
            other = window_at(without, at(minutes))
            assert one == other


@given(st.lists(st.floats(0, 300, allow_nan=False), min_size=1, max_size=60))
def test_what_was_told_never_lags_the_truth_by_more_than_the_debounce_allows(values):
    indicator = domain.Indicator()
    for step, value in enumerate(values):
        indicator, _ = domain.evaluate(indicator, told(step * 3, value), RAIN, watched=[RED])
        known = indicator.published
        assert known is not None
        assert known.value is not None
        changed = abs(value - known.value) >= RAIN.min_delta
        assert not (changed and at(step * 3) - known.as_of >= RAIN.min_interval)
        assert (domain.due_to_tell(indicator, RAIN) is not None) == changed
        assert RED.comparison.holds(known.value, 100.0) == RED.comparison.holds(value, 100.0)


def test_a_small_or_hasty_change_is_held_back_and_a_crossing_is_told_at_once():
    first, change = domain.evaluate(domain.Indicator(), told(0, 50.0), RAIN, watched=[RED])
    assert change == domain.Change(told(0, 50.0), ())

    small, change = domain.evaluate(first, told(30, 51.0), RAIN, watched=[RED])
    assert change is None
    hasty, change = domain.evaluate(small, told(5, 90.0), RAIN, watched=[RED])
    assert change is None
    assert domain.due_to_tell(hasty, RAIN) == at(10)

    _, change = domain.evaluate(hasty, told(6, 100.0), RAIN, watched=[RED])
    assert change == domain.Change(told(6, 100.0), (100.0,))


def test_becoming_unknown_is_told_at_once_and_crosses_nothing():
    known, _ = domain.evaluate(domain.Indicator(), told(0, 120.0), RAIN, watched=[RED])

    _, change = domain.evaluate(known, told(1, None), RAIN, watched=[RED])

    assert change == domain.Change(told(1, None), ())


def test_an_indicator_never_known_says_nothing():
    assert domain.evaluate(domain.Indicator(), told(0, None), RAIN, watched=[])[1] is None


def test_a_limit_of_another_jurisdiction_is_not_crossed():
    other = domain.WatchedThreshold("rain_3h_mm", "410100", Comparison.AT_LEAST, 100.0)

    assert domain.crossings(told(0, 90.0), told(1, 110.0), watched=[RED, other]) == (100.0,)
    assert domain.crossings(told(0, 90.0), told(1, 110.0), watched=[other]) == ()
    assert domain.crossings(told(0, 110.0), told(1, 90.0), watched=[RED]) == (100.0,)
    assert domain.crossings(None, told(1, 110.0), watched=[RED]) == (100.0,)


def test_a_correction_is_told_when_it_matters():
    assert domain.revise(told(0, 60.0), told(0, 61.0), RAIN, revision=0, watched=[RED]) is None
    assert domain.revise(
        told(0, 60.0), told(0, 70.0), RAIN, revision=0, watched=[RED]
    ) == domain.Change(told(0, 70.0), (), 1)
    assert domain.revise(
        told(0, 99.5), told(0, 100.0), RAIN, revision=0, watched=[RED]
    ) == domain.Change(told(0, 100.0), (100.0,), 1)


def test_late_data_make_a_silence_known():
    assert domain.revise(
        told(0, None), told(0, 60.0), RAIN, revision=0, watched=[RED]
    ) == domain.Change(told(0, 60.0), (), 1)
    assert domain.revise(told(0, None), told(0, None), RAIN, revision=0, watched=[RED]) is None


def test_silence_begins_when_the_reading_no_longer_stands():
    windows = [domain.StationWindow("a", at(0), 1.0, 1), domain.StationWindow("b", at(10), 1.0, 1)]

    silent = domain.silent_from(read(windows, 10), RAIN)

    assert silent > at(40)
    assert read(windows, 40).value == 1.0
    assert read_at(windows, silent).value is None


@given(samples_of_a_day, st.data())
def test_following_samples_in_any_order_ends_with_the_same_reading(day, data):
    if not day:
        return
    batches = data.draw(st.permutations(day))
    indicator = domain.Indicator()
    arrived: list[domain.Sample] = []

    for sample in batches:
        arrived = sorted([*arrived, sample], key=lambda one: one.at)
        indicator, readings, _ = domain.advance(
            indicator, scene_of(arrived), RAIN, instants=[sample.at], watched=[]
        )
        assert [one.as_of for one in readings] == [arrived[-1].at]

    assert indicator.evaluated == scene_of(day).reading(RAIN, at=day[-1].at)


def test_a_backlog_passes_through_every_instant_so_that_no_peak_is_missed():
    backlog = scene_of(samples((0, 60.0), (5, 60.0), (200, 0.0)))

    _, readings, changes = domain.advance(
        domain.Indicator(), backlog, RAIN, instants=[at(200), at(0), at(5)], watched=[RED]
    )

    assert [one.value for one in readings] == [60.0, 120.0, 0.0]
    assert [(one.reading.value, one.crossed) for one in changes] == [
        (60.0, ()), (120.0, (100.0,)), (0.0, (100.0,)),
    ]  # fmt: skip


def test_what_lies_outside_a_jurisdiction_does_not_count_there():
    seen = domain.scene(
        "410105",
        [RAIN],
        mode=Mode.REAL,
        homes={"here": "410105", "near": "410103", "part": "410105001"},
        tracks={
            "rain_3h_mm": {
                name: [domain.StationWindow(name, at(0), value, 1)]
                for name, value in (("here", 1.0), ("near", 9.0), ("part", 4.0))
            }
        },
        stations=[],
    )

    assert seen.reading(RAIN, at=at(0)).value == 4.0


def test_a_change_held_back_by_the_interval_is_told_when_it_has_passed():
    first, _ = domain.evaluate(domain.Indicator(), told(0, 50.0), RAIN, watched=[])
    hasty, _ = domain.evaluate(first, told(5, 60.0), RAIN, watched=[])

    assert domain.tell_pending(hasty, RAIN, now=at(9), watched=[]) == (hasty, None)
    after, change = domain.tell_pending(hasty, RAIN, now=at(10), watched=[])
    assert change == domain.Change(told(5, 60.0), ())
    assert domain.tell_pending(after, RAIN, now=at(99), watched=[]) == (after, None)


def test_a_correction_of_the_newest_instant_is_told_at_once_and_numbered():
    first, _ = domain.evaluate(domain.Indicator(), told(0, 50.0), RAIN, watched=[])

    again, change = domain.evaluate(first, told(0, 60.0), RAIN, watched=[])
    assert change == domain.Change(told(0, 60.0), (), 1)
    _, change = domain.evaluate(again, told(0, 70.0), RAIN, watched=[])
    assert change == domain.Change(told(0, 70.0), (), 2)


def test_others_hear_crossings_and_the_newest_reading_last():
    quiet, crossing, newest = (
        domain.Change(told(0, 10.0), ()),
        domain.Change(told(5, 120.0), (100.0,)),
        domain.Change(told(10, 130.0), ()),
    )
    after = domain.Indicator(newest.reading, newest.reading)

    assert domain.to_say(after, [quiet, crossing, newest]) == [crossing, newest]
    assert domain.to_say(after, [], corrections=[quiet, crossing]) == [crossing, newest]
    assert domain.to_say(after, [newest], corrections=[crossing]) == [crossing, newest]
    assert domain.to_say(after, [], corrections=[quiet]) == []
    assert domain.to_say(after, []) == []


def test_what_is_counted_is_added_up_across_stations_and_what_is_measured_is_not():
    windows = [
        domain.StationWindow(source, at(0), value, 1) for source, value in (("a", 3.0), ("b", 4.0))
    ]

    def value(across):
        rule = replace(RAIN, across=across)
        reading = domain.combine(
            windows, rule, jurisdiction="410105", mode=Mode.REAL, at=at(0), expected=2
        )
        return reading.value

    assert [value(across) for across in domain.Across] == [4.0, 7.0]
