"""Latencies of hand-offs come from the outboxes of cause and effect, and only of two services."""

from uem.demo import links
from uem.demo.accounts import Ledger


def event(number, service, cause=None, *, aggregate="signal", name="issued"):
    return {
        "eventId": f"evt_{number}",
        "service": service,
        "aggregate": aggregate,
        "event": name,
        "causationId": None if cause is None else f"evt_{cause}",
    }


def ledger(**seconds):
    rows = [
        {"eventId": name, "recordedAt": f"2026-06-01T08:00:{second:06.3f}Z"}
        for name, second in seconds.items()
    ]
    return Ledger(rows, [])


def test_a_hand_off_takes_from_record_to_record_whatever_the_log_hears_when():
    log = [
        event(2, "org", 1, aggregate="obligation", name="owed"),
        event(4, "org", 3, aggregate="obligation", name="owed"),
        event(1, "guarantee"),
        event(3, "guarantee"),
    ]

    found = links.between(log, [ledger(evt_1=1, evt_3=2), ledger(evt_2=1.02, evt_4=2.04)])

    assert found == [
        {
            "from": "guarantee",
            "to": "org",
            "event": "signal.issued → obligation.owed",
            "latency_ms": 30.0,
            "p99_ms": 40.0,
            "count": 2,
        }
    ]


def test_what_a_service_does_because_of_itself_or_of_a_person_is_no_hand_off():
    log = [event(1, "guarantee"), event(2, "guarantee", 1), event(3, "org", 9)]

    assert links.between(log, [ledger(evt_1=1, evt_2=2), ledger(evt_3=3)]) == []


def test_what_a_service_forgot_when_it_was_set_back_has_no_time_and_is_left_out():
    log = [event(1, "guarantee"), event(2, "org", 1), event(3, "org"), event(4, "plans", 3)]

    found = links.between(log, [ledger(evt_1=1), ledger(evt_4=2)])  # org forgot 2 and 3

    assert found == []
