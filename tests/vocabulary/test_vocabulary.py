"""The shared kernel: codes spell a tree, scales are ordered, coordinates invert."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import vocabulary
from vocabulary import Crs, Place, ResponseLevel

codes = st.from_regex(r"[1-8][1-9][0-9]{4}([0-9]{3}([0-9]{3})?)?", fullmatch=True)
places = st.builds(Place, st.floats(75, 134), st.floats(4, 53))


def test_a_county_lies_in_its_city_and_its_province_and_not_the_other_way_round():
    assert vocabulary.parents("410105") == ("410100", "410000")
    assert vocabulary.is_within("410105", "410100")
    assert not vocabulary.is_within("410100", "410105")
    assert not vocabulary.is_within("410300", "410100")


def test_a_town_without_a_county_lies_in_its_city():
    assert vocabulary.parents("441900003") == ("441900", "440000")
    assert vocabulary.is_within("441900003", "441900")


@given(codes)
def test_every_division_lies_within_each_of_its_parents(code):
    assert all(vocabulary.is_within(code, parent) for parent in vocabulary.parents(code))
    assert vocabulary.is_within(code, code)
    assert vocabulary.is_within(code, "000000")


@given(codes, codes)
def test_two_divisions_contain_each_other_only_when_they_are_the_same_ground(one, other):
    if vocabulary.is_within(one, other) and vocabulary.is_within(other, one):
        assert one.ljust(12, "0") == other.ljust(12, "0")


@pytest.mark.parametrize("code", ["", "41010", "4101055", "41010a", "410105 ", "４１０１０５"])
def test_a_code_that_is_no_division_is_refused_with_what_is_expected(code):
    with pytest.raises(ValueError, match="6, 9 or 12 digits"):
        vocabulary.parse_code(code)


def test_an_event_subject_has_four_area_tokens_whatever_the_length_of_the_code():
    assert vocabulary.subject_tokens("410105") == ("41", "01", "05", "000")
    assert vocabulary.subject_tokens("410105001") == ("41", "01", "05", "001")


def test_level_one_is_the_most_severe():
    assert ResponseLevel.LEVEL_I.at_least(ResponseLevel.LEVEL_II)
    assert not ResponseLevel.LEVEL_IV.at_least(ResponseLevel.LEVEL_III)
    assert [level.severity for level in ResponseLevel] == [4, 3, 2, 1]


@given(places, st.sampled_from([Crs.GCJ02, Crs.BD09]))
def test_a_point_of_a_chinese_map_is_moved_by_less_than_two_kilometres(place, crs):
    moved = vocabulary.to_wgs84(place.longitude, place.latitude, crs)

    assert vocabulary.distance_m(place, moved) < 2_000


def test_gcj02_of_tiananmen_comes_back_to_the_surveyed_point_within_five_metres():
    # Published pair: GCJ-02 116.397428, 39.90923 is WGS 84 116.391186, 39.907827 (± 1e-5).
    found = vocabulary.to_wgs84(116.397428, 39.90923, Crs.GCJ02)

    assert vocabulary.distance_m(found, Place(116.391186, 39.907827)) < 5


def test_swapped_coordinates_are_refused_with_a_hint():
    with pytest.raises(ValueError, match="swapped"):
        Place(34.75, 113.63)


def test_an_emergency_type_outside_the_four_classes_is_refused():
    with pytest.raises(ValueError, match="11, 12, 13 or 14"):
        vocabulary.emergency_class("21B03")
    assert vocabulary.matches("11B03", "11B")


def test_every_indicator_is_registered_under_its_own_name_with_a_unit():
    for name, one in vocabulary.INDICATORS.items():
        assert name == one.name
        assert one.unit
        assert one.meaning_zh
        assert one.meaning_en


def test_an_indicator_that_bounds_another_is_registered_in_the_same_unit():
    for one in vocabulary.INDICATORS.values():
        if one.at_most is not None:
            assert vocabulary.INDICATORS[one.at_most].unit == one.unit
