"""A record opens under its own id with its own key, and never again once that key is gone."""

import base64
import dataclasses
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis import sealing
from chassis.sealing import KeyNotHeld, Ring, SealBroken
from chassis.settings import SettingsError

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
RING = Ring(current="k1", keys={"k1": OLD})
ROTATED = Ring(current="k2", keys={"k1": OLD, "k2": NEW})
RETIRED = Ring(current="k2", keys={"k2": NEW})


@given(plain=st.binary(max_size=500), id=st.text(max_size=40))
def test_what_was_sealed_opens_under_its_id(plain: bytes, id: str) -> None:
    sealed, wrapped = sealing.seal(RING, plain, bound_to=id)

    assert sealing.unseal(RING, sealed, wrapped, bound_to=id) == plain
    assert len(plain) < 8 or plain not in sealed


@given(at=st.integers(min_value=0), flip=st.integers(min_value=1, max_value=255))
def test_a_changed_byte_anywhere_breaks_the_seal(at: int, flip: int) -> None:
    sealed, wrapped = sealing.seal(RING, b"13812341234", bound_to="rep_1")
    both = bytearray(sealed + wrapped.key)
    both[at % len(both)] ^= flip
    changed = dataclasses.replace(wrapped, key=bytes(both[len(sealed) :]))

    with pytest.raises(SealBroken):
        sealing.unseal(RING, bytes(both[: len(sealed)]), changed, bound_to="rep_1")


def test_neither_record_nor_key_serves_another_id() -> None:
    sealed, wrapped = sealing.seal(RING, b"one", bound_to="rep_1")
    other, other_key = sealing.seal(RING, b"two", bound_to="rep_2")

    for record, key in ((sealed, wrapped), (other, wrapped), (sealed, other_key)):
        with pytest.raises(SealBroken):
            sealing.unseal(RING, record, key, bound_to="rep_2")


def test_equal_records_are_sealed_differently() -> None:
    first, first_key = sealing.seal(RING, b"same", bound_to="rep_1")
    second, second_key = sealing.seal(RING, b"same", bound_to="rep_1")

    assert first != second
    assert first_key.key != second_key.key


@pytest.mark.parametrize("size", [0, 1, 11, 12, 27])
def test_a_stump_is_a_broken_seal(size: int) -> None:
    _, wrapped = sealing.seal(RING, b"one", bound_to="rep_1")

    with pytest.raises(SealBroken):
        sealing.unseal(RING, b"x" * size, wrapped, bound_to="rep_1")


def test_a_rotated_ring_opens_what_the_old_key_wrapped() -> None:
    sealed, wrapped = sealing.seal(RING, b"one", bound_to="rep_1")

    again = sealing.rewrap(ROTATED, wrapped, bound_to="rep_1")

    assert (wrapped.key_id, again.key_id) == ("k1", "k2")
    assert sealing.unseal(ROTATED, sealed, wrapped, bound_to="rep_1") == b"one"
    assert sealing.unseal(RETIRED, sealed, again, bound_to="rep_1") == b"one"


def test_what_a_retired_key_wrapped_stays_shut_and_the_key_is_named() -> None:
    sealed, wrapped = sealing.seal(RING, b"one", bound_to="rep_1")

    with pytest.raises(KeyNotHeld, match="k1") as refused:
        sealing.unseal(RETIRED, sealed, wrapped, bound_to="rep_1")
    assert "UEM_KEYS_FILE" in str(refused.value.remedy)


def test_the_index_is_equal_for_equal_values_and_purposes_only() -> None:
    one = sealing.blind(ROTATED, "13812341234", purpose="phone")

    assert one == sealing.blind(ROTATED, "13812341234", purpose="phone")
    assert set(one) == {"k1", "k2"}
    others = (
        sealing.blind(ROTATED, "13812341235", purpose="phone"),
        sealing.blind(ROTATED, "13812341234", purpose="name"),
    )
    assert len({one["k1"], one["k2"], *(o[k] for o in others for k in ("k1", "k2"))}) == 6


def test_a_new_ring_is_another_one_each_time_and_shows_no_key(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_text(sealing.new_ring())
    second.write_text(sealing.new_ring())

    ring = sealing.read(first)

    assert ring.keys["k1"] != sealing.read(second).keys["k1"]
    assert repr(ring) == "Ring(current='k1')"
    _, wrapped = sealing.seal(ring, b"one", bound_to="rep_1")
    assert repr(wrapped) == "Wrapped(key_id='k1')"


def _file(current: str, **keys: bytes) -> str:
    encoded = {name: base64.b64encode(key).decode() for name, key in keys.items()}
    return json.dumps({"current": current, "keys": encoded})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "does not hold a ring"),
        ('{"current": "k1"}', "does not hold a ring"),
        ('{"current": "k1", "keys": {"k1": "***"}}', "does not hold a ring"),
        (_file("k1", k1=b"short"), "'k1' is not 32 random bytes"),
        (_file("k1", k1=bytes(32)), "'k1' is not 32 random bytes"),
        (_file("k2", k1=OLD), "has no key 'k2'"),
    ],
)
def test_a_faulty_keys_file_is_refused_by_the_name_of_its_setting(
    tmp_path: Path, text: str, reason: str
) -> None:
    file = tmp_path / "keys.json"
    file.write_text(text)

    with pytest.raises(SettingsError, match=f"UEM_KEYS_FILE.*{reason}"):
        sealing.read(file)


def test_a_missing_keys_file_is_refused_by_the_name_of_its_setting(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="UEM_KEYS_FILE is missing"):
        sealing.read(None)
    with pytest.raises(SettingsError, match="UEM_KEYS_FILE names a file that cannot be read"):
        sealing.read(tmp_path / "nowhere")
