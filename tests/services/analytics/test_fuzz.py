"""The REST contract of analytics, fuzzed as those of the others; its warehouse is the session's."""

from tests.fuzz.asking import Asked, drawn, is_fault, operations
from tests.services.analytics.test_observations import STATION


async def test_no_request_meets_a_fault(analytics, issuer):
    faults = []
    async with analytics.anonymous() as client:
        asked = Asked(client, issuer)
        asked.sign_in()
        assert (await client.put("/v1/stations/s1", json=STATION)).status_code == 200
        for operation in operations("analytics"):
            asked.sign_in()
            for case in drawn(operation):
                answer = await asked.send(case)
                if is_fault(answer):
                    faults.append(f"{case.as_curl_command()}\n{answer.status_code} {answer.text}")

    assert faults == []
    assert asked.statuses[200] > 0
