"""The verifier: whatever is done to a chain is found, and named; what is whole is not accused."""

import json
from datetime import timedelta

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from chassis.audit import anchor as anchors
from chassis.audit.record import FIELDS, FORM, Record, UnknownForm, canonical, genesis, link
from chassis.audit.verifier import Fault, Verifier
from tests.chassis.audit_chain import BEGAN, KEYS, SERVICE, Audit, anchor, chain, record

replace = msgspec.structs.replace
TEXTS = {
    "subject": st.text(min_size=1, max_size=20),
    "action": st.text(min_size=1, max_size=20),
    "reason": st.none() | st.text(max_size=40),
    "object_id": st.text(min_size=1, max_size=20),
    "remote": st.none() | st.text(max_size=20),
}


@given(st.integers(0, 12), st.sets(st.integers(1, 12)))
def test_a_chain_that_nobody_touched_has_no_findings(count, positions):
    audit = Audit.of(count, anchored=sorted(p for p in positions if p <= count))

    assert audit.findings() == []


@given(st.data())
def test_whatever_is_edited_is_found_and_named(data):
    audit = Audit.of(8, anchored=[8])
    at = data.draw(st.integers(0, 7))
    name = data.draw(st.sampled_from(sorted(TEXTS)))
    before = audit.links[at].record
    assert before is not None
    after = data.draw(TEXTS[name].filter(lambda text: text != getattr(before, name)))

    audit.links[at] = replace(audit.links[at], record=replace(before, **{name: after}))

    assert audit.faults() == [("EDITED", at + 1, f"aud_{at + 1}")]


@pytest.mark.parametrize("name", FIELDS)
def test_every_member_of_a_record_is_in_its_hash(name):
    whole = record(1)
    value = getattr(whole, name)
    others = {"seq": 2, "object_version": 2, "policies": ("other",), "decision": "REFUSED"}
    times = {"recorded_at", "decided_at"}
    other = value + timedelta(microseconds=1) if name in times else others.get(name, f"{value}x")

    assert canonical(replace(whole, **{name: other})) != canonical(whole)


@given(st.data())
def test_records_that_changed_places_are_named_both(data):
    audit = Audit.of(8, anchored=[8])
    one, other = data.draw(st.lists(st.integers(0, 7), min_size=2, max_size=2, unique=True))
    first, second = audit.links[one], audit.links[other]

    audit.links[one] = replace(first, record_id=second.record_id, record=second.record)
    audit.links[other] = replace(second, record_id=first.record_id, record=first.record)

    assert sorted(audit.faults()) == sorted(
        [("REORDERED", one + 1, f"aud_{other + 1}"), ("REORDERED", other + 1, f"aud_{one + 1}")]
    )


@given(st.data())
def test_links_that_changed_places_are_named(data):
    audit = Audit.of(8, anchored=[8])
    one = data.draw(st.integers(0, 6))
    first, second = audit.links[one], audit.links[one + 1]

    audit.links[one] = replace(second, position=first.position)
    audit.links[one + 1] = replace(first, position=second.position)

    found = {(fault, name) for fault, _, name in audit.faults() if fault in ("REORDERED", "EDITED")}
    assert {name for _, name in found} >= {first.record_id, second.record_id}


@given(st.integers(0, 7))
def test_a_record_that_is_gone_is_named_by_its_link(at):
    audit = Audit.of(8, anchored=[8])

    audit.links[at] = replace(audit.links[at], record=None)

    assert audit.faults() == [("DELETED", at + 1, f"aud_{at + 1}")]


@given(st.integers(0, 6), st.integers(1, 6))
def test_links_that_are_gone_leave_a_gap(at, count):
    audit = Audit.of(8, anchored=[8])
    gone = audit.links[at : min(at + count, 7)]

    del audit.links[at : min(at + count, 7)]

    assert audit.faults() == [("DELETED", gone[0].position, None)]


@given(st.integers(0, 7))
def test_a_tail_cut_off_is_found_by_the_anchor(kept):
    audit = Audit.of(8, anchored=[3, 8])

    del audit.links[kept:]

    cut = [(Fault.TRUNCATED, max(kept, at) + 1, None) for at in (0, 3) if kept < (3, 8)[at > 0]]
    assert audit.faults() == cut


def test_a_tail_that_no_anchor_covers_can_be_cut_off_unseen():
    audit = Audit.of(8, anchored=[6])

    del audit.links[6:]

    assert audit.findings() == []


@given(st.data())
def test_a_chain_hashed_anew_after_an_edit_is_found_by_the_anchors(data):
    audit = Audit.of(9, anchored=[3, 6, 9])
    at = data.draw(st.integers(1, 9))
    records = [record(n) if n != at else record(n, subject="bo") for n in range(1, 10)]

    audit.links = chain(records)

    assert [found.position for found in audit.findings()] == [p for p in (3, 6, 9) if p >= at]
    assert {found.fault for found in audit.findings()} == {Fault.REWRITTEN}


def test_another_services_chain_is_not_ours():
    audit = Audit.of(3, anchored=[])

    audit.links = chain([record(n) for n in (1, 2, 3)], service="lids")

    assert audit.faults() == [("EDITED", 1, "aud_1")]


