"""CAP read from anything, refused with reasons, written strictly."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from chassis.errors import DomainError
from services.guarantee.domain import cap
from tests.services.guarantee.messages import SENDER, cap_xml

ROOT = Path(__file__).resolve().parents[3]
# Public CAP files of other projects and the OASIS schema: read where they are, never copied in.
SHARED = Path(os.environ.get("UEM_SHARED_DATA", ROOT.parent / "shared" / "data"))
FILES = sorted((*SHARED.glob("cap/*.cap"), *SHARED.glob("eden/*.xml")))
needs_files = pytest.mark.skipif(not FILES, reason="the public CAP files are not here")


def codes(problems):
    return [one["code"] for one in problems]


def refusal(document):
    with pytest.raises(DomainError) as caught:
        cap.require_understandable(cap.read(document).alert)
    return caught.value


def test_a_message_is_read_whole():
    reading = cap.read(cap_xml(references=["ZZ-0"], kind="Update", geocode="410100"))

    alert = reading.alert
    (info,) = alert.infos
    (area,) = info.areas
    assert (alert.identifier, alert.message_type) == ("ZZ-1", cap.MessageType.UPDATE)
    assert alert.sent.isoformat() == "2026-06-01T08:00:00+00:00"
    assert [one.identifier for one in alert.references] == ["ZZ-0"]
    assert (info.severity, info.urgency) == (cap.Severity.EXTREME, cap.Urgency.IMMEDIATE)
    assert info.parameters == (cap.Named("warningLevel", "red"),)
    assert area.polygons[0][1] == (34.0, 115.0)
    assert reading.notes == ()


def test_elements_out_of_order_are_named_with_their_lines():
    document = cap_xml().replace(
        b"<urgency>Immediate</urgency><severity>Extreme</severity>",
        b"<severity>Extreme</severity><urgency>Immediate</urgency>",
    )

    error = refusal(document)

    assert (error.slug, codes(error.extra["problems"])) == ("cap-invalid", ["out-of-order"])
    assert error.extra["problems"][0]["where"].startswith("urgency (line")


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (cap_xml().replace(b"<scope>Public</scope>", b""), "missing-element"),
        (cap_xml().replace(b"<scope>", b"<scope>Public</scope><scope>"), "repeated-element"),
        (cap_xml().replace(b"<scope>", b"<colour>red</colour><scope>"), "unknown-element"),
        (cap_xml(urgency="Soon"), "unknown-value"),
        (cap_xml(sender="two words"), "bad-name"),
        (cap_xml(sent="yesterday"), "unreadable"),
        (cap_xml(sent="2026-02-30T00:00:00+08:00"), "unreadable"),
        (cap_xml(polygon="113.0,34.0 115.0,34.0 115.0,35.0 113.0,34.0"), "unreadable"),
        (cap_xml(polygon="34.0,113.0 34.0,115.0"), "unreadable"),
        (cap_xml(circle="34.0,113.0 -2"), "unreadable"),
        (cap_xml(kind="Update", references=["ZZ-1"]), "self-reference"),
        (cap_xml(info=False), "missing-element"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(broken, code):
    assert code in codes(refusal(broken).extra["problems"])


@pytest.mark.parametrize("kind", ["Ack", "Error"])
def test_answers_to_our_own_messages_are_no_signals(kind):
    assert refusal(cap_xml(kind=kind, references=["ZZ-0"])).slug == "cap-type-unsupported"


def test_a_document_type_is_never_read():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    remote = b'<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">'

    for declaration in (bomb, remote):
        document = cap_xml().replace(b"<alert", declaration + b"<alert", 1)
        assert refusal(document).slug == "cap-unreadable"


def test_a_ring_left_open_is_closed_and_said():
    reading = cap.read(cap_xml(polygon="34.0,113.0 34.0,115.0 35.0,115.0"))

    assert [one.code for one in reading.notes] == ["polygon-closed"]
    assert len(reading.alert.infos[0].areas[0].polygons[0]) == 4


@pytest.mark.parametrize(
    ("written", "overlooked"),
    [
        ("2026-06-01T16:00:00+08:00", set()),
        ("2026-06-01T08:00:00Z", {"time-z"}),
        ("2026-06-01 16:00:00+08:00", {"time-blank"}),
        ("2026-06-01 16:00:00", {"time-blank", "time-offset-assumed"}),
        ("2026-06-01T16:00:00.500+08:00", {"time-fraction"}),
        ("2026-06-01T16:00:00+0800", {"time-form"}),
    ],
)
def test_times_are_read_in_the_forms_that_senders_use(written, overlooked):
    reading = cap.read(cap_xml(sent=written))

    assert reading.alert.sent.isoformat() == "2026-06-01T08:00:00+00:00"
    assert {one.code for one in reading.notes} == overlooked


def test_a_sender_is_told_what_it_could_do_better():
    document = cap_xml(expires=None, severity="Unknown", colour=None, polygon=None).replace(
        b"<scope>Public</scope>", b"<scope>Private</scope><restriction>police</restriction>"
    )

    codes = {one.code for one in cap.remarks(cap.read(document).alert)}

    assert codes == {
        "restriction-unexpected",
        "addresses-missing",
        "expires-missing",
        "geometry-missing",
        "unknown-discouraged",
    }


mangled = st.builds(
    lambda base, cuts: _mangle(base, cuts),
    st.sampled_from(
        [cap_xml(), cap_xml(kind="Cancel", references=["ZZ-0"]), cap_xml(version="1.1")]
    ),
    st.lists(
        st.tuples(st.integers(0, 3000), st.integers(0, 40), st.binary(max_size=12)), max_size=6
    ),
)


def _mangle(document, cuts):
    for start, length, instead in cuts:
        start = start % (len(document) + 1)
        document = document[:start] + instead + document[start + length :]
    return document


REMARKS = {
    "restriction-missing": ("<scope>Public</scope>", "<scope>Restricted</scope>"),
    "headline-long": ("暴雨红色预警信号", "暴" * 141),
    "description-missing": ("<description>预计3小时内降雨量将达100毫米以上</description>", ""),
    "times-contradict": ("<expires>", "<onset>2026-06-02T00:00:00+08:00</onset><expires>"),
    "circle-without-radius": (
        "<areaDesc>郑州市</areaDesc>",
        "<areaDesc>-</areaDesc><circle>34.5,113.5 0</circle>",
    ),
    "ceiling-without-altitude": ("</area>", "<ceiling>900</ceiling></area>"),
    "ceiling-below-altitude": ("</area>", "<altitude>900</altitude><ceiling>100</ceiling></area>"),
    "uri-relative": (
        "<area>",
        "<resource><resourceDesc>map</resourceDesc><mimeType>image/png</mimeType><uri>map.png</uri></resource><area>",
    ),
    "signature-not-verified": (
        "</alert>",
        '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/></alert>',
    ),
}


@pytest.mark.parametrize("code", REMARKS)
def test_each_rule_beyond_the_schema_is_told_and_refuses_nothing(code):
    before, after = REMARKS[code]
    document = cap_xml(
        polygon=None if "circle" in code else "34.0,113.0 34.0,115.0 35.0,115.0 34.0,113.0"
    )
    written = document.decode().replace(before, after)
    assert written != document.decode()

    reading = cap.read(written.encode())
    cap.require_understandable(reading.alert)

    assert [one.code for one in cap.remarks(reading.alert)] == [code]


def test_blocks_that_contradict_one_another_and_references_from_the_future_are_told():
    block = cap_xml().decode().split("<info>")[1].split("</info>")[0]
    second = f"<info>{block}</info>".replace(">Met<", ">Safety<").replace(
        "<urgency>", "<urgency>", 1
    )
    coded = second.replace(
        "<expires>", "<eventCode><valueName>SAME</valueName><value>FFW</value></eventCode><expires>"
    )
    document = cap_xml(kind="Update", references=["zz,ZZ-0,2027-01-01T00:00:00+08:00"]).decode()
    document = document.replace("</alert>", f"{coded}</alert>").replace(f"{SENDER},zz,", "zz,")

    codes = {one.code for one in cap.remarks(cap.read(document.encode()).alert)}

    assert codes == {"reference-post-dated", "categories-differ", "event-codes-differ"}


@pytest.mark.parametrize(
    "broken",
    [
        cap_xml(polygon="34.0,190.0 34.0,115.0 35.0,115.0 34.0,190.0"),
        cap_xml().replace(b"</area>", b"<ceiling>high</ceiling></area>"),
        cap_xml().replace(b"</area>", b"<ceiling>9e99</ceiling></area>"),
        cap_xml(kind="Update", references=["a,b"]),
    ],
)
def test_numbers_and_references_that_cannot_be_meant_are_refused(broken):
    assert codes(refusal(broken).extra["problems"]) == ["unreadable"]


def outcome(document):
    """The slug with which a document is refused, or None."""
    try:
        reading = cap.read(document)
        cap.require_understandable(reading.alert)
        cap.remarks(reading.alert)
    except DomainError as error:
        return error.slug
    return None


@settings(max_examples=300, deadline=None)
@given(st.one_of(mangled, st.binary(max_size=300)))
def test_whatever_comes_is_read_or_refused(document):
    slug = outcome(document)

    assert slug is None or slug.startswith("cap-")


words = st.text(alphabet=st.characters(codec="utf-8"), max_size=30)
pairs = st.lists(st.floats(), max_size=8).map(
    lambda values: " ".join(f"{one},{one}" for one in values)
)


@settings(max_examples=200, deadline=None)
@given(
    sent=words,
    polygon=st.one_of(words, pairs),
    circle=words,
    severity=words,
)
def test_whatever_stands_in_an_element_is_read_or_refused(sent, polygon, circle, severity):
    def escaped(text):
        kept = "".join(one for one in text if one.isprintable())
        return kept.replace("&", "&amp;").replace("<", "&lt;")

    document = cap_xml(
        sent=escaped(sent),
        polygon=escaped(polygon),
        circle=escaped(circle),
        severity=escaped(severity),
    )

    assert outcome(document) in {None, "cap-invalid", "cap-unreadable"}


@needs_files
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_public_files_are_read_and_written_back_as_the_schema_has_it(path):
    if path.name == "invalid.cap":
        assert refusal(path.read_bytes()).slug == "cap-invalid"
        return
    schema = etree.XMLSchema(etree.parse(SHARED / "cap" / "cap12.xsd"))

    alert = cap.read(path.read_bytes()).alert
    written = cap.write(alert)

    assert schema.validate(etree.fromstring(written)), str(schema.error_log)
    again = cap.read(written)
    assert again.notes == ()
    assert again.alert == replace(alert, cap_version="1.2", signed=False)


@needs_files
def test_a_message_that_the_schema_accepts_can_still_not_be_understood():
    document = (SHARED / "cap" / "canada_errors.cap").read_bytes()

    assert refusal(document).slug == "cap-references-missing"
