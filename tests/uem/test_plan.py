"""A planner's day with files: lint, explain, test, diff, as typed, with what is printed."""

import json
from pathlib import Path

import pytest

import uem
from tests.services.plans.city import FLOOD
from uem.__main__ import main

SAMPLE = Path(uem.__file__).parents[1] / "scenarios" / "zhengzhou-2021-07-20" / "city" / "plans"
BAD = FLOOD.replace("rain_3h_mm >= 50", "rain > 50").replace("启动值班", "请有关部门立即启动值班")


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "flood.yaml").write_text(FLOOD, encoding="utf-8")
    (tmp_path / "bad.yaml").write_text(BAD, encoding="utf-8")
    return tmp_path


def test_clean_plans_are_clean(capsys):
    assert main(["plan", "lint", str(SAMPLE)]) == 0

    assert capsys.readouterr().out == "3 plans: nothing found\n"


def test_faults_are_printed_as_editors_jump_to_them(files, capsys):
    assert main(["plan", "lint", "bad.yaml"]) == 1

    said = capsys.readouterr().out.splitlines()
    assert said[0] == "bad.yaml:31:22 error actor-not-named"
    assert said[1:3] == [
        "    `有关部门` names nobody.",
        "    → Name the function that does it; the roster knows who holds it.",
    ]
    assert "bad.yaml:42:11 error indicator-unit-missing" in said
    assert said[-1] == "1 plan: 2 errors, 1 warning"


def test_a_warning_refuses_only_when_asked_to(files, capsys):
    text = FLOOD.replace("Open the duty room", "Open the duty room promptly")
    (files / "hasty.yaml").write_text(text, encoding="utf-8")

    assert main(["plan", "lint", "hasty.yaml"]) == 0
    assert main(["plan", "lint", "hasty.yaml", "--strict"]) == 1


def test_findings_are_sarif_with_places_that_lie_in_the_folder(files, capsys):
    assert main(["plan", "lint", "bad.yaml", "--format", "sarif"]) == 1

    log = json.loads(capsys.readouterr().out)
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert log["version"] == "2.1.0"
    for result in run["results"]:
        (place,) = result["locations"]
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
        assert place["physicalLocation"]["artifactLocation"] == {"uri": "bad.yaml"}
        assert place["physicalLocation"]["region"]["startLine"] > 0
    assert {one["ruleId"] for one in run["results"]} == set(rules)


def test_a_plan_in_a_folder_is_one_plan_and_its_faults_name_its_files(files, capsys):
    folder = files / "parts"
    folder.mkdir()
    head, levels = BAD.split("levels:\n")
    (folder / "plan.yaml").write_text(head, encoding="utf-8")
    (folder / "levels.yaml").write_text("levels:\n" + levels, encoding="utf-8")

    assert main(["plan", "lint", "parts"]) == 1

    said = capsys.readouterr().out
    line = ("levels:\n" + levels).splitlines().index("        - rain > 50") + 1
    assert f"parts/levels.yaml:{line}:11 error indicator-unit-missing" in said
    assert said.endswith("1 plan: 2 errors, 1 warning\n")


def test_the_quality_of_plans_is_judged_beside_one_another(files, capsys):
    district = FLOOD.replace("flood-410100", "flood-410105").replace(
        'jurisdiction: "410100"', 'jurisdiction: "410105"\nsuperiors: [flood-410100]'
    )
    (files / "district.yaml").write_text(district.replace("deaths >= 10", "deaths >= 20"), "utf-8")

    main(["plan", "lint", "flood.yaml", "district.yaml", "--quality"])

    said = capsys.readouterr().out
    assert "district.yaml:2:1 warning phase-not-covered" in said
    assert (
        "district.yaml:2:1 error less-sensitive\n    deaths = 10" in said
    )  # the city starts where the district does not


def test_a_path_without_plans_is_said(files, capsys):
    (files / "empty").mkdir()

    assert main(["plan", "lint", "empty"]) == 1
    assert main(["plan", "lint", "nowhere"]) == 1

    said = capsys.readouterr().out
    assert "no plan lies in empty" in said
    assert "nowhere is neither a file nor a folder" in said


