"""Expressions: typed, placed errors, and three-valued logic when values are missing."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis import expressions
from chassis.expressions import ExpressionInvalid, Undetermined

VARIABLES = {
    "a": bool,
    "b": bool,
    "c": bool,
    "rain_1h_mm": "double",
    "people": int,
    "kind": str,
    "since": datetime,
    "lasted": timedelta,
    "areas": list[str],
}


def ask(text: str, **values: object) -> object:
    return expressions.compile(text, VARIABLES).evaluate(values)


@pytest.mark.parametrize(
    ("text", "values", "answer"),
    [
        ("rain_1h_mm >= 50.0", {"rain_1h_mm": 50.0}, True),
        ("rain_1h_mm >= 50.0", {"rain_1h_mm": 49}, False),
        ("people > 3 && kind == 'x'", {"people": 4, "kind": "x"}, True),
        ("since < timestamp('2021-07-20T00:00:00Z')", {"since": datetime(2021, 1, 1, tzinfo=UTC)}, True),
        ("lasted >= duration('30m')", {"lasted": timedelta(minutes=30)}, True),
        ("'410105' in areas", {"areas": ["410105"]}, True),
        ("double(people) * 1.5", {"people": 4}, 6.0),
    ],
)  # fmt: skip
def test_an_expression_over_known_values_has_an_answer(text, values, answer):
    assert ask(text, **values) == answer


def test_a_missing_value_is_undetermined_and_named():
    assert ask("rain_1h_mm > 1.0") == Undetermined(("rain_1h_mm",))


def test_none_is_missing_not_false():
    assert ask("!a", a=None) == Undetermined(("a",))


def test_what_is_known_decides_when_it_can():
    assert ask("a || rain_1h_mm > 1.0", a=True) is True
    assert ask("rain_1h_mm > 1.0 || a", a=True) is True
    assert ask("rain_1h_mm > 1.0 && a", a=False) is False
    assert ask("a || rain_1h_mm > 1.0", a=False) == Undetermined(("rain_1h_mm",))


def kleene_or(left: bool | None, right: bool | None) -> bool | None:
    if left is True or right is True:
        return True
    return None if left is None or right is None else False


def kleene_and(left: bool | None, right: bool | None) -> bool | None:
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


THREE = st.sampled_from([True, False, None])


@given(a=THREE, b=THREE, c=THREE)
def test_joins_follow_kleenes_logic(a, b, c):
    expected = kleene_or(kleene_and(a, b), c)

    found = ask("(a && b) || c", a=a, b=b, c=c)

    if expected is None:
        values = {"a": a, "b": b, "c": c}
        assert found == Undetermined(tuple(name for name in "abc" if values[name] is None))
    else:
        assert found is expected


def test_an_impossible_calculation_is_undetermined_with_its_reason():
    found = ask("10 / people > 1", people=0)

    assert found == Undetermined((), "INVALID_ARGUMENT: divide by zero")


def test_a_value_of_another_type_is_a_bug_of_the_caller():
    with pytest.raises(TypeError, match="rain_1h_mm"):
        ask("rain_1h_mm > 1.0", rain_1h_mm="much")
    with pytest.raises(TypeError, match="people"):
        ask("people > 1", people=1.5)


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("a ||", 1, 5, "mismatched input"),
        ("unheard_of > 1.0", 1, 1, "undeclared reference to 'unheard_of'"),
        ("a &&\n  rain_1h_mm > 'x'", 2, 14, "no matching overload"),
        ("x" * 5000, 1, 4001, "at most 4000"),
    ],
)
def test_an_invalid_expression_says_where(text, line, column, message):
    with pytest.raises(ExpressionInvalid, match=message) as refused:
        expressions.compile(text, VARIABLES)

    assert (refused.value.line, refused.value.column) == (line, column)


def test_the_offset_points_into_the_text():
    text = "a &&\n  unheard_of"

    with pytest.raises(ExpressionInvalid) as refused:
        expressions.compile(text, VARIABLES)

    assert text[refused.value.offset :] == "unheard_of"


def test_a_program_knows_its_type_and_what_it_reads():
    program = expressions.compile("rain_1h_mm > 5.0 && kind.startsWith('people') // c\n", VARIABLES)

    assert program.kind == "bool"
    assert program.names == ("rain_1h_mm", "kind")
