"""Grades, figures and near places: what must hold for every input."""

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.org import domain, store
from vocabulary import Grade, Mode, Place

NOW = datetime(2021, 7, 20, 8, 0, tzinfo=UTC)
RULES = store.grading_rules()
FIGURES = store.figure_rule()
counts = st.integers(min_value=0, max_value=2000).map(float)


def fact(metric: str, value: float | None, *, source: str = "health", **more) -> domain.Fact:
    defaults: dict[str, Any] = {
        "id": f"fig_{metric}_{source}_{more.get('observed_at', NOW).isoformat()}",
        "unit": "1",
        "observed_at": NOW,
        "recorded_at": NOW,
        "recorded_by": "wang",
    }
    return domain.Fact(metric=metric, value=value, source=source, **defaults | more)


def incident(**more) -> domain.Incident:
    defaults: dict[str, Any] = {
        "id": "inc_1",
        "number": "410100-20210720-001",
        "mode": Mode.REAL,
        "title": "t",
        "emergency_type": "12A01",
        "place": Place(113.6, 34.7),
        "jurisdiction": "410100",
        "declared_at": NOW,
        "declared_by": "wang",
        "updated_at": NOW,
    }
    return domain.Incident(**defaults | more)


def weighing(emergency_type: str = "12A01", at: datetime = NOW) -> domain.Weighing:
    rule = domain.grading_rule(RULES, emergency_type, jurisdiction="410100", at=at)
    return domain.Weighing(FIGURES, rule)


def graded(emergency_type: str, at: datetime = NOW, **values: float | None) -> Grade | None:
    figures = {name: fact(name, value) for name, value in values.items()}
    rule = domain.grading_rule(RULES, emergency_type, jurisdiction="410100", at=at)
    return domain.grade(rule, figures)[0]


@pytest.mark.parametrize(
    ("deaths", "expected"),
    [(0, "GRADE_IV"), (2, "GRADE_IV"), (3, "GRADE_III"), (9, "GRADE_III"), (10, "GRADE_II"),
     (29, "GRADE_II"), (30, "GRADE_I"), (None, None)],
)  # fmt: skip
def test_work_accidents_are_graded_by_decree_493(deaths, expected) -> None:
    assert graded("12A01", deaths=deaths) == expected


@pytest.mark.parametrize(
    ("year", "deaths", "missing", "expected"),
    [(2011, 290, 20, "GRADE_II"), (2013, 290, 20, "GRADE_I"), (2011, 15, 0, "GRADE_IV"),
     (2013, 15, 0, "GRADE_III")],
)  # fmt: skip
def test_the_version_of_the_time_grades_an_earthquake(year, deaths, missing, expected) -> None:
    at = datetime(year, 1, 1, tzinfo=UTC)

    assert graded("11C01", at, deaths=deaths, missing=missing) == expected


def test_social_safety_is_not_graded() -> None:
    assert graded("14A01", deaths=50) is None


def test_every_emergency_rule_names_its_source() -> None:
    assert all(len(rule.source) > 40 for rule in RULES)


@given(st.sampled_from(["12A01", "11B03", "11C01", "11D01"]), counts, counts)
def test_more_deaths_never_lower_the_grade(kind, deaths, more) -> None:
    before, after = graded(kind, deaths=deaths), graded(kind, deaths=deaths + more)

    assert before is None or (after is not None and after.at_least(before))


@given(st.lists(st.tuples(st.sampled_from(["health", "media", "investigation"]), counts)))
def test_the_preferred_figure_is_one_that_a_source_gave_and_never_a_sum(given_facts) -> None:
    facts = [
        fact("deaths", value, source=source, observed_at=NOW + timedelta(minutes=at))
        for at, (source, value) in enumerate(given_facts)
    ]

    chosen = domain.preferred(FIGURES, facts).get("deaths")

    assert (chosen is None) == (not facts)
    assert chosen is None or chosen in facts