def test_given_facts_are_explained_with_values_and_what_is_missing(files, capsys):
    assert main(["plan", "explain", "flood.yaml", "--fact", "rain_3h_mm=120"]) == 0

    said = capsys.readouterr().out
    assert "These facts give LEVEL_II, which waits for a signature." in said
    assert "What is not known could give LEVEL_I." in said
    assert "✓ rain_3h_mm >= 100   (rain_3h_mm is 120 mm)" in said
    assert "? deaths >= 10   (not known: deaths)" in said


def test_facts_that_have_not_stood_long_enough_are_told_so(files, capsys):
    words = ["plan", "explain", "flood.yaml", "--fact", "rain_6h_mm=60", "--held", "5"]
    assert main(words) == 0

    assert "✗ rain_6h_mm >= 50 for 10 min   (rain_6h_mm is 60 mm; not held long enough)" in (
        capsys.readouterr().out
    )


def test_an_explanation_is_json_for_programs(files, capsys):
    assert main(["plan", "explain", "flood.yaml", "--fact", "deaths=unknown", "--json"]) == 0

    said = json.loads(capsys.readouterr().out)
    assert (said["level"], said["possibleLevel"]) == (None, "LEVEL_I")
    assert {one["level"] for one in said["levels"]} == {
        *("LEVEL_I", "LEVEL_II", "LEVEL_III", "LEVEL_IV")
    }


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ("rain_3h=5", "no indicator is registered as rain_3h"),
        ("rain_3h_mm", "rain_3h_mm states no fact"),
        ("rain_3h_mm=much", "much is not a number"),
    ],
)
def test_a_fact_that_is_none_is_refused(files, capsys, fact, said):
    assert main(["plan", "explain", "flood.yaml", "--fact", fact]) == 1

    assert said in capsys.readouterr().out


def test_a_plan_that_is_none_is_refused_with_its_first_fault(files, capsys):
    assert main(["plan", "explain", "bad.yaml"]) == 1

    said = capsys.readouterr().out
    assert "bad.yaml:31:22 `有关部门` names nobody." in said
    assert "uem plan lint bad.yaml" in said


def test_plans_are_asked_their_tables(files, capsys):
    table = "plan: flood-410100\ncases:\n  - {name: rain, facts: {rain_3h_mm: 60}, level: %s}\n"
    (files / "flood.facts.yaml").write_text(table % "LEVEL_III")
    assert main(["plan", "test", "flood.yaml"]) == 0
    assert capsys.readouterr().out == "1 case: all right\n"

    (files / "flood.facts.yaml").write_text(table % "LEVEL_II")
    assert main(["plan", "test", "flood.yaml"]) == 1

    said = capsys.readouterr().out
    assert "flood.facts.yaml:3 rain: asked LEVEL_II, given LEVEL_III" in said
    assert "LEVEL_II: rain_3h_mm >= 100 is false (rain_3h_mm = 60)" in said
    assert "1 case: 1 wrong" in said


def test_a_plan_without_a_table_is_named_and_fails_when_asked_to(files, capsys):
    assert main(["plan", "test", "flood.yaml"]) == 0
    assert main(["plan", "test", "flood.yaml", "--strict"]) == 1

    assert "flood.yaml: no table (flood.facts.yaml)" in capsys.readouterr().out


def test_two_versions_are_compared_by_what_they_do(files, capsys):
    changed = FLOOD.replace("rain_3h_mm >= 100", "rain_3h_mm >= 90").replace("2021.1", "2021.2")
    (files / "new.yaml").write_text(changed, encoding="utf-8")

    assert main(["plan", "diff", "flood.yaml", "flood.yaml"]) == 0
    assert main(["plan", "diff", "flood.yaml", "new.yaml"]) == 1

    said = capsys.readouterr().out
    assert "they do the same" in said
    assert "~ LEVEL_II · conditions" in said
    assert "now met, and was not: rain_3h_mm = 90, signal_red_population_share = 0" in said


def test_indicators_are_listed_with_their_meaning_in_either_language(capsys):
    assert main(["plan", "indicators", "rain_1h", "--lang", "zh"]) == 0
    assert main(["plan", "indicators", "deaths", "--json"]) == 0

    said = capsys.readouterr().out
    assert "最近 1 小时雨量" in said
    assert '"whole": true' in said
