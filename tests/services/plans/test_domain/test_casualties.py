"""The dead and the missing of one incident are counted together, and only where both are known."""

import pytest

from services.plans.domain import casualties
from tests.harness import START
from tests.services.plans.test_domain.test_facts import incident


@pytest.mark.parametrize(
    ("incidents", "value"),
    [
        ((), 0.0),
        ((incident("a", deaths=66, missing=15),), 81.0),
        ((incident("a", deaths=66),), None),
        ((incident("a", deaths=66, missing=None),), None),
        ((incident("a", deaths=3, missing=0), incident("b", deaths=1, missing=4)), 5.0),
        ((incident("a", deaths=60), incident("b", deaths=1, missing=4)), 5.0),
    ],
    ids=["none", "both", "one unsaid", "one unknown", "never added up", "the one that is known"],
)
def test_dead_and_missing_are_those_of_one_incident(incidents, value):
    found = casualties.dead_or_missing(incidents, START)

    assert (found.metric, found.value, found.unit) == ("dead_or_missing", value, "1")
