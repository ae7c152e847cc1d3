"""A few hundred schedules of faults in every check, and proof that a wrong decision would be found."""

import pytest

from tests.simulation.planted import BUGS
from tests.simulation.schedule import Failure, run, shortest
from tests.simulation.world import Plan

SEED = 2026
SCHEDULES = 200
MOST = 300  # schedules within which a planted bug is found


@pytest.mark.parametrize("begin", range(0, SCHEDULES, 50))
def test_whatever_fails_nothing_is_lost_doubled_or_out_of_order(begin):
    played = [run(Plan(SEED, number)) for number in range(begin, begin + 50)]

    assert [(one.plan.number, one.reason) for one in played if isinstance(one, Failure)] == []


def test_the_schedules_contain_every_kind_of_fault():
    kinds: set[str] = set()
    for number in range(40):
        kinds |= run(Plan(SEED, number)).kinds.keys()

    assert len(kinds) >= 20


def test_a_schedule_is_the_same_each_time():
    first, again = run(Plan(SEED, 3)), run(Plan(SEED, 3))

    assert not isinstance(first, Failure)
    assert not isinstance(again, Failure)
    assert first.trace == again.trace


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_found(name):
    found = (run(Plan(SEED, number), BUGS[name]()) for number in range(MOST))

    assert next((one for one in found if isinstance(one, Failure)), None) is not None


def test_a_failure_is_told_by_the_shortest_schedule_found():
    do = BUGS["a consumer that acknowledges before it commits"]()
    failures = (run(Plan(SEED, number), do) for number in range(MOST))
    failure = next(one for one in failures if isinstance(one, Failure))

    short = shortest(failure, do)

    again = run(short.plan, do)
    assert isinstance(again, Failure)
    assert again.reason == short.reason
    left = [n for n in short.faults if n not in short.plan.without]
    assert len(left) < len(failure.faults)
