"""The doctor turns what a service found missing into a sentence and the command that mends it."""

import re
from typing import Any

from uem import doctor
from uem.doctor import Verdict


class Told:
    """A service that answers with what it last found."""

    def __init__(self, found: dict[str, Any]) -> None:
        self._found = found

    def get(self, service: str, path: str) -> dict[str, Any]:
        assert path == "/v1/operator/reconciliation"
        return self._found


def found(**more: Any) -> dict[str, Any]:
    at = "2026-01-01T08:00:00+00:00"
    whole: dict[str, Any] = {"at": at, "stored": [], "taken": [], "missing": [], **more}
    return {"lost": sum(one["lost"] for one in (*whole["stored"], *whole["taken"])), **whole}


def missing(stream: str, at: str) -> dict[str, Any]:
    return {"eventId": "evt_1", "stream": stream, "streamSeq": 7, "saidAt": at}


def losses(told: dict[str, Any]) -> list[doctor.Finding]:
    return list(doctor._losses(Told(told), "org"))  # type: ignore[arg-type]


def test_an_empty_stream_is_told_with_the_rewind_that_fills_it():
    told = found(
        stored=[{"stream": "UEM_ORG", "said": 12000, "unsent": 0, "lost": 12000}],
        missing=[
            missing("UEM_ORG", "2026-01-01T07:30:00+00:00"),
            missing("UEM_ORG", "2026-01-01T07:10:00+00:00"),
        ],
    )

    (finding,) = losses(told)

    assert finding.verdict is Verdict.WRONG
    assert finding.what == "stream UEM_ORG lacks 12000 of 12000 events in the outbox"
    assert finding.remedy == "uem outbox rewind org --since 2026-01-01T07:09:00+00:00"


def test_what_an_inbox_lacks_is_said_again_by_who_said_it():
    told = found(
        taken=[{"consumer": "org-plans-activation", "stream": "UEM_PLANS", "lost": 1}],
        missing=[missing("UEM_PLANS", "2026-01-01T07:30:00+00:00")],
    )

    (finding,) = losses(told)

    assert "org-plans-activation took 1 events" in finding.what
    assert finding.remedy.startswith("uem outbox rewind plans --since 2026-01-01T07:29:00")


def test_nothing_lost_is_said_with_its_age_and_nothing_known_is_to_be_watched():
    (fine,) = losses(found())
    assert fine.verdict is Verdict.FINE
    assert re.fullmatch(r"org finds nothing lost, checked \d+ s ago", fine.what)
    assert [one.verdict for one in losses(found(at=None))] == [Verdict.WATCH]
