"""Chains of CAP messages that come in odd orders, from odd senders, at odd times."""

from tests.services.guarantee.messages import cap_xml
from tests.services.guarantee.test_api_signal import post


async def test_an_update_before_its_alert_supersedes_it_when_it_comes(guarantee, agency):
    await post(agency, cap_xml("ZZ-2", kind="Update", references=["ZZ-1"]))

    alert = (await post(agency, cap_xml("ZZ-1"))).json()

    assert alert["signal"]["status"] == "SUPERSEDED"
    assert "cap-already-superseded" in [one["code"] for one in alert["notes"]]
    assert len(await guarantee.published("signal.issued")) == 1


async def test_an_agency_replaces_only_its_own_signals(guarantee, agency):
    first = (await post(agency, cap_xml("ZZ-1"))).json()
    document = cap_xml("ZZ-2", sender="somebody-else", kind="Cancel", references=["ZZ-1"])

    receipt = (await post(agency, document)).json()

    assert [one["code"] for one in receipt["notes"]] == ["cap-reference-other-sender"]
    assert (await agency.get(f"/v1/signals/{first['id']}")).json()["status"] == "ACTIVE"


async def test_times_that_look_wrong_are_told_and_believed(agency):
    early = await post(
        agency,
        cap_xml(sent="2026-06-01T18:00:00+08:00", onset="2026-06-01T17:00:00+08:00"),
    )

    codes = {one["code"] for one in early.json()["notes"]}
    assert codes == {"cap-sent-in-future", "cap-onset-before-sent"}
    assert early.json()["active"] is True


async def test_an_all_clear_ends_what_it_is_about(guarantee, agency):
    first = (await post(agency, cap_xml("ZZ-1"))).json()

    over = await post(
        agency, cap_xml("ZZ-2", kind="Update", references=["ZZ-1"], response="AllClear")
    )

    assert over.json()["ended"] == [{"id": first["id"], "status": "CANCELLED"}]
    assert over.json()["signal"] is None
