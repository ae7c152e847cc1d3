"""Plan files: what is read, and what is refused with line and column."""

import json
from dataclasses import replace

import jsonschema
import pytest
import yaml

from services.plans import domain
from services.plans.domain.plan_file.source import Fault, Position
from tests.services.plans.city import FLOOD
from tests.services.plans.player import LEVEL_I, LEVEL_II, LEVEL_III, LEVEL_IV
from vocabulary import Comparison


def faults(text: str) -> list[Fault]:
    with pytest.raises(domain.PlanFileInvalid) as refused:
        domain.parse(text)
    return refused.value.faults


def fault(old: str, new: str) -> Fault:
    assert old in FLOOD
    (only,) = faults(FLOOD.replace(old, new, 1))
    return only


def test_a_plan_file_becomes_a_draft_with_levels_from_most_to_least_severe():
    plan = domain.parse(FLOOD)

    assert (plan.id, plan.status) == ("flood-410100@2021.1", domain.PlanStatus.DRAFT)
    assert [level.level for level in plan.levels] == [LEVEL_I, LEVEL_II, LEVEL_III, LEVEL_IV]
    assert plan.effective_from.isoformat() == "2021-06-01T00:00:00+08:00"


def test_a_level_takes_over_and_replaces_what_it_builds_on():
    plan = domain.parse(FLOOD)

    assert [one.code for one in plan.at(LEVEL_I).measures] == [
        "inspect_tunnels",
        "suspend_classes",
        "stop_metro",
    ]
    assert [one.quantity for one in plan.at(LEVEL_I).requirements] == [
        "ceil(population * 0.000002)"
    ]
    assert [one.id for one in plan.at(LEVEL_II).steps] == ["open-duty-room", "pumps-out"]


def test_json_is_read_like_yaml():
    written = json.dumps(yaml.load(FLOOD, Loader=yaml.BaseLoader), ensure_ascii=False)
    numbers = written.replace('"30"', "30").replace('"10"', "10").replace('"15"', "15")
    for number in ("20", "60", "120", "180", "720", "1440", "2", "3"):
        numbers = numbers.replace(f'"{number}"', number)
    read = domain.parse(numbers.replace('"true"', "true"))

    assert read.levels == domain.parse(FLOOD).levels


def test_the_published_schema_is_a_schema_and_takes_the_plan():
    schema = domain.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    plan = yaml.safe_load(FLOOD) | {"effective_from": "2021-06-01"}

    jsonschema.validate(plan, schema)


def test_an_indicator_without_unit_and_window_is_refused_where_it_stands():
    found = fault("rain_3h_mm >= 50", "rain > 100")

    assert found.slug == "indicator-unit-missing"
    assert found.at == Position(42, 11)
    assert "unit and window missing: `rain`" in found.message
    assert found.remedy == "Write for example `rain_3h_mm > 100`."


def test_the_message_of_a_faulty_plan_begins_with_line_and_column():
    with pytest.raises(domain.PlanFileInvalid) as refused:
        domain.parse(FLOOD.replace("rain_3h_mm >= 50", "rain > 100"))

    assert refused.value.message.startswith("PLAN L42:C11 unit and window missing")


