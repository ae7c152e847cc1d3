"""A story is put together from what each service knows: causes first, times from the commit on."""

from typing import Any

import pytest

from uem import tracing

CORRELATION = "cor_1"


def said(number: int, *, cause: str | None = None, at: float = 0.0, service: str = "org") -> Any:
    return {
        "eventId": f"evt_{number}",
        "service": service,
        "aggregate": "task",
        "event": "created",
        "id": f"tsk_{number}",
        "version": 1,
        "mode": "REAL",
        "correlationId": CORRELATION,
        "causationId": cause,
        "occurredAt": instant(0),
        "recordedAt": instant(at),
        "storedAt": instant(at + 0.004),
        "stream": "UEM_ORG",
        "streamSeq": number,
    }


def heard(number: int, *, by: str, at: float) -> Any:
    return {
        "eventId": f"evt_{number}",
        "consumer": by,
        "outcome": "APPLIED",
        "recordedAt": instant(at),
    }


def instant(seconds: float) -> str:
    return f"2026-01-01T08:00:{seconds:09.6f}+00:00"


def test_effects_stand_below_their_cause_even_when_another_story_came_between():
    rows = [
        said(3, cause="evt_1", at=3),
        said(2, at=2),
        said(1, at=1),
        said(4, cause="evt_3", at=4),
    ]

    story = tracing.put_together(rows, [])

    assert [one.event_id for one in story] == ["evt_1", "evt_3", "evt_4", "evt_2"]


def test_an_effect_whose_cause_nobody_remembers_begins_a_story_of_its_own():
    (alone,) = tracing.put_together([said(1, cause="evt_aged_out")], [])

    assert alone.after_cause_ms is None


def test_times_count_from_the_events_own_commit():
    rows = [said(1, at=1), said(2, cause="evt_1", at=1.25)]

    first, second = tracing.put_together(rows, [heard(1, by="org-plans-activation", at=1.02)])

    assert (first.stored_ms, first.heard[0].after_ms) == (4.0, 20.0)
    assert second.after_cause_ms == 250.0
    assert second.heard == ()


def test_what_the_broker_has_not_stored_has_no_time_of_storing():
    row = said(1) | {"storedAt": None, "streamSeq": None}

    (waiting,) = tracing.put_together([row], [])

    assert waiting.stored_ms is None


class Asked:
    """Two services, each with what it said and heard."""

    addresses = ("org", "plans")

    def __init__(self, said: dict[str, list[Any]], heard: dict[str, list[Any]]) -> None:
        self._said, self._heard = said, heard

    def post(self, service: str, path: str, body: Any) -> Any:
        keys = set(body["keys"])
        return {
            "said": [
                one
                for one in self._said[service]
                if keys & {one["eventId"], one["id"], one["correlationId"]}
            ],
            "heard": [one for one in self._heard[service] if one["eventId"] in keys],
        }


@pytest.mark.parametrize("asked", ["evt_1", "tsk_2", CORRELATION])
def test_any_id_of_a_story_leads_to_the_whole_of_it(asked: str):
    services = Asked(
        {"org": [said(1)], "plans": [said(2, cause="evt_1", at=1, service="plans")]},
        {"org": [], "plans": [heard(1, by="plans-org-task", at=0.5)]},
    )

    story = tracing.follow(services, asked)  # type: ignore[arg-type]

    assert [(one.service, one.event_id) for one in story] == [("org", "evt_1"), ("plans", "evt_2")]
    assert [one.consumer for one in story[0].heard] == ["plans-org-task"]