def test_an_anchor_that_no_key_of_ours_has_signed_is_forged():
    audit = Audit.of(4, anchored=[2])
    genuine = audit.anchors[0]
    rewritten = replace(genuine, hash="00" * 32)
    unsigned = replace(genuine, signature=None)
    foreign = anchors.sign(replace(genuine, signature=None), Ed25519PrivateKey.generate())
    nonsense = replace(genuine, signature="not base64!")
    of_another = anchor(audit.links, 2, service="lids")

    audit.anchors = [rewritten, unsigned, foreign, nonsense, of_another, genuine]

    assert [(found.fault, found.position) for found in audit.findings()] == [
        (Fault.FORGED_ANCHOR, 2)
    ] * 5


def test_without_keys_no_signature_is_asked_for():
    audit = Audit.of(4, anchored=[2])

    audit.anchors = [replace(audit.anchors[0], key=None, signature=None)]

    assert audit.findings(keys={}) == []


def test_a_chain_that_was_set_back_after_an_anchor_is_told():
    audit = Audit.of(9, anchored=[4, 8, 6, 9])

    assert [(found.fault, found.position) for found in audit.findings()] == [(Fault.TRUNCATED, 6)]


def test_a_chain_set_back_and_not_grown_again_is_told_once_for_each_anchor():
    audit = Audit.of(8, anchored=[4, 8, 5])

    del audit.links[6:]

    assert [(found.fault, found.position) for found in audit.findings()] == [
        (Fault.TRUNCATED, 7),
        (Fault.TRUNCATED, 5),
    ]


def test_what_waits_too_long_for_its_link_is_named():
    audit = Audit.of(2, anchored=[2])
    audit.unlinked = [record(3), record(90)]

    found = audit.findings(now=BEGAN + timedelta(seconds=100))

    assert [(one.fault, one.record_id) for one in found] == [(Fault.UNLINKED, "aud_3")]


@pytest.mark.parametrize(("minutes", "faults"), [(5, []), (6, [Fault.UNANCHORED])])
def test_a_chain_that_goes_on_without_an_anchor_is_told_after_five_minutes(minutes, faults):
    audit = Audit.of(4, anchored=[2])

    found = audit.findings(now=BEGAN + timedelta(seconds=3, minutes=minutes))

    assert [one.fault for one in found] == faults


def test_more_broken_links_than_are_compared_are_all_named():
    audit = Audit.of(100, anchored=[])

    audit.links = [replace(one, record=record(one.position, subject="bo")) for one in audit.links]

    assert sorted(found.position or 0 for found in audit.findings()) == list(range(1, 101))
    assert {found.fault for found in audit.findings()} == {Fault.EDITED}


def test_the_verifier_says_how_far_it_came():
    audit = Audit.of(5, anchored=[3])
    verifier = Verifier(SERVICE, KEYS)

    assert list(verifier.verify(audit.links, audit.anchors, [], now=BEGAN)) == []

    assert (verifier.position, verifier.hash.hex()) == (5, audit.links[-1].hash)
    assert verifier.anchored == audit.anchors[0]


def test_nothing_is_held_while_the_chain_streams_by():
    """A million links would not fit; the verifier takes them one by one."""
    audit = Audit.of(3, anchored=[])
    held: list[int] = []

    def links():
        for one in audit.links:
            held.append(one.position)
            yield one

    findings = Verifier(SERVICE, KEYS).verify(links(), [], [], now=BEGAN)
    assert held == []
    assert list(findings) == []
    assert held == [1, 2, 3]


@given(st.fixed_dictionaries(TEXTS))
def test_the_canonical_form_can_be_made_by_any_json_library(texts):
    one = record(1, **texts)
    told = [getattr(one, name) for name in FIELDS]
    told[FIELDS.index("recorded_at")] = "2026-06-01T08:00:01.000000Z"
    told[FIELDS.index("decided_at")] = "2026-06-01T08:00:00.000000Z"

    expected = json.dumps([FORM, *told], ensure_ascii=False, separators=(",", ":"))

    assert canonical(one) == expected.encode()


def test_a_record_is_the_same_after_its_way_over_the_network():
    one = record(1, recorded_at=BEGAN + timedelta(microseconds=1), reason="“…” \x7f \u2028")

    again = msgspec.json.decode(msgspec.json.encode(one), type=Record)

    assert again == one
    assert canonical(again) == canonical(one)


def test_a_form_that_is_not_known_is_said_and_counts_as_edited():
    audit = Audit.of(2, anchored=[])
    audit.links[1] = replace(audit.links[1], form=9)

    assert audit.faults() == [("EDITED", 2, "aud_2")]
    with pytest.raises(UnknownForm, match="9"):
        link(genesis(SERVICE), record(1), form=9)


def test_keys_are_read_from_files_private_or_public(tmp_path):
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    private, public, wrong = (tmp_path / name for name in ("private", "public", "wrong"))
    private.write_text(anchors.new_key())
    key = anchors.read_key(private)
    pem = serialization.Encoding.PEM
    kind = serialization.PublicFormat.SubjectPublicKeyInfo
    public.write_bytes(key.public_key().public_bytes(pem, kind))

    assert anchors.read_public_key(private) == anchors.read_public_key(public)
    other = ec.generate_private_key(ec.SECP256R1())
    wrong.write_bytes(other.public_key().public_bytes(pem, kind))
    for read in (anchors.read_key, anchors.read_public_key):
        with pytest.raises(ValueError, match="holds no"):
            read(wrong)
