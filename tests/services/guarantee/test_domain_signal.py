"""What a CAP message says in this country's terms: colour, emergency, place."""

import pytest
import shapely

from chassis.errors import DomainError
from services.guarantee import store
from services.guarantee.domain import cap, classification, jurisdiction, rule
from tests.services.guarantee.messages import CITY, EAST, GROUND, PROVINCE, WEST, at, box, cap_xml
from vocabulary import Place, WarningColour

COLOURS = rule.in_force(store.colour_rules(), at(0))
TYPES = rule.in_force(store.emergency_type_rules(), at(0))


def info(**said):
    return cap.read(cap_xml(**said)).alert.infos[0]


def refused(act):
    with pytest.raises(DomainError) as caught:
        act()
    return caught.value.slug


@pytest.mark.parametrize("word", ["red", "Red", "红色", "红", "1"])
def test_a_colour_that_the_message_carries_is_the_colour(word):
    found = classification.colour_of(info(colour=word, severity="Minor"), COLOURS)

    assert found is not None
    assert (found.colour, found.because) == (WarningColour.RED, f"carried as {word}")


@pytest.mark.parametrize(
    ("severity", "urgency", "certainty", "colour"),
    [
        ("Extreme", "Immediate", "Likely", "RED"),
        ("Severe", "Expected", "Likely", "ORANGE"),
        ("Moderate", "Expected", "Possible", "YELLOW"),
        ("Minor", "Future", "Likely", "BLUE"),
        ("Extreme", "Past", "Observed", "BLUE"),
        ("Extreme", "Immediate", "Unlikely", "YELLOW"),
        ("Severe", "Future", "Likely", "YELLOW"),
    ],
)
def test_without_one_the_table_of_urgency_severity_and_certainty_decides(
    severity, urgency, certainty, colour
):
    said = info(colour=None, severity=severity, urgency=urgency, certainty=certainty)

    found = classification.colour_of(said, COLOURS)

    assert found is not None
    assert found.colour == colour


def test_a_word_that_is_no_colour_leaves_it_to_the_table():
    found = classification.colour_of(info(colour="purple"), COLOURS)

    assert found is not None
    assert found.because == "Immediate/Extreme/Likely"


def test_a_message_without_colour_and_severity_is_refused():
    said = info(colour=None, severity="Unknown")

    assert refused(lambda: classification.worst([said], COLOURS)) == "colour-unknown"


def test_of_several_blocks_the_most_severe_count():
    blocks = [info(colour=one) for one in ("yellow", "red", "blue", "red")]

    found = classification.worst(blocks, COLOURS)

    assert [one.info for one in found] == [blocks[1], blocks[3]]


@pytest.mark.parametrize(
    ("event", "found"),
    [
        ("暴雨", ("11B03", "event")),
        ("HEAVY RAIN", ("11B03", "event")),
        ("Flash Flood Warning", ("11A01", "event")),
        ("Plague of frogs", ("11B", "category")),
    ],
)
def test_the_event_names_the_emergency_or_its_category_does(event, found):
    assert classification.emergency_type_of(info(event=event), TYPES) == found


def test_a_code_goes_before_the_words():
    document = cap_xml(event="暴雨").replace(
        b"warningLevel</valueName><value>red", b"eventType</valueName><value>11A02"
    )

    said = cap.read(document).alert.infos[0]

    assert classification.emergency_type_of(said, TYPES) == ("11A02", "code")


def test_an_event_that_nothing_explains_is_refused():
    said = cap.read(cap_xml(event="?").replace(b"Met", b"Other")).alert.infos[0]

    assert (
        refused(lambda: classification.emergency_type_of(said, TYPES)) == "emergency-type-unknown"
    )


def test_no_rule_holds_before_its_first_day():
    with pytest.raises(rule.NoRuleInForce):
        rule.in_force(store.colour_rules(), at(0).replace(year=1999))


def ground(*areas):
    return jurisdiction.ground_of(areas)


def test_a_circle_is_latitude_first_with_its_radius_in_kilometres():
    disc = ground(cap.Area(description="", circles=(cap.Circle(34.5, 113.5, 10.0),)))

    west, south, east, north = disc.bounds
    assert disc.contains(shapely.Point(113.5, 34.5))
    assert abs((north - south) * 111.195 / 2 - 10.0) < 0.05
    assert abs((east - west) * 91.6 / 2 - 10.0) < 0.1  # km a degree of longitude at 34.5 N


def test_a_circle_without_radius_lies_where_its_point_is():
    point = ground(cap.Area(description="", circles=(cap.Circle(34.5, 114.5, 0.0),)))

    found = jurisdiction.locate(point, codes=(), jurisdictions=GROUND)

    assert (found.jurisdiction, found.areas) == (EAST.id, ())


def test_a_ring_that_crosses_itself_a_little_is_untangled():
    bow = ((34.0, 113.0), (35.0, 114.0), (35.0, 113.0), (34.0, 114.0), (34.0, 113.0))

    found = ground(cap.Area(description="", polygons=(bow,)))

    assert found.is_valid
    assert found.area == pytest.approx(0.5)


def test_divisions_named_by_code_count_with_all_that_lies_in_them():
    found = jurisdiction.locate(jurisdiction.EMPTY, codes=[CITY.id], jurisdictions=GROUND)

    assert (found.jurisdiction, found.areas) == (CITY.id, (CITY.id, WEST.id, EAST.id))
    assert found.geojson is not None


def test_two_districts_named_by_code_lie_in_their_city():
    found = jurisdiction.locate(jurisdiction.EMPTY, codes=[WEST.id, EAST.id], jurisdictions=())

    assert (found.jurisdiction, found.areas, found.geojson) == (CITY.id, (WEST.id, EAST.id), None)


def test_codes_of_two_provinces_lie_in_the_nation():
    assert jurisdiction.common_ancestor(["410100", "420100"]) == jurisdiction.NATION
    assert jurisdiction.common_ancestor([PROVINCE.id, CITY.id]) == PROVINCE.id


@pytest.mark.parametrize(
    "document",
    [
        "no json",
        "[]",
        '{"type": "Point", "coordinates": [113, 34]}',
        '{"type": "Polygon", "coordinates": []}',
        '{"type": "Polygon", "coordinates": [[[1, 2]]]}',
        '{"type": "Polygon"}',
        '{"type": "Swirl", "coordinates": []}',
        '{"type": "Polygon", "coordinates": [[[1e999, 0], [0, 1], [1, 1], [1e999, 0]]]}',
        "[" * 100_000,
        '{"type": "Polygon", "coordinates": [[[1' + "0" * 400 + ", 0], [0, 1], [1, 1], [0, 0]]]}",
        box(34.0, 113.0, 35.0, 115.0),
    ],
)
def test_geojson_that_is_no_ground_on_earth_is_refused(document):
    assert refused(lambda: jurisdiction.ground_of_geojson(document)) == "area-unreadable"


def test_a_large_outline_is_simplified_until_it_can_travel():
    fine = shapely.Point(113.5, 34.5).buffer(0.5, quad_segs=5000)

    said = jurisdiction.outline(fine)

    assert len(said) <= jurisdiction.LARGEST_OUTLINE
    assert jurisdiction.geometry(said).area == pytest.approx(fine.area, rel=0.001)


def test_the_middle_of_a_division_lies_in_it():
    point = jurisdiction.middle(EAST)

    assert point is not None
    assert jurisdiction.is_inside(point, EAST)
    assert not jurisdiction.is_inside(Place(113.5, 34.5), EAST)
    assert jurisdiction.middle(PROVINCE) is None
