"""Cycles as pure decisions: what is owed by when, each thing told once, met by what was done."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.plans import domain, store
from services.plans.domain.cycle import counted_from, months_after
from services.plans.domain.plan_file.source import CHINA
from services.plans.domain.rule import RuleDataInvalid
from tests.harness import START
from tests.services.plans.player import flood

DRILL, REVIEW = domain.CycleKind
DAY = timedelta(days=1)
RAW: dict[str, Any] = {
    "id": "test",
    "version": "1",
    "effective_from": date(2020, 1, 1),
    "source": "test",
    "cycles": [{"kind": "DRILL", "plans": ["SPECIAL"], "every_months": 12, "lead_days": 30}],
}
RULE = domain.parse_cycle_rule(RAW)
DUE = datetime(2027, 6, 1, 8, tzinfo=UTC)  # a year after START


def plan(number: str = "2021.1", at: datetime = START, **about: Any) -> domain.Plan:
    named: dict[str, Any] = {
        "id": f"flood-410100@{number}",
        "plan_version": number,
        "published_at": at,
    }
    return replace(flood(), **named | about)


def drilled(one: domain.Plan, at: datetime, exercise: str | None = None) -> domain.Plan:
    drill = domain.Drill(at, "org_410100_flood_command", "in the tunnel", at, "chen", exercise)
    return domain.record_drill(one, drill)[0]


def reviewed(one: domain.Plan, at: datetime) -> domain.Plan:
    review = domain.Review(at, "org_410100_office", "protocol 7", at, "chen", is_fit=True)
    return domain.record_review(one, review)[0]


def turned(cycle: domain.Cycle | None, versions: list[domain.Plan], at: datetime):
    (due,) = domain.dues(versions, [RULE], at) or (None,)
    after, events = domain.turn(cycle, due, plan=versions[-1], at=at)
    return after, [type(one).__name__ for one in events]


def test_special_plans_are_drilled_and_reviewed_within_three_years_by_the_measures():
    owed = domain.dues([plan()], store.cycle_rules(), START)

    assert [(one.kind, one.due_at, one.rule) for one in owed] == [
        (DRILL, START.replace(year=2029), "plan-cycles-national@2024.1"),
        (REVIEW, START.replace(year=2029), "plan-cycles-national@2024.1"),
    ]
    assert {one.warn_at for one in owed} == {START.replace(year=2029) - 90 * DAY}


def test_before_the_measures_of_2024_no_interval_of_evaluation_is_asked():
    then = datetime(2020, 1, 1, tzinfo=UTC)
    old = plan(at=then, effective_from=then)

    assert [one.kind for one in domain.dues([old], store.cycle_rules(), then + DAY)] == [DRILL]
    assert domain.dues([old], store.cycle_rules(), datetime(2013, 1, 1, tzinfo=UTC)) == ()


def test_an_overall_plan_is_reviewed_and_owes_no_drill():
    overall = plan(kind=domain.PlanKind.OVERALL)

    assert [one.kind for one in domain.dues([overall], store.cycle_rules(), START)] == [REVIEW]


def test_the_rule_of_the_nearest_division_holds():
    own = domain.parse_cycle_rule(RAW | {"id": "city", "jurisdiction": "410100"})
    other = domain.parse_cycle_rule(RAW | {"id": "other", "jurisdiction": "410200"})
    rules = [*store.cycle_rules(), own, other]

    owed = {one.kind: one.rule for one in domain.dues([plan()], rules, START)}

    assert owed == {DRILL: "city@1", REVIEW: "plan-cycles-national@2024.1"}


def test_a_drill_of_any_version_counts_and_a_new_version_postpones_nothing():
    first = drilled(plan(), START + DAY)
    second = plan("2021.2", START + 100 * DAY, effective_from=START + 100 * DAY)

    assert counted_from([first, second], second, kind=DRILL) == (START + DAY, True)
    assert counted_from([plan(), second], second, kind=DRILL) == (START, False)
    assert counted_from([plan(), second], second, kind=REVIEW) == (START + 100 * DAY, True)


def test_a_cycle_is_told_due_at_its_lead_time_and_overdue_at_its_end_once_each():
    versions = [plan()]
    cycle, said = turned(None, versions, START)
    assert (said, cycle.state(START)) == ([], domain.CycleState.UPCOMING)

    seen = []
    for at in (DUE - 31 * DAY, DUE - 30 * DAY, DUE - DAY, DUE, DUE + DAY):
        cycle, said = turned(cycle, versions, at)
        seen.append((said, cycle.state(at)))

    assert seen == [
        ([], "UPCOMING"),
        (["CycleDue"], "DUE"),
        ([], "DUE"),
        (["CycleOverdue"], "OVERDUE"),
        ([], "OVERDUE"),
    ]
    assert (cycle.warn_at, cycle.due_at) == (DUE - 30 * DAY, DUE)


def test_after_downtime_both_are_told_with_their_true_times():
    cycle, _ = turned(None, [plan()], START)

    late, said = turned(cycle, [plan()], DUE + 500 * DAY)

    assert said == ["CycleDue", "CycleOverdue"]
    assert (late.warn_at, late.due_at) == (DUE - 30 * DAY, DUE)
    assert late.due_told_at == late.overdue_told_at == DUE + 500 * DAY
    assert turned(late, [plan()], DUE + 501 * DAY)[1] == []


def test_a_drill_meets_the_cycle_and_the_next_one_is_counted_from_it():
    cycle, _ = turned(None, [plan()], START)
    cycle, _ = turned(cycle, [plan()], DUE)

    after, said = turned(cycle, [drilled(plan(), DUE + DAY)], DUE + 2 * DAY)

    assert said == ["CycleMet"]
    assert (after.met_at, after.counted_from) == (DUE + DAY, DUE + DAY)
    assert after.due_at == months_after(DUE + DAY, 12)
    assert (after.due_told_at, after.overdue_told_at) == (None, None)


def test_an_older_drill_that_is_heard_of_late_takes_nothing_back():
    known = drilled(plan(), START + 50 * DAY)
    cycle, _ = turned(None, [known], START + 60 * DAY)

    after, said = turned(cycle, [drilled(known, START + 20 * DAY)], START + 61 * DAY)

    assert (said, after.counted_from) == ([], START + 50 * DAY)


def test_a_plan_of_which_nothing_rules_owes_nothing_and_its_cycle_is_closed():
    versions = [plan()]
    cycle, _ = turned(None, versions, START)
    retired, _ = domain.retire(versions[0], domain.RULES, reason="merged", under=(), at=START + DAY)

    closed, said = turned(cycle, [retired], START + 2 * DAY)

    assert (said, closed.closed_at) == ([], START + 2 * DAY)
    assert turned(closed, [retired], DUE + DAY) == (closed, [])
    assert domain.look_again_at([closed], [retired], [RULE], START + 2 * DAY) is None


@given(
    st.lists(st.integers(0, 2000), max_size=5),
    st.lists(st.integers(0, 2000), min_size=1, max_size=40),
)
def test_however_often_one_looks_nothing_is_told_twice_or_before_its_time(drills, looks):
    one, cycle, told = plan(), None, []
    days = {START + day * DAY for day in drills}
    for now in sorted(START + day * DAY for day in looks):
        for at in sorted(day for day in days if day <= now):
            one = drilled(one, at)
        due = next(iter(domain.dues([one], [RULE], now)))
        cycle, events = domain.turn(cycle, due, plan=one, at=now)
        for event in events:
            if isinstance(event, domain.CycleMet):
                told.append(("met", event.cycle.counted_from))
                assert event.met.counted_from < event.cycle.counted_from <= now
            elif isinstance(event, domain.CycleDue):
                told.append(("due", event.cycle.due_at))
                assert event.cycle.warn_at <= now
            else:
                told.append(("overdue", event.cycle.due_at))
                assert event.cycle.due_at <= now
        assert cycle is not None
        assert domain.turn(cycle, due, plan=one, at=now) == (cycle, [])
        assert (cycle.overdue_told_at is not None) == (cycle.due_at <= now)

    assert len(told) == len(set(told))


@given(st.integers(0, 50 * 366 * 24), st.integers(1, 60))
def test_months_are_counted_in_civil_time_and_never_skip_one(hours, months):
    start = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    local, end = (at.astimezone(CHINA) for at in (start, months_after(start, months)))

    passed = (end.year - local.year) * 12 + end.month - local.month
    assert passed == months
    assert end.day == local.day or (end.day < local.day and (end + DAY).month != end.month)
    assert end.timetz() == local.timetz()


def test_the_plan_is_looked_at_when_something_falls_due_and_within_a_month_otherwise():
    cycle, _ = turned(None, [plan()], START)
    assert cycle is not None

    later = plan("2021.2", START, effective_from=START + 5 * DAY)

    assert domain.look_again_at([cycle], [plan()], [RULE], START) == DUE - 30 * DAY
    assert domain.look_again_at([cycle], [plan(), later], [RULE], START) == START + 5 * DAY
    assert domain.look_again_at([], [plan()], [RULE], START) == START + 30 * DAY


def test_how_a_plan_stands_with_its_drills_is_told_to_the_quality_report():
    assert domain.drill_standing([plan()], [RULE], START) == domain.DrillStanding(None, DUE)
    done = drilled(drilled(plan(), START + 9 * DAY), START + 2 * DAY)

    standing = domain.drill_standing([done], [RULE], START + 10 * DAY)

    assert standing == domain.DrillStanding(START + 9 * DAY, months_after(START + 9 * DAY, 12))
    assert domain.drill_standing([plan()], [], START) == domain.DrillStanding(None, None)


def test_a_review_moves_the_review_cycle_only():
    done = reviewed(plan(), START + 9 * DAY)
    owed = {one.kind: one.counted_from for one in domain.dues([done], store.cycle_rules(), DUE)}

    assert owed == {DRILL: START, REVIEW: START + 9 * DAY}


@pytest.mark.parametrize(
    "broken",
    [
        {"cycles": [{"kind": "DRILL", "plans": ["SPECIAL"], "every_months": 0, "lead_days": 1}]},
        {"cycles": [{"kind": "DRILL", "plans": ["SPECIAL"], "every_months": 1, "lead_days": 90}]},
        {"cycles": [{"kind": "DRILL", "plans": ["GALACTIC"], "every_months": 9, "lead_days": 1}]},
        {"cycles": 3},
        {"effective_from": "soon"},
    ],
)
def test_a_rule_that_says_nonsense_is_refused_by_name(broken):
    with pytest.raises(RuleDataInvalid, match="test"):
        domain.parse_cycle_rule(RAW | broken)
