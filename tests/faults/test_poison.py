"""Messages that nobody can handle, in a running deployment: set aside by name, and the rest goes on."""

import json
from pathlib import Path

import nats
import pytest

from tests.e2e import rehearsal
from tests.faults import runs
from uem.stack.stack import Stack

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]
SUBJECT = "uem.guarantee.signal.issued.v1.41.01.00.000."
POISONS: dict[str, tuple[dict[str, str], bytes]] = {
    "sig_no_envelope": ({}, b"{}"),
    "sig_no_json": ({"ce-version": "1"}, b"\xff\xfe not json"),
    "sig_other_shape": ({"ce-version": "1"}, b'{"signal": 7}'),
    "sig_of_another": ({"ce-version": "1", "ce-source": "/uem/org"}, b"{}"),
    "sig_no_number": ({"ce-version": "one"}, b"{}"),
}
READABLE = 2  # sig_no_json and sig_other_shape have an envelope: a log of all events counts them


def headers(id: str, given: dict[str, str]) -> dict[str, str]:
    """An envelope as guarantee writes it, with what the poison says instead."""
    if not given:
        return {}
    return {
        "ce-id": f"evt_{id}",
        "ce-type": "uem.guarantee.signal.issued.v1",
        "ce-source": "/uem/guarantee",
        "ce-subject": id,
        "ce-time": "2021-07-19T14:00:00Z",
        "ce-area": "410100",
        "ce-mode": "REAL",
        "ce-majors": "1",
        "ce-correlationid": "cor_poison",
        "ce-previous": "0",
        **given,
    }


async def poison(stack: Stack) -> None:
    """Each was said under the name of the service that may say signals."""
    password = (stack.home.secrets / "nats-guarantee").read_text().strip()
    connection = await nats.connect(
        stack.nats_url,
        user="guarantee",
        password=password,
        inbox_prefix=b"_INBOX.guarantee",
    )
    try:
        for id, (given, payload) in POISONS.items():
            await connection.jetstream().publish(SUBJECT + id, payload, headers=headers(id, given))
    finally:
        await connection.close()


async def test_every_poison_is_set_aside_by_every_hearer_and_the_emergency_runs(
    calm: runs.Left, tmp_path: Path
):
    async with runs.deployment(tmp_path) as (stack, city):
        await poison(stack)
        city.beyond = {"analytics-guarantee-all": READABLE}
        done = await rehearsal.play(city, until=runs.TEN_MINUTES)
        left = await runs.look(stack, city, done)
        held = {
            name: (await city.read(name, "/v1/operator/quarantine"))["nodes"]
            for name in ("org", "plans", "analytics")
        }
        for name, nodes in held.items():
            for node in nodes:
                await city.call(
                    "POST",
                    name,
                    f"/v1/operator/quarantine/{node['id']}/discard",
                    json={"reason": "planted by a test"},
                )
        again = [await city.read(name, "/v1/operator/quarantine") for name in held]

    counts = {name: len(nodes) for name, nodes in held.items()}
    runs.tell("poison", left, quarantined=json.dumps(counts))
    assert all(one["nodes"] == [] for one in again)
    assert counts["org"] == counts["plans"] == len(POISONS)
    assert left.missing == []
    assert left.recording.duplicate_effects == 0
    assert runs.deeds(left) == runs.deeds(calm)
