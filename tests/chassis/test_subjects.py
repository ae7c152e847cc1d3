"""Subjects and envelopes: what was built can be read, and nothing else."""

import string
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis import envelope, subjects
from chassis.envelope import Envelope, Malformed

tokens = st.text(string.ascii_letters + string.digits + "_-", min_size=1, max_size=20)
areas = st.sampled_from(["410000", "410105", "410105004", "000000", "650100"])
modes = st.sampled_from(["REAL", "EXERCISE"])


@given(tokens, tokens, tokens, st.integers(1, 99), areas, tokens, modes)
def test_a_subject_is_parsed_into_what_it_was_built_from(
    service, aggregate, event, major, area, id, mode
):
    built = subjects.build(
        service, aggregate, event=event, major=major, area=area, id=id, mode=mode
    )

    parsed = subjects.parse(built)

    assert str(parsed) == built
    assert (parsed.service, parsed.aggregate, parsed.event) == (service, aggregate, event)
    assert (parsed.major, parsed.id) == (major, id)
    assert "".join(parsed.area) == area.ljust(9, "0")
    assert parsed.root == ("uem" if mode == "REAL" else "uemx")


@given(st.text(max_size=20))
def test_no_text_smuggles_a_token_or_a_wildcard_into_a_subject(text):
    try:
        built = subjects.build(
            "org", "order", event="issued", major=1, area="410105", id=text, mode="REAL"
        )
    except ValueError:
        return
    assert len(built.split(".")) == 10
    assert not set(built) & set("*> \t\r\n")


@pytest.mark.parametrize(
    "area", ["*.>", "4101", "41010", "4101050000000", "４１０１０５", "41010a"]
)
def test_an_area_that_is_no_code_is_refused(area):
    with pytest.raises(ValueError, match="is not 6, 9 or 12 digits"):
        subjects.area_tokens(area)


def test_area_tokens_are_province_city_county_and_township_digits():
    assert subjects.area_tokens("410105") == ("41", "01", "05", "000")
    assert subjects.area_tokens("410105004") == ("41", "01", "05", "004")
    assert subjects.area_tokens("410105004011") == ("41", "01", "05", "004")
    assert subjects.area_tokens("") == ("00", "00", "00", "000")


@pytest.mark.parametrize(
    "subject",
    [
        "uem.org.order.issued.v1.41.01.05.000",
        "uem.org.order.issued.v0.41.01.05.000.ord_1",
        "uem.org.order.issued.1.41.01.05.000.ord_1",
        "pub.org.order.issued.v1.41.01.05.000.ord_1",
        "uem.org.order.issued.v1.4.101.05.000.ord_1",
        "uem.org.order.issued.v1.41.01.05.000.>",
    ],
)
def test_another_subject_is_not_an_event(subject):
    with pytest.raises(ValueError, match=r"no event subject|no area|is not 6, 9 or 12 digits"):
        subjects.parse(subject)


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
envelopes = st.builds(
    Envelope,
    event_id=tokens,
    type=st.just("uem.org.order.issued.v1"),
    service=st.just("org"),
    aggregate=st.just("order"),
    event=st.just("issued"),
    major=st.just(1),
    majors=st.lists(st.integers(1, 9), min_size=1).map(tuple),
    id=tokens,
    area=areas,
    mode=modes,
    version=st.integers(1, 2**53),
    previous=st.integers(0, 2**53),
    time=st.datetimes(timezones=st.just(UTC)),
    correlation_id=texts,
    causation_id=st.none() | texts,
)


@given(envelopes)
def test_an_envelope_is_read_as_it_was_written_whatever_its_values(written):
    subject = subjects.build(
        "org", "order", event="issued", major=1, area=written.area, id=written.id, mode=written.mode
    )

    headers = envelope.write(written)

    assert all(value.isascii() and value.isprintable() for value in headers.values())
    assert not any(" " in value for value in headers.values())
    assert envelope.read(subject, headers) == written


HEADERS = envelope.write(
    Envelope(
        event_id="evt_1",
        type="uem.org.order.issued.v1",
        service="org",
        aggregate="order",
        event="issued",
        major=1,
        majors=(1,),
        id="ord_1",
        area="410105",
        mode="REAL",
        version=1,
        previous=0,
        time=datetime(2026, 6, 1, tzinfo=UTC),
        correlation_id="cor_1",
    )
)
SUBJECT = "uem.org.order.issued.v1.41.01.05.000.ord_1"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ce-source", "/uem/plans"),
        ("ce-type", "uem.org.order.lifted.v1"),
        ("ce-subject", "ord_2"),
        ("ce-mode", "EXERCISE"),
        ("ce-version", "one"),
        ("ce-time", "2026-06-01T00:00:00"),
        ("ce-correlationid", "%ff"),
    ],
)
def test_an_envelope_that_contradicts_its_subject_is_malformed(name, value):
    assert envelope.read(SUBJECT, HEADERS).id == "ord_1"

    with pytest.raises(Malformed):
        envelope.read(SUBJECT, {**HEADERS, name: value})


def test_an_envelope_without_a_required_attribute_is_malformed():
    for name in set(HEADERS) - {"ce-area", "ce-specversion", "ce-datacontenttype"}:
        headers = {k: v for k, v in HEADERS.items() if k != name}
        with pytest.raises(Malformed):
            envelope.read(SUBJECT, headers)