def test_a_known_figure_is_preferred_to_a_better_source_that_does_not_know() -> None:
    facts = [fact("deaths", None, source="investigation"), fact("deaths", 3, source="media")]

    assert domain.preferred(FIGURES, facts)["deaths"].value == 3


@given(counts, counts)
def test_a_growing_figure_falls_only_with_a_reason(first, second) -> None:
    later = fact("deaths", second, observed_at=NOW + timedelta(minutes=5))

    if second < first:
        with pytest.raises(domain.FigureDecreased):
            domain.check_decrease(FIGURES, [fact("deaths", first)], later)
        later = dataclasses.replace(later, correction_reason="counted twice")
    domain.check_decrease(FIGURES, [fact("deaths", first)], later)


@given(counts, counts)
def test_missing_people_may_become_fewer(first, second) -> None:
    later = fact("missing", second, observed_at=NOW + timedelta(minutes=5))

    domain.check_decrease(FIGURES, [fact("missing", first)], later)


def test_what_is_written_late_must_fit_before_what_followed() -> None:
    early = fact("deaths", 9, observed_at=NOW - timedelta(hours=1))

    with pytest.raises(domain.FigureDecreased):
        domain.check_decrease(FIGURES, [fact("deaths", 7)], early)


@given(st.lists(st.integers(0, 200).map(float), min_size=1, max_size=6))
def test_the_grade_never_jumps_by_two_on_one_persons_word(values) -> None:
    present = incident()
    for at, value in enumerate(values):
        now = NOW + timedelta(minutes=at)
        new = fact("deaths", value, observed_at=now, correction_reason="recount")
        before = present.grade or Grade.GRADE_IV
        present, _ = domain.record_facts(present, [new], weighing=weighing(), now=now)
        assert (present.grade or Grade.GRADE_IV).severity - before.severity < 2


def test_a_second_person_lets_the_figure_count_and_says_by_what() -> None:
    present, _ = domain.record_facts(incident(), [fact("deaths", 40)], weighing=weighing(), now=NOW)
    assert (present.grade, len(domain.unconfirmed(present))) == (None, 1)

    confirmed, said = domain.confirm_figure(
        present, present.facts[0].id, by="li", weighing=weighing(), now=NOW
    )

    assert confirmed.grade is Grade.GRADE_I
    regraded = said[1]
    assert isinstance(regraded, domain.IncidentRegraded)
    assert (regraded.rule, regraded.inputs[0].value) == ("work-accidents@2007.1", 40)


def test_synonyms_of_a_unit_are_one_unit_and_others_are_refused() -> None:
    present, _ = domain.record_facts(
        incident(), [fact("deaths", 1, unit="people")], weighing=weighing(), now=NOW
    )
    assert present.facts[0].unit == "1"

    with pytest.raises(domain.FigureUnitWrong):
        domain.record_facts(
            present, [fact("deaths", 1, unit="dozen")], weighing=weighing(), now=NOW
        )


@given(st.floats(113, 114), st.floats(34, 35), st.floats(0, 60))
def test_near_means_a_kilometre_and_half_an_hour(longitude, latitude, minutes) -> None:
    place = Place(longitude, latitude)
    other = incident(place=place, declared_at=NOW)

    same_place = domain.near(
        [other], emergency_type="12A01", place=place, at=NOW + timedelta(minutes=minutes)
    )
    two_km_off = domain.near(
        [other], emergency_type="12A01", place=Place(longitude, latitude + 0.02), at=NOW
    )

    assert (same_place == [other]) == (minutes <= 30)
    assert two_km_off == []


def test_an_ended_incident_goes_nowhere() -> None:
    for status in domain.ENDED - {domain.IncidentStatus.MERGED}:
        ended = incident(status=status)
        for target in domain.IncidentStatus:
            with pytest.raises(domain.IncidentStatusWrong):
                domain.change_status(ended, target, now=NOW)
