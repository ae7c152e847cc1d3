"""Signals over HTTP: taken in as CAP or by form, chained, given back byte for byte."""

import pytest

from tests.services.guarantee.messages import SENDER, at, cap_xml

XML = {"content-type": "application/cap+xml"}


async def post(agency, document, media="application/cap+xml"):
    return await agency.post("/v1/cap", content=document, headers={"content-type": media})


@pytest.fixture
async def agency(guarantee):
    async with guarantee.client(roles=["agency"], org=SENDER, subject="met-1") as client:
        yield client


async def test_a_cap_alert_puts_a_signal_in_force_and_suggests_an_early_warning(guarantee, agency):
    answer = await post(agency, cap_xml())

    assert answer.status_code == 200, answer.text
    receipt = answer.json()
    signal = receipt["signal"]
    assert (receipt["active"], receipt["repeated"], receipt["notes"]) == (True, False, [])
    assert (signal["status"], signal["colour"], signal["emergencyType"]) == (
        "ACTIVE",
        "RED",
        "11B03",
    )
    assert (signal["jurisdiction"], signal["areas"]) == ("410100", ["410100", "410102", "410105"])
    assert signal["headlineZh"] == "暴雨红色预警信号"
    issued, drafted = await guarantee.published()
    assert (issued.aggregate, issued.event, issued.id) == ("signal", "issued", receipt["id"])
    assert issued.body["signal"]["areas"] == ["410100", "410102", "410105"]
    assert (drafted.aggregate, drafted.event) == ("warning", "drafted")
    assert drafted.body["warning"]["organizationId"] == "org_410100_flood_command"
    assert drafted.body["warning"]["status"] == "AWAITING_APPROVAL"


async def test_the_original_is_given_back_byte_for_byte(agency):
    document = cap_xml()
    receipt = (await post(agency, document)).json()

    answer = await agency.get(f"/v1/signals/{receipt['id']}/cap")

    assert answer.content == document
    assert answer.headers["content-type"] == "application/cap+xml"
