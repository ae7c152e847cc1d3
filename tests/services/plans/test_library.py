"""The library of plans: each is clean, lawful, led by somebody, and does exactly what its table says."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import vocabulary
from services.plans import domain
from services.plans.domain import condition, fact_table, logic
from services.plans.domain.condition import Group, Response, When
from tests.architecture import house
from vocabulary import OrganizationKind, ResponseLevel

ON = datetime(2025, 10, 1, 12, tzinfo=UTC)  # while every plan of the library but one rules
LIBRARY = house.ROOT / "services" / "plans" / "library"
STEMS = (
    *("overall", "flood", "earthquake-2006", "earthquake-2012", "geological"),
    *("accident", "health", "metro", "chemicals", "event"),
)
every = pytest.mark.parametrize("stem", STEMS)


@cache
def plan(stem: str) -> domain.Plan:
    return domain.parse((LIBRARY / f"{stem}.yaml").read_text(encoding="utf-8"))


@cache
def table(stem: str) -> domain.FactTable:
    return domain.read_table((LIBRARY / f"{stem}.facts.yaml").read_text(encoding="utf-8"))


@cache
def model(name: str) -> dict[str, dict[str, Any]]:
    rows = yaml.safe_load((LIBRARY / "model" / f"{name}.yaml").read_text(encoding="utf-8"))
    return {row["id"]: row for row in rows}


def test_every_plan_of_the_library_is_tested_and_told_in_its_readme():
    files = {path.stem for path in LIBRARY.glob("*.yaml") if not path.stem.endswith(".facts")}

    assert files == set(STEMS)
    told = (LIBRARY / "README.md").read_text(encoding="utf-8")
    assert [stem for stem in STEMS if f"| [{stem}]({stem}.yaml) |" not in told] == []


@every
def test_nothing_is_found_in_a_plan_of_the_library(stem):
    text = (LIBRARY / f"{stem}.yaml").read_text(encoding="utf-8")

    assert domain.lint(text) == []


@every
def test_a_plan_gives_what_its_fact_table_asks(stem):
    results = domain.ask(plan(stem), table(stem))

    assert [one.case.name for one in results if not one.is_right] == []
    assert domain.unread(plan(stem), table(stem)) == set()
    assert table(stem).plan_id == plan(stem).plan_id


@every
def test_every_level_of_a_plan_is_given_by_some_case(stem):
    given_levels = {one.level for one in table(stem).cases}

    assert given_levels == {*(level.level for level in plan(stem).levels), None}


@every
def test_every_threshold_is_asked_at_the_limit_just_below_and_just_above(stem):
    missing = [
        f"{where} {limit:g}"
        for where, limit, values in _thresholds(stem)
        for wanted in (limit, limit - _step(where, limit), limit + _step(where, limit))
        if _can_be(where, wanted) and not any(abs(one - wanted) < 1e-9 for one in values)
    ]

    assert missing == []


@every
def test_no_threshold_can_be_moved_by_a_step_without_a_case_that_notices(stem):
    unnoticed = [
        mutant.told for mutant in _mutants(plan(stem)) if not _is_noticed(mutant, table(stem))
    ]

    assert unnoticed == []


@every
def test_superiors_are_plans_of_the_library_for_the_same_division_or_one_above(stem):
    known = {plan(other).plan_id: plan(other) for other in STEMS}
    own = plan(stem)

    assert bool(own.superiors) is (own.kind is not domain.PlanKind.OVERALL)
    for superior in own.superiors:
        assert vocabulary.is_within(own.jurisdiction, known[superior].jurisdiction)


@every
def test_every_step_and_measure_falls_to_exactly_one_organization_of_the_model_city(stem):
    own = plan(stem)
    asked = {step.function for level in own.levels for step in level.steps} | {
        function
        for level in own.levels
        for measure in level.measures
        for function in measure.addressee_functions
    }
    holders = {
        function: [
            one["id"]
            for one in model("organizations").values()
            if function in one.get("functions", ())
            and vocabulary.is_within(own.jurisdiction, one["jurisdiction"])
        ]
        for function in asked
    }

    assert {name: found for name, found in holders.items() if len(found) != 1} == {}


@every
def test_every_measure_is_lawful_by_the_provisions_that_the_plan_names(stem):
    own = plan(stem)
    laws = [_law(model("provisions")[one]) for one in own.legal_basis]
    kind = OrganizationKind(model("organizations")[own.organization_id]["kind"])
    refused = {
        f"{level.level} {measure.code}": answer.missing
        for level in own.levels
        for measure in level.measures
        for answer in [
            vocabulary.may(
                measure.code,
                kind=kind,
                level=level.level,
                area=own.jurisdiction,
                at=own.effective_from,
                provisions=laws,
            )
        ]
        if answer.verdict is not vocabulary.LegalVerdict.ALLOWED
    }

    assert refused == {}


@pytest.mark.parametrize("stem", [stem for stem in STEMS if stem != "earthquake-2006"])
def test_a_plan_conforms_to_those_above_it_and_nothing_that_is_known_speaks_against_it(stem):
    report = domain.quality_of(plan(stem), _model_city(), at=ON)

    assert [(one.superior_id, one.verdict) for one in report.comparisons] == [
        (superior, domain.Verdict.CONFORMS) for superior in plan(stem).superiors
    ]
    assert [one for one in report.findings if not one.is_undetermined] == []


def test_the_rules_of_2006_and_of_2012_are_two_versions_of_one_plan_that_meet_at_midnight():
    old, new = plan("earthquake-2006"), plan("earthquake-2012")
    published = [
        replace(one, status=domain.PlanStatus.PUBLISHED, published_at=one.effective_from)
        for one in (old, new)
    ]

    assert (old.plan_id, old.effective_to) == (new.plan_id, new.effective_from)
    eve = new.effective_from.replace(day=27)
    assert [one.plan_version for one in domain.in_force(published, eve)] == ["2006.1"]
    (ruling,) = domain.in_force(published, new.effective_from)
    assert ruling.plan_version == "2012.1"


def test_of_the_same_earthquake_the_two_rules_say_different_things():
    def levels(**facts: float) -> list[ResponseLevel | None]:
        stated = {name: float(value) for name, value in facts.items()}
        return [
            domain.answer(plan(stem), stated, held=None).given
            for stem in ("earthquake-2006", "earthquake-2012")
        ]

    assert levels(magnitude_24h=6.8) == [ResponseLevel.LEVEL_II, ResponseLevel.LEVEL_II]
    assert levels(magnitude_24h=6.0) == [ResponseLevel.LEVEL_III, ResponseLevel.LEVEL_II]
    assert levels(deaths=14) == [ResponseLevel.LEVEL_IV, ResponseLevel.LEVEL_III]
    assert levels(deaths=40, dead_or_missing=60) == [
        ResponseLevel.LEVEL_III,
        ResponseLevel.LEVEL_II,
    ]


def test_an_earthquake_response_opens_the_same_level_of_the_geological_hazard_plan():
    for level in ResponseLevel:
        facts = {"response_11C01": float(level.severity)}

        assert domain.answer(plan("geological"), facts, held=None).given is level


@given(st.data())
def test_more_of_an_indicator_never_gives_a_lower_level(data):
    own = plan(data.draw(st.sampled_from(STEMS)))
    cases = table(data.draw(st.just(_stem_of(own)))).cases
    facts = dict(data.draw(st.sampled_from(cases)).facts)
    name = data.draw(st.sampled_from(own.monotone))
    more = facts.get(name, 0.0) + data.draw(st.floats(0, 1000, allow_nan=False))

    before = domain.answer(own, facts, held=None)
    after = domain.answer(own, {**facts, name: more}, held=None)

    assert not domain.is_above(before.given, after.possible)


@dataclass(frozen=True)
class Mutant:
    """The plan with one threshold of `indicator` moved away from `limit`."""

    indicator: str
    limit: float
    told: str
    plan: domain.Plan


def _is_noticed(mutant: Mutant, asked: domain.FactTable) -> bool:
    """Whether some case goes wrong; those nearest to the limit are asked first."""

    def distance(one: fact_table.Case) -> float:
        return abs(one.facts.get(mutant.indicator, 1e12) - mutant.limit)

    return any(
        not domain.ask(mutant.plan, domain.FactTable(asked.plan_id, (one,)))[0].is_right
        for one in sorted(asked.cases, key=distance)
    )


def _mutants(own: domain.Plan) -> Iterator[Mutant]:
    for number, level in enumerate(own.levels):
        for indicator, limit, changed in _changed(level.conditions):
            levels = list(own.levels)
            levels[number] = replace(level, conditions=changed)
            told = f"{level.level}: {indicator} at {limit:g} as {changed}"
            yield Mutant(indicator, limit, told, replace(own, levels=tuple(levels)))


def _changed(part: condition.Condition) -> Iterator[tuple[str, float, condition.Condition]]:
    match part:
        case Group(need=need, of=parts):
            for number, one in enumerate(parts):
                for indicator, limit, moved in _changed(one):
                    yield (
                        indicator,
                        limit,
                        Group(need, (*parts[:number], moved, *parts[number + 1 :])),
                    )
        case Response(emergency_type=kind, at_least=level):
            for other in ResponseLevel:
                if abs(other.severity - level.severity) == 1:
                    yield part.name, float(level.severity), Response(kind, other)
        case When():
            yield from _moved(part)


def _moved(part: When) -> Iterator[tuple[str, float, condition.Condition]]:
    name, comparison, limit = part.text.split()
    at, minutes = float(limit), part.sustained_for_minutes
    for other in (at - _step(name, at), at + _step(name, at)):
        yield name, at, When(f"{name} {comparison} {other:.4f}", minutes)
    for longer in (minutes - 1, minutes + 1) if minutes else ():
        yield name, at, When(part.text, longer)


def _thresholds(stem: str) -> Iterator[tuple[str, float, list[float]]]:
    """Each indicator and limit of the plan's levels, with the values that the table's cases state."""
    cases = table(stem).cases
    for level in plan(stem).levels:
        for leaf in condition.leaves(level.conditions):
            for atom in logic.atoms(logic.formula_of(leaf)):
                if atom.indicator == logic.HELD:
                    stated = [one.held.total_seconds() / 60 for one in cases if one.held]
                    yield atom.indicator, atom.limit, [*stated, atom.limit + 1]
                else:
                    values = [
                        one.facts[atom.indicator] for one in cases if atom.indicator in one.facts
                    ]
                    yield atom.indicator, atom.limit, values


def _step(name: str, limit: float) -> float:
    """The smallest difference that counts: one of what is counted, a hundredth of a share."""
    registered = condition.registered(name)
    if registered is None or registered.whole or abs(limit) >= 1000:
        return 1.0
    return 0.1 if abs(limit) >= 1 else 0.01


def _can_be(name: str, value: float) -> bool:
    registered = condition.registered(name)
    return registered is None or registered.minimum <= value <= registered.maximum


def _stem_of(own: domain.Plan) -> str:
    return next(stem for stem in STEMS if plan(stem) is own)


@cache
def _model_city() -> domain.Surroundings:
    """All that is known around the plans on the day of the football final; no stock is held."""
    ruling = [
        replace(plan(stem), status=domain.PlanStatus.PUBLISHED, published_at=ON) for stem in STEMS
    ]
    rows = yaml.safe_load((LIBRARY / "model" / "jurisdictions.yaml").read_text(encoding="utf-8"))
    return domain.Surroundings(
        plans=tuple(domain.in_force(ruling, ON)),
        provisions=tuple(
            domain.Provision(row["id"], _law(row)) for row in model("provisions").values()
        ),
        organizations=tuple(
            domain.Organization(
                id=row["id"],
                name_zh=row["nameZh"],
                name_en=row["nameEn"],
                kind=OrganizationKind(row["kind"]),
                jurisdiction=row["jurisdiction"],
                as_of=ON,
                functions=tuple(row.get("functions", ())),
            )
            for row in model("organizations").values()
        ),
        jurisdictions=tuple(
            domain.Jurisdiction(
                id=row["code"],
                name_zh=row["nameZh"],
                name_en=row["nameEn"],
                parent=row.get("parent"),
                population=row["population"],
                area_km2=row["areaKm2"],
                state=None,
                as_of=ON,
            )
            for row in rows
        ),
    )


def _law(row: dict[str, Any]) -> vocabulary.Provision:
    level = row.get("minimumLevel")
    return vocabulary.Provision(
        id=row["id"],
        instrument=row["instrument"],
        article=row["article"],
        measures=tuple(row["measures"]),
        held_by=tuple(OrganizationKind(one) for one in row["heldBy"]),
        minimum_level=ResponseLevel(level) if level else None,
        territory=row.get("territory"),
        maximum_duration_minutes=None,
        valid_from=row["validFrom"],
        valid_to=row.get("validTo"),
        source=row["source"],
    )
