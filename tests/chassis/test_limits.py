"""What a JSON body may hold, whoever sends it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis import limits
from chassis.errors import Invalid

TEXT = st.text(st.characters(exclude_characters="\x00"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXT, inner, max_size=5),
    max_leaves=30,
)


def depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max((depth(item) for item in value.values()), default=0)
    if isinstance(value, list):
        return 1 + max((depth(item) for item in value), default=0)
    return 0


@given(value=JSON, wrapped=st.integers(0, 40))
def test_depth_is_counted_in_brackets_that_are_not_text(value, wrapped):
    for _ in range(wrapped):
        value = [value, '"]}[{\\']
    body = json.dumps(value).encode()

    if depth(value) > limits.DEEPEST_JSON:
        with pytest.raises(Invalid, match="deep"):
            limits.check_json(body)
    else:
        limits.check_json(body)


@pytest.mark.timeout(20)  # seconds; quadratic matching would take hours
@pytest.mark.parametrize("end", [b"", b"\\"])
def test_a_text_that_never_ends_is_read_once(end):
    with pytest.raises(Invalid, match="deep"):
        limits.check_json(b"[" * 33 + b'"' + b'\\"' * 500_000 + end)


@given(text=st.text())
def test_no_body_makes_the_check_fail_itself(text):
    try:
        limits.check_json(text.encode())
    except Invalid:
        assert "\x00" in text or "\\u0000" in text or text.count("[") + text.count("{") > 32
