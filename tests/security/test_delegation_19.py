"""Abuse case 19 of reliability.md §3.6: a delegation that has expired gives nothing."""

from datetime import timedelta
from typing import Any

from tests.harness import START, Harness
from tests.security.districts import CITY, HERE, settle
from tests.services.org.incidents import body

UNTIL = START + timedelta(hours=8)
NIGHT = {
    "subject": "deputy",
    "role": "duty_officer",
    "area": HERE,
    "validTo": UNTIL.isoformat(),
    "reason": "night shift",
}


async def test_19_what_the_night_shift_was_given_ends_with_the_night(harness: Any):
    org: Harness = await harness("org")
    await settle(org)

    async def declare(client: Any, longitude: float) -> Any:
        place = {"type": "Point", "coordinates": [longitude, 34.0]}
        return await client.post("/v1/incidents", json=body(jurisdiction=HERE, place=place))

    async with (
        org.client(subject="chief", roles=["duty_officer"], areas=[CITY]) as chief,
        org.client(subject="deputy", roles=["viewer"], areas=[HERE]) as deputy,
    ):
        before = await declare(deputy, 112.0)
        given = await chief.post("/v1/grants", json=NIGHT)
        org.clock.set(UNTIL - timedelta(seconds=1))
        during = await declare(deputy, 113.0)
        org.clock.set(UNTIL)
        expired = await declare(deputy, 114.0)

    assert given.status_code == 201, given.text
    assert [one.status_code for one in (before, during, expired)] == [403, 201, 403]
    assert expired.json()["slug"] == "not-permitted"
    assert expired.json()["action"] == "declare_incident"
