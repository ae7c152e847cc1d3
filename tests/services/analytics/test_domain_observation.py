"""A line is taken as it was meant, in the metric's own unit, or refused with a reason."""

import json
import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.analytics import domain
from vocabulary import Mode, Place

NOW = datetime(2021, 7, 20, 9, 0, tzinfo=UTC)
METRICS = {
    "rain_mm": domain.Metric(name="rain_mm", unit="mm", minimum=0, maximum=500, meaning="rain"),
    "temperature_c": domain.Metric(
        name="temperature_c", unit="°C", minimum=-70, maximum=60, meaning="air"
    ),
}
STATION = domain.Station(
    id=domain.StationId("s1"),
    version=1,
    name="Erqi",
    place=Place(113.64, 34.72),
    jurisdiction="410103",
    metrics=("rain_mm",),
    interval=timedelta(minutes=5),
)


def line(**changes):
    said = {
        "station": "s1",
        "metric": "rain_mm",
        "value": 1.5,
        "unit": "mm",
        "observedAt": "2021-07-20T17:00:00+08:00",
    }
    return json.dumps(
        {key: value for key, value in (said | changes).items() if value is not ...}
    ).encode()


def accept(raw, locate=lambda place: None):
    return domain.accept(
        domain.read_line(raw), now=NOW, metrics=METRICS, stations={"s1": STATION}, locate=locate
    )


def code_of(raw):
    with pytest.raises(domain.Refused) as refused:
        accept(raw)
    assert refused.value.message
    return refused.value.code


def test_an_accepted_line_stands_in_utc_in_its_stations_jurisdiction():
    seen = accept(line())

    assert (seen.source, seen.jurisdiction, seen.metric, seen.value, seen.unit) == (
        "s1", "410103", "rain_mm", 1.5, "mm",
    )  # fmt: skip
    assert seen.observed_at == NOW
    assert seen.mode is Mode.REAL


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"metric": "rain"}, "METRIC_UNKNOWN"),
        ({"station": "s2"}, "STATION_UNKNOWN"),
        ({"metric": "temperature_c", "unit": "°C"}, "METRIC_NOT_MEASURED"),
        ({"unit": "m/s"}, "UNIT_NOT_CONVERTIBLE"),
        ({"unit": ""}, "LINE_INVALID"),
        ({"value": -0.1}, "VALUE_OUT_OF_RANGE"),
        ({"value": 501}, "VALUE_OUT_OF_RANGE"),
        ({"value": None}, "LINE_INVALID"),
        ({"value": "1.5"}, "LINE_INVALID"),
        ({"value": math.nan}, "VALUE_NOT_FINITE"),
        ({"value": math.inf}, "VALUE_NOT_FINITE"),
        ({"value": 1e308, "unit": "ft"}, "VALUE_NOT_FINITE"),
        ({"value": ...}, "LINE_INVALID"),
        ({"observedAt": "2021-07-20T17:00:00"}, "LINE_INVALID"),
        ({"observedAt": "2021-07-20T17:02:01+08:00"}, "OBSERVED_IN_FUTURE"),
        ({"observedAt": "2021-07-13T16:59:59+08:00"}, "OBSERVED_TOO_OLD"),
        ({"place": {"longitude": 113.6, "latitude": 34.7}}, "STATION_OR_PLACE"),
        ({"station": ...}, "STATION_OR_PLACE"),
        ({"station": ..., "place": {"longitude": 34.7, "latitude": 113.6}}, "LINE_INVALID"),
        (
            {"station": ..., "place": {"longitude": 113.6, "latitude": 34.7}},
            "PLACE_OUTSIDE_JURISDICTIONS",
        ),
        ({"station": "a\nb"}, "LINE_INVALID"),
        ({"mode": "DRILL"}, "LINE_INVALID"),
        ({"colour": "RED"}, "LINE_INVALID"),
    ],
)
def test_a_line_that_cannot_be_meant_is_refused_with_its_code(changes, code):
    assert code_of(line(**changes)) == code


@pytest.mark.parametrize("raw", [b"", b"{", b"[]x", b"\xff\xfe", b"null"])
def test_what_is_no_object_is_refused(raw):
    assert code_of(raw) in {"LINE_NOT_JSON", "LINE_INVALID"}


def test_a_number_too_large_for_a_double_is_refused():
    assert code_of(line().replace(b"1.5", b"1e400")) in {
        "LINE_INVALID", "LINE_NOT_JSON", "VALUE_NOT_FINITE",
    }  # fmt: skip


def test_a_clock_two_minutes_ahead_is_tolerated():
    assert accept(line(observedAt="2021-07-20T17:02:00+08:00")).observed_at > NOW


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        (1.2, "cm", "mm", 12.0),
        (1.0, "in", "mm", 25.4),
        (0.5, "m", "cm", 50.0),
        (36.0, "km/h", "m/s", 10.0),
        (10.0, "kn", "m/s", 5.144444),
        (300.0, "K", "°C", 26.85),
        (212.0, "°F", "°C", 100.0),
        (7.0, "1", "1", 7.0),
    ],
)
def test_units_of_one_kind_convert(value, unit, to, expected):
    assert domain.convert(value, unit, to) == pytest.approx(expected, rel=1e-6)


@given(st.floats(0, 1e6), st.sampled_from(["mm", "cm", "m", "in", "ft"]))
def test_a_length_survives_the_way_there_and_back(value, unit):
    assert domain.convert(domain.convert(value, unit, "mm"), "mm", unit) == pytest.approx(value)


def test_the_same_measurement_has_the_same_key_however_it_is_written():
    one = accept(line())
    other = accept(line(observedAt="2021-07-20T09:00:00Z", value=15, unit="mm", observationId="x"))

    assert one.key == other.key


@pytest.mark.parametrize(
    "changes", [{"observedAt": "2021-07-20T16:55:00+08:00"}, {"mode": "EXERCISE"}]
)
def test_another_instant_or_mode_is_another_measurement(changes):
    assert accept(line(**changes)).key != accept(line()).key


def test_at_one_place_several_people_may_report_each_under_an_id():
    here = {"station": ..., "place": {"longitude": 113.64, "latitude": 34.72}}

    first = accept(line(**here, observationId="a"), locate=lambda place: "410103")
    second = accept(line(**here, observationId="b"), locate=lambda place: "410103")

    assert first.key != second.key
    assert (first.source, first.jurisdiction) == ("at:113.64000,34.72000", "410103")


def test_the_lowest_division_that_contains_the_place_is_its_jurisdiction():
    square = '{"type":"Polygon","coordinates":[[[%s,34],[%s,34],[%s,35],[%s,35],[%s,34]]]}'
    city = domain.Jurisdiction(
        code="410100", name_zh="市", name_en="city",
        boundary_geojson=square % (113, 115, 115, 113, 113),
    )  # fmt: skip
    district = domain.Jurisdiction(
        code="410103", name_zh="区", name_en="district",
        boundary_geojson=square % (113, 114, 114, 113, 113),
    )  # fmt: skip
    unmapped = domain.Jurisdiction(code="410105", name_zh="区", name_en="district")

    locate = domain.locator([city, unmapped, district])

    assert locate(Place(113.5, 34.5)) == "410103"
    assert locate(Place(114.5, 34.5)) == "410100"
    assert locate(Place(120.0, 34.5)) is None
