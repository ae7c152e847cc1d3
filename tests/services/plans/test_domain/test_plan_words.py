"""Words, spellings and parts of a plan file: mistakes 19 to 22, each with its place and remedy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.plans import domain
from services.plans.domain.plan_file.bundle import place_of
from services.plans.domain.plan_file.source import Fault, Position, Severity
from tests.services.plans.city import FLOOD


def found(old: str, new: str) -> list[Fault]:
    assert old in FLOOD
    return domain.lint(FLOOD.replace(old, new, 1))


def only(old: str, new: str) -> Fault:
    (fault,) = found(old, new)
    return fault


def test_the_plan_of_the_tests_is_clean():
    assert domain.lint(FLOOD) == []


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("请有关部门启动值班", "Open the duty room"),
        ("启动值班", "Open the duty room with the departments concerned"),
        ("各单位启动值班", "Open the duty room"),
        ("启动值班", "Relevant departments open the duty room"),
    ],
)
def test_an_actor_that_is_nobody_is_refused(zh, en):
    fault = only("{zh: 启动值班, en: Open the duty room}", f"{{zh: {zh}, en: {en}}}")

    assert (fault.slug, fault.severity) == ("actor-not-named", Severity.ERROR)
    assert fault.remedy is not None
    assert "function" in fault.remedy


@pytest.mark.parametrize("function", ["relevant departments", "有关部门", "relevant_departments"])
def test_a_function_that_is_nobody_is_refused_as_such(function):
    fault = only("function: flood.command", f"function: {function}")

    assert fault.slug == "actor-not-named"
    assert fault.at.line == 32


def test_a_limit_in_words_cannot_be_measured():
    fault = only("time_limit_minutes: 15", "time_limit_minutes: immediately")

    assert (fault.slug, fault.at.line) == ("time-limit-not-measurable", 33)
    assert fault.remedy == "Write the limit in minutes, for example 15."


@pytest.mark.parametrize("word", ["Immediately open", "Open as soon as possible", "Open promptly"])
def test_a_word_that_no_clock_can_tell_is_pointed_at(word):
    fault = only("Open the duty room", word)

    assert (fault.slug, fault.severity) == ("time-not-measurable", Severity.WARNING)


@pytest.mark.parametrize(
    "text",
    [
        "call 138 0013 8000",
        "联系人：王建国",
        "由张伟局长启动",
        "电话 0371-67170119",
        "phone: 67170119",
        "ask Mr. Wang",
        "contact: Li Lei",
    ],
)
def test_a_person_or_a_telephone_number_in_a_plan_is_refused(text):
    fault = only("Open the duty room", f'"{text}"')

    assert (fault.slug, fault.severity) == ("person-in-plan", Severity.ERROR)


@pytest.mark.parametrize(
    "text",
    [
        "Open shelters for 13800 people",
        "通知市防汛抗旱指挥部办公室主任",  # posts
        "请许昌市市长启动",
        "Order No. 20210720 of the headquarters",
        "Ms are measured in metres",
        "watch gauge 0371",
    ],
)
def test_posts_and_plain_numbers_are_no_persons(text):
    assert found("Open the duty room", f'"{text}"') == []


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("rain_3h_mm ≥ 50", "rain_3h_mm >= 50"),
        ("rain_3h_mm => 50", "rain_3h_mm >= 50"),
        ("rain_3h_mm = 50", "rain_3h_mm == 50"),
        ("rain_3h_mm > 50 and deaths > 3", "rain_3h_mm > 50 && deaths > 3"),
        ("rain_3h_mm > 50 or deaths > 3", "rain_3h_mm > 50 || deaths > 3"),
        ("signal_red_area_share >= 30%", "signal_red_area_share >= 0.3"),
        ("signal_red_area_share >= .3", "signal_red_area_share >= 0.3"),
        ("affected >= 10,000", "affected >= 10000"),
        ("rain_3h_mm >= '50'", "rain_3h_mm >= 50"),
        ("rain_3h_mm ＞ 50", "rain_3h_mm > 50"),
    ],
)
def test_a_slip_from_another_language_is_put_right(written, right):
    fault = only("rain_3h_mm >= 50", f'"{written}"')

    assert fault.slug == "expression-invalid"
    assert fault.remedy == f"Write `{right}`."


def test_asking_whether_a_value_is_known_is_explained():
    fault = only("rain_3h_mm >= 50", "rain_3h_mm != null && rain_3h_mm >= 50")

    assert "undetermined by itself" in fault.message
    assert fault.at == Position(42, 21)


def test_equality_of_what_is_measured_is_pointed_at_and_of_what_is_counted_is_not():
    assert only("rain_3h_mm >= 50", "rain_3h_mm == 50").slug == "equality-of-measurements"
    assert found("rain_3h_mm >= 50", "deaths == 3") == []


def parts() -> dict[str, str]:
    head, levels = FLOOD.split("levels:\n")
    items = ["  - level:" + part for part in levels.split("  - level:")[1:]]
    return {"flood.yaml": head} | {
        f"levels/{number}.yaml": "levels:\n" + item for number, item in enumerate(items)
    }


def test_a_plan_in_several_files_is_the_plan_in_one():
    whole, parted = domain.parse(FLOOD), domain.parse(domain.bundle(parts()))

    assert parted.levels == whole.levels
    assert parted.effective_from == whole.effective_from


def test_a_fault_in_a_part_is_told_by_its_file_and_its_line_there():
    files = parts()
    files["levels/1.yaml"] = files["levels/1.yaml"].replace("rain_3h_mm >= 50", "rain > 50")
    text = domain.bundle(files)

    (fault,) = domain.lint(text)

    line = files["levels/1.yaml"].splitlines().index("        - rain > 50") + 1
    assert place_of(text, fault.at) == ("levels/1.yaml", Position(line, 11))
    with pytest.raises(domain.PlanFileInvalid) as refused:
        domain.parse(text)
    assert isinstance(refused.value.extra["faults"], list)
    assert refused.value.extra["faults"][0]["file"] == "levels/1.yaml"


def test_what_two_parts_say_twice_is_refused():
    (fault,) = domain.lint(domain.bundle({"a.yaml": FLOOD, "b.yaml": 'version: "2"\n'}))

    assert (fault.slug, fault.message) == ("yaml-key-repeated", "`version` stands here twice.")


@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,6}(/[a-z]{1,6})?\.yaml", fullmatch=True),
        st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=60),
        min_size=2,
        max_size=4,
    )
)
def test_files_come_out_of_a_bundle_byte_for_byte(files):
    assert domain.files_of(domain.bundle(files)) == files


def test_a_plan_in_one_file_is_kept_as_it_is():
    assert domain.bundle({"flood.yaml": FLOOD}) == FLOOD
    assert domain.files_of(FLOOD) == {"plan.yaml": FLOOD}
