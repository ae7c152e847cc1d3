"""An instant that no time zone, column or engine can hold is refused, whatever route it comes by."""

from tests.services.org import city

FAR = ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00Z"]


async def test_far_instants_are_invalid_input(harness):
    org = await harness("org")
    await city.settle(org)
    report = {"source": "12345", "jurisdiction": "410100", "text": "water"}
    entry = {"jurisdiction": "410100", "kind": "CALL", "text": "called"}
    async with org.client(roles=["duty_officer"], org=city.OFFICE, areas=["410100"]) as officer:
        answers = [
            await officer.post(path, json=body | {name: far})
            for far in FAR
            for path, name, body in (
                ("/v1/reports", "observedAt", report),
                ("/v1/log-entries", "at", entry),
            )
        ]
        asked = [await officer.get("/v1/incidents", params={"declaredAfter": far}) for far in FAR]

    assert {answer.status_code for answer in answers} == {422}
    assert all("1900" in answer.text for answer in answers)
    assert all(answer.status_code in (200, 422) for answer in asked)
