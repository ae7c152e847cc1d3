"""Rules, stations, folds and counted items: what cannot be meant is refused by name."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.analytics import domain, store
from services.analytics.domain.station import StationInvalid
from tests.services.analytics.test_domain_detection import LIMIT, RULE
from tests.services.analytics.test_domain_indicator import RAIN, at, samples
from vocabulary import Comparison, Place

METRIC = domain.Metric(name="rain_mm", unit="mm", minimum=0, maximum=500, meaning="rain")
OLD = datetime(2000, 1, 1, tzinfo=UTC)
RULES = domain.IndicatorRules(
    id="windows", version="1", effective_from=OLD, source="test", metrics=(METRIC,),
    indicators=(replace(RAIN, unit=""),),
)  # fmt: skip
STATION = domain.Station(
    id=domain.StationId("s1"),
    version=0,
    name="Erqi",
    place=Place(113.6, 34.7),
    jurisdiction="410103",
    metrics=("rain_mm", "rain_mm"),
    interval=timedelta(minutes=5),
)


def test_an_indicator_takes_the_unit_of_its_metric():
    assert domain.check_indicators(RULES).indicators[0].unit == "mm"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"indicator": "rain_99h_mm"}, "rain_99h_mm"),
        ({"metric": "snow_mm"}, "snow_mm"),
        ({"indicator": "water_level_m"}, "water_level_m"),
    ],
)
def test_an_indicator_that_cannot_be_made_is_refused_by_name(changes, named):
    wrong = replace(RULES, indicators=(replace(RAIN, **changes),))

    with pytest.raises(domain.RuleInvalid, match=named):
        domain.check_indicators(wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        replace(RULE, limits=(replace(LIMIT, indicator="rain_99h_mm"),)),
        replace(RULE, limits=(replace(LIMIT, comparison=Comparison.BELOW),)),
        replace(RULE, hysteresis=replace(RULE.hysteresis, clear_ratio=0.0)),
    ],
)
def test_a_detection_rule_that_cannot_be_judged_is_refused(wrong):
    assert domain.check_detection(RULE) is RULE
    with pytest.raises(domain.RuleInvalid, match=RULE.id):
        domain.check_detection(wrong)


def test_the_newest_version_in_force_is_taken():
    newer = replace(RULES, version="2", effective_from=datetime(2020, 1, 1, tzinfo=UTC))

    chosen = [
        domain.indicators_in_force([newer, RULES], at=datetime(year, 6, 1, tzinfo=UTC)).version
        for year in (1999, 2019, 2021)
    ]

    assert chosen == ["1", "1", "2"]


def test_a_detection_rule_holds_within_its_jurisdiction_from_its_day_on():
    henan = replace(RULE, jurisdiction="410000", effective_from=OLD)
    newer = replace(henan, version="2026", effective_from=datetime(2026, 1, 1, tzinfo=UTC))

    def versions(jurisdiction, year):
        at = datetime(year, 6, 1, tzinfo=UTC)
        found = domain.detections_in_force([newer, henan], jurisdiction=jurisdiction, at=at)
        return [rule.version for rule in found]

    assert versions("410103", 2025) == ["2007-06"]
    assert versions("410103", 2026) == ["2026"]
    assert versions("110000", 2026) == []
    assert versions("410103", 1999) == []


def test_a_rule_file_with_a_wrong_member_is_refused_by_its_name(tmp_path, monkeypatch):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "gale.yaml").write_text("id: gale\nversion: 1\n")
    monkeypatch.setattr(store.rule, "DATA", tmp_path)

    with pytest.raises(domain.RuleInvalid, match=r"gale\.yaml"):
        store.rule.detection_rules.__wrapped__()


def test_a_station_is_registered_with_each_metric_once_and_keeps_counting_versions():
    first = domain.register(None, STATION, known={"rain_mm"})
    again = domain.register(replace(first, version=7), STATION, known={"rain_mm"})

    assert (first.metrics, first.version, again.version) == (("rain_mm",), 0, 7)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"interval": timedelta(0)}, ("intervalSeconds",)),
        ({"jurisdiction": "41"}, ("jurisdiction",)),
        ({"metrics": ()}, ("metrics",)),
        ({"metrics": ("rain_mm", "snow")}, ("metrics", "1")),
    ],
)
def test_a_station_whose_figures_could_not_be_used_is_refused(changes, field):
    with pytest.raises(StationInvalid) as refused:
        domain.register(None, replace(STATION, **changes), known={"rain_mm"})

    assert refused.value.field == field


def test_samples_are_owed_only_by_stations_that_measure_the_metric():
    dry = replace(STATION, metrics=("temperature_c",))

    assert domain.expected_samples([STATION, dry], "rain_mm", window=timedelta(hours=1)) == 12
    assert domain.expected_samples([STATION], "rain_mm", window=timedelta(minutes=1)) == 1
    assert domain.expected_samples([dry], "rain_mm", window=timedelta(hours=1)) is None


@pytest.mark.parametrize(
    ("fold", "value"), [(domain.Fold.SUM, 9.0), (domain.Fold.MAX, 5.0), (domain.Fold.LAST, 3.0)]
)
def test_each_fold_makes_its_value(fold, value):
    track = domain.track(
        "s", samples((0, 1.0), (5, 5.0), (10, 3.0)), replace(RAIN, fold=fold), at=[at(10)]
    )

    assert track[-1].value == value


def logged(service, aggregate, event, payload):
    return domain.LoggedEvent(
        event_id="evt_1", service=service, aggregate=aggregate, event=event, major=1, id="x",
        area="410103", mode="REAL", version=1, time=OLD, heard_at=OLD, correlation_id="cor_1",
        causation_id=None, payload=payload,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("event", "open_"),
    [
        (logged("org", "incident", "declared", b'{"incident":{"status":"DECLARED"}}'), True),
        (logged("org", "incident", "status_changed", b'{"incident":{"status":"MERGED"}}'), False),
        (logged("org", "incident", "declared", b'{"case":{}}'), True),
        (logged("org", "incident", "closed", b"{}"), False),
        (logged("guarantee", "requirement", "raised", b'{"requirement":{"status":"OPEN"}}'), False),
        (logged("guarantee", "requirement", "unmet", b"{}"), True),
        (logged("org", "report", "received", b"{}"), True),
    ],
)
def test_an_item_counts_as_its_event_leaves_it(event, open_):
    item = domain.situation_item(event)

    assert item is not None
    assert item.open is open_


def test_other_events_count_nothing():
    assert domain.situation_item(logged("plans", "activation", "started", b"{}")) is None
