"""The facts as a plan sees them: shares of its area, its incidents, and what nobody knows."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.plans import domain
from tests.harness import START
from tests.services.plans import city
from tests.services.plans.city import CITY, DISTRICTS, LARGE, SMALL
from tests.services.plans.player import flood
from vocabulary import Figure, Grade, Mode, WarningColour

PLAN = flood()


def division(
    code: str, people: int | None, ground: float | None, parent: str
) -> domain.Jurisdiction:
    return domain.Jurisdiction(
        id=code,
        name_zh=code,
        name_en=code,
        parent=parent,
        population=people,
        area_km2=ground,
        state=None,
        as_of=START,
    )


DIVISIONS = (
    division(CITY, 10_000_000, 1000.0, "410000"),
    *(division(code, people, ground, CITY) for code, (people, ground) in DISTRICTS.items()),
)


def signal(id: str, colour: WarningColour, *areas: str, **changes: Any) -> domain.Signal:
    one = domain.Signal(
        id=id,
        mode=Mode.REAL,
        emergency_type=city.RAINSTORM,
        colour=colour,
        status=domain.Status.ACTIVE,
        jurisdiction=CITY,
        areas=areas,
        sent_at=START,
        as_of=START,
    )
    return replace(one, **changes)


def incident(id: str, **figures: float | None) -> domain.Incident:
    return domain.Incident(
        id=id,
        number=id,
        title=id,
        mode=Mode.REAL,
        emergency_type=city.RAINSTORM,
        status="DECLARED",
        grade=Grade.GRADE_III,
        grade_rule=None,
        jurisdiction=SMALL,
        place=None,
        figures=tuple(
            Figure(name, value, "1", "test", START, START) for name, value in figures.items()
        ),
        declared_at=START,
        closed_at=None,
        as_of=START,
    )


def facts(now: datetime = START, **world: Any) -> domain.Facts:
    return domain.gather(PLAN, domain.World(**({"jurisdictions": DIVISIONS} | world)), now)


def value(found: domain.Facts, name: str) -> float | None:
    return found.figures[name].value


def test_a_signal_over_one_district_counts_by_its_people_and_its_ground():
    found = facts(signals=(signal("sig_1", WarningColour.RED, LARGE),))

    assert value(found, "signal_red_population_share") == pytest.approx(0.6)
    assert value(found, "signal_red_area_share") == pytest.approx(0.3)


def test_red_in_one_district_is_told_as_what_it_is_in_the_city():
    found = facts(signals=(signal("sig_1", WarningColour.RED, SMALL),))

    findings = domain.evaluate(PLAN, found, previous=None, now=START)
    (asked,) = [
        one for one in findings.conditions if one.text == "signal_red_population_share >= 0.3"
    ]

    assert asked.met is False
    assert asked.note_en == (
        "covers 1 of 4 divisions, 10% of people, 20% of ground;"
        " the condition asks signal_red_population_share >= 0.3"
    )
    assert asked.note_zh is not None
    assert asked.note_zh.startswith("覆盖 4 个区划中的 1 个")


def test_a_worse_colour_counts_for_the_milder_ones():
    found = facts(signals=(signal("sig_1", WarningColour.RED, LARGE),))

    assert value(found, "signal_blue_population_share") == pytest.approx(0.6)


def test_the_same_ground_under_two_signals_counts_once():
    found = facts(
        signals=(
            signal("sig_1", WarningColour.RED, LARGE),
            signal("sig_2", WarningColour.RED, LARGE, f"{LARGE}001"),
        )
    )

    assert value(found, "signal_red_population_share") == pytest.approx(0.6)


def test_a_signal_over_the_province_covers_the_city():
    found = facts(signals=(signal("sig_1", WarningColour.RED, "410000"),), jurisdictions=())

    assert value(found, "signal_red_population_share") == 1.0


def test_a_share_of_a_city_whose_people_nobody_counted_is_unknown():
    unknown = (division(CITY, None, None, "410000"), *DIVISIONS[1:])
    found = facts(signals=(signal("sig_1", WarningColour.RED, LARGE),), jurisdictions=unknown)

    assert value(found, "signal_red_population_share") is None


def test_without_a_signal_the_share_is_zero_and_not_unknown():
    assert value(facts(jurisdictions=()), "signal_red_population_share") == 0.0


def test_a_signal_of_another_type_does_not_count():
    heat = signal("sig_1", WarningColour.RED, CITY, emergency_type="11B09")

    assert value(facts(signals=(heat,)), "signal_red_population_share") == 0.0


def test_a_superseded_signal_stands_until_its_successor_is_known():
    old = signal(
        "sig_1",
        WarningColour.RED,
        LARGE,
        status=domain.Status.SUPERSEDED,
        superseded_by="sig_2",
    )
    new = signal("sig_2", WarningColour.BLUE, LARGE, supersedes=("sig_1",))

    assert value(facts(signals=(old,)), "signal_red_population_share") == pytest.approx(0.6)
    assert value(facts(signals=(old, new)), "signal_red_population_share") == 0.0


def test_a_successor_takes_its_predecessors_place_before_that_is_heard_of():
    old = signal("sig_1", WarningColour.RED, LARGE)
    new = signal("sig_2", WarningColour.BLUE, LARGE, supersedes=("sig_1",))

    assert value(facts(signals=(new, old)), "signal_red_population_share") == 0.0


@settings(deadline=None)
@given(st.sets(st.sampled_from(sorted(DISTRICTS))), st.sampled_from(sorted(DISTRICTS)))
def test_covering_more_never_lowers_a_share(covered: set[str], more: str):
    fewer = domain.cover(CITY, covered, DIVISIONS)
    wider = domain.cover(CITY, covered | {more}, DIVISIONS)

    assert fewer.population is not None
    assert wider.population is not None
    assert 0.0 <= fewer.population <= wider.population <= 1.0


def test_without_incidents_there_are_no_deaths():
    assert value(facts(), "deaths") == 0.0


def test_deaths_that_no_incident_reports_are_unknown():
    assert value(facts(incidents=(incident("inc_1"),)), "deaths") is None
    assert value(facts(incidents=(incident("inc_1", deaths=None),)), "deaths") is None


def test_deaths_of_two_incidents_are_never_summed():
    found = facts(incidents=(incident("inc_1", deaths=7.0), incident("inc_2", deaths=5.0)))

    assert value(found, "deaths") == 7.0


def test_a_closed_incident_bears_on_nothing():
    closed = replace(incident("inc_1", deaths=12.0), status="CLOSED")

    assert value(facts(incidents=(closed,)), "deaths") == 0.0
    assert value(facts(incidents=(closed,)), "incident_severity") == 0.0


def test_the_worst_grade_counts():
    severe = replace(incident("inc_2"), grade=Grade.GRADE_I)

    found = facts(incidents=(incident("inc_1"), severe))

    assert value(found, "incident_severity") == 4.0


def test_a_reading_of_another_jurisdiction_is_not_the_citys():
    rain = domain.Reading(
        id="r",
        indicator="rain_3h_mm",
        jurisdiction=SMALL,
        mode=Mode.REAL,
        value=120.0,
        unit="mm",
        quality=1.0,
        as_of=START,
        recorded_at=START,
    )

    assert "rain_3h_mm" not in facts(readings=(rain,)).figures
    assert value(facts(readings=(replace(rain, jurisdiction=CITY),)), "rain_3h_mm") == 120.0


def test_supposed_facts_must_be_registered_and_in_their_unit():
    def suppose(metric: str, unit: str | None) -> domain.Facts:
        stated = domain.StatedFact(metric, 1.0, unit, "test", START)
        return domain.suppose(PLAN, [stated], world=domain.World(), now=START)

    with pytest.raises(domain.IndicatorUnknown):
        suppose("bodies", None)
    with pytest.raises(domain.UnitMismatch):
        suppose("rain_3h_mm", "cm")
    assert suppose("rain_3h_mm", "mm").values == {"rain_3h_mm": 1.0}


def test_late_older_readings_do_not_take_the_place_of_newer_ones():
    newer = domain.Reading(
        id="r",
        indicator="rain_3h_mm",
        jurisdiction=CITY,
        mode=Mode.REAL,
        value=1.0,
        unit="mm",
        quality=None,
        as_of=START,
        recorded_at=START,
    )
    older = replace(newer, as_of=START - timedelta(minutes=1))

    assert not domain.is_newer(older, newer)
    assert domain.is_newer(newer, older)
    assert domain.is_newer(newer, newer)
    assert domain.is_newer(older, None)