@pytest.mark.parametrize(
    ("old", "new", "slug", "place"),
    [
        ('version: "2021.1"', "version: 2021.1", "plan-schema", (3, 10)),
        ("start: automatic", "start: perhaps", "plan-schema", (15, 12)),
        ("- rain_3h_mm >= 50", "- whn: rain_3h_mm >= 50", "plan-schema", (42, 11)),
        ("deaths >= 10", "deaths >=", "expression-invalid", (87, 20)),
        ("deaths >= 10", "deaths >= 10 && deaths < 5 5", "expression-invalid", (87, 38)),
        ("deaths >= 10", "deaths + 1", "expression-type", (87, 11)),
        ("deaths >= 10", "bodies >= 10", "indicator-unknown", (87, 11)),
        ("ceil(population * 0.000001)", "population > 1", "expression-type", (52, 19)),
        ("after: [open-duty-room]", "after: [nobody]", "step-unknown", (48, 17)),
        ("after: [open-duty-room]", "after: [pumps-out]", "step-cycle", (44, 7)),
        ("builds_on: LEVEL_IV", "builds_on: LEVEL_II", "builds-on-order", (35, 16)),
        ("at_least: 2", "at_least: 4", "condition-unreachable", (88, 21)),
        ("2021-06-01", "2021-06-01\neffective_to: 2021-05-01", "effective-period-empty", (12, 15)),
        ("- level: LEVEL_II\n", "- level: LEVEL_III\n", "level-repeated", (56, 12)),
        ("kind: SPECIAL", "kind: &k SPECIAL\nextra: *k", "yaml-alias", (8, 8)),
        ("kind: SPECIAL", "kind: SPECIAL\nkind: LOCAL", "yaml-key-repeated", (8, 1)),
        ('"410100"', '"410100\\n"', "plan-schema", (8, 15)),
        ('"410100"', '"4101\\000"', "yaml-character", (8, 15)),
        ('"410100"', "4101\x0000", "yaml-character", (8, 19)),
        ('"410100"', '"4101\\uD80000"', "yaml-syntax", (8, 22)),
        ("time_limit_minutes: 15", "time_limit_minutes: .nan", "yaml-value", (33, 29)),
        ("time_limit_minutes: 15", "time_limit_minutes: !!int x", "yaml-value", (33, 29)),
        ("2021-06-01", "2021-02-30", "instant-invalid", (11, 17)),
        ("2021-06-01", "0001-01-01", "plan-schema", (11, 17)),
        ("kind: SPECIAL", "kind: [SPECIAL", "yaml-syntax", (8, 13)),
    ],
)
def test_a_fault_names_its_line_and_column(old: str, new: str, slug: str, place: tuple[int, int]):
    assert old in FLOOD

    found = faults(FLOOD.replace(old, new, 1))

    assert (slug, Position(*place)) in [(one.slug, one.at) for one in found]


def test_every_fault_is_told_at_once():
    text = FLOOD.replace("rain_3h_mm >= 50", "rain > 100").replace("deaths >= 10", "bodies > 1")

    assert [one.slug for one in faults(text)] == ["indicator-unit-missing", "indicator-unknown"]


def test_a_fault_in_a_text_block_is_found_on_its_own_line():
    block = "- |\n          rain_3h_mm >= 50 &&\n          rain > 3"
    found = fault("- rain_3h_mm >= 50", block)

    assert found.at == Position(44, 11)


def test_a_level_cannot_build_on_one_that_is_not_there():
    found = faults(FLOOD.replace("level: LEVEL_IV", "level: LEVEL_I", 1))

    assert "builds-on-unknown" in [one.slug for one in found]


def test_a_text_longer_than_any_plan_is_not_read():
    assert [one.slug for one in faults(FLOOD + "#" * 1_000_000)] == ["plan-file-too-long"]


def test_a_plan_has_no_part_for_a_level_that_it_does_not_name():
    plan = replace(domain.parse(FLOOD), levels=())

    with pytest.raises(KeyError):
        plan.at(LEVEL_I)


def test_nothing_at_all_is_no_plan():
    assert [one.slug for one in faults("")] == ["yaml-syntax"]


def test_brackets_without_end_are_refused_and_not_followed():
    assert faults("[" * 50_000)[0].slug in {"yaml-too-deep", "yaml-syntax"}


def test_measured_thresholds_are_watched_and_others_are_not():
    plan = domain.parse(FLOOD)

    watched = domain.watched([plan])

    assert {one.indicator for one in watched} == {
        "rain_1h_mm",
        "rain_3h_mm",
        "rain_6h_mm",
        "road_water_depth_cm",
        "water_level_m",
    }
    assert domain.Atom("water_level_m", Comparison.ABOVE, 88.0) in watched
