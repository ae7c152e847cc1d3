"""At rest means: nothing waits in any service, and all that was said has been taken."""

import pytest

from uem.demo import rest


def progress(*, versions=None, events=0, heard=(), unsent=0, timers=0):
    return {
        "unsent": unsent,
        "timers": timers,
        "versions": versions or {},
        "events": events,
        "heard": list(heard),
    }


def hears(consumer, service, aggregate, taken):
    return {"consumer": consumer, "service": service, "aggregate": aggregate, "taken": taken}


def city(*, signals=3, org_took=3, log_took=3, **org):
    return {
        "guarantee": progress(versions={"signal": signals, "dispatch": 5}, events=signals),
        "org": progress(heard=[hears("org-signal", "guarantee", "signal", org_took)], **org),
        "analytics": progress(heard=[hears("log", "guarantee", "*", log_took)]),
    }


def test_where_everything_said_was_taken_there_is_nothing_to_do():
    assert rest.to_do(city()) == []


@pytest.mark.parametrize(
    ("seen", "left"),
    [
        (city(signals=4, log_took=4), ["org-signal: 1 to be taken"]),
        (city(log_took=1), ["log: 2 to be taken"]),
        (city(unsent=2), ["org: 2 unsent"]),
        (city(timers=1), ["org: 1 timers"]),
        # taken after the look at the sayer: that look is too old to conclude anything from it
        (city(org_took=4), ["org-signal: -1 to be taken"]),
    ],
)
def test_what_waits_or_is_between_two_services_is_named(seen, left):
    assert rest.to_do(seen) == left


def test_a_consumer_of_what_was_never_said_has_nothing_to_take():
    seen = city() | {"plans": progress(heard=[hears("p", "guarantee", "warning", 0)])}

    assert rest.to_do(seen) == []
