"""The level in force of a division: announced to everybody, what led to it is not."""

from tests.harness import Harness
from tests.services.plans.city import CITY, SMALL
from tests.services.plans.test_api import proposed


async def test_the_level_of_a_jurisdiction_is_the_highest_in_force(plans: Harness):
    id = await proposed(plans)

    async with plans.client() as client:
        answer = await client.post("/v1/batch/responseLevels", json={"keys": [CITY, SMALL]})

    (level,) = answer.json()[CITY]
    assert (level["emergencyType"], level["level"]) == ("11B03", "LEVEL_III")
    assert level["activation"]["id"] == id
    assert answer.json()[SMALL] == []


async def test_the_level_of_the_city_is_announced_below_it_and_what_led_to_it_is_not(
    plans: Harness,
):
    id = await proposed(plans)
    asked = {"keys": [CITY]}

    async with plans.client(subject="below", areas=["410105"], org="org_below") as viewer:
        answer = await viewer.post("/v1/batch/responseLevels", json=asked)
        one = await viewer.get(f"/v1/activations/{id}")
        listed = await viewer.post("/v1/batch/activations", json={"keys": [id]})

    (level,) = answer.json()[CITY]
    assert (level["emergencyType"], level["level"]) == ("11B03", "LEVEL_III")
    assert (level["planId"], level["since"] is not None) == ("flood-410100", True)
    assert level["activation"] is None
    assert (one.status_code, listed.json()) == (404, {id: None})
