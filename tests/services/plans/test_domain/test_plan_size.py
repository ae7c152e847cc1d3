"""Plans that ask too much are refused with place and remedy; the largest that may be stays short."""

import pytest
import yaml

from services.plans import domain
from services.plans.domain import logic
from services.plans.domain.plan_file import size
from tests.services.plans.city import FLOOD

SLUGS = ("expression-too-long", "expression-too-deep", "expression-unbounded")


def faults(text: str) -> list[domain.Fault]:
    """The errors found in the file."""
    return [one for one in domain.lint(text) if one.severity is domain.Severity.ERROR]


def with_condition(text: str) -> str:
    return FLOOD.replace("rain_3h_mm >= 50", f"'{text}'")


def with_conditions(count: int, *, each: str = "rain_1h_mm >= {}") -> str:
    """The flood plan with so many conditions for its most severe level, and nothing else to it."""
    plan = yaml.safe_load(FLOOD)
    level = plan["levels"][-1]
    del level["builds_on"]
    level["conditions"] = {"any": [each.replace("{}", str(number + 1)) for number in range(count)]}
    plan["levels"] = [level]
    plan["effective_from"] = "2021-06-01"
    return yaml.safe_dump(plan, allow_unicode=True, width=10_000)


@pytest.mark.parametrize(
    ("condition", "slug", "column"),
    [
        ("deaths > 1 || " * 80 + "deaths > 1", "expression-too-long", 1012),
        ("(" * 17 + "deaths > 1" + ")" * 17, "expression-too-deep", 28),
        ("!" * 900 + "(deaths > 1)", "expression-too-deep", 12),
        ("[1.0, 2.0].all(x, [1.0, 2.0].all(y, x + y > deaths))", "expression-unbounded", 22),
        ("[1.0].map(x, x) == [deaths]", "expression-unbounded", 17),
    ],
)
def test_an_expression_that_asks_too_much_is_refused_at_its_place(condition, slug, column):
    found = faults(with_condition(condition))

    first = found[0]
    assert (first.slug, first.at.line, first.at.column) == (slug, 42, column)
    assert first.remedy is not None


def test_brackets_within_text_and_a_few_of_them_are_no_depth():
    assert faults(with_condition("(" * 16 + "deaths > 1" + ")" * 16)) == []
    assert faults(with_condition("!!(deaths > 1) && rain_3h_mm > -5")) == []


def test_a_plan_of_too_many_expressions_is_refused_at_the_first_that_is_too_much():
    (fault,) = faults(with_conditions(size.MOST_EXPRESSIONS + 1))

    assert fault.slug == "plan-too-many-expressions"
    text = with_conditions(size.MOST_EXPRESSIONS + 1).splitlines()
    assert text[fault.at.line - 1].strip() == f"- rain_1h_mm >= {size.MOST_EXPRESSIONS + 1}"


def test_a_plan_that_costs_too_much_is_refused_where_it_begins_to():
    each = " || ".join(f"deaths >= {number}{{}}" for number in range(1, 20))

    (fault,) = faults(with_conditions(200, each=each))

    assert fault.slug == "plan-too-costly"
    assert "more than 3000 steps" in fault.message


def test_the_largest_plan_that_may_be_is_asked_in_as_many_steps_as_are_stated():
    each = " || ".join(f"deaths >= {number}{{}}" for number in range(1, 9))
    plan = domain.parse(with_conditions(size.MOST_EXPRESSIONS - 1, each=each))
    ready, asked = domain.compiled(plan), Counting()

    states = [ready.read(leaf, asked).holds for leaf in domain.plan.conditions(plan)]

    assert set(states) == {None}  # nothing is known, so that nothing is cut short
    stated = sum(logic.steps(logic.formula_of(one)) for one in domain.plan.conditions(plan))
    assert 0.8 * size.MOST_STEPS < stated <= size.MOST_STEPS
    assert 0.8 * stated < asked.count <= stated + len(states)  # and once a leaf for what is missing


class Counting(dict[str, object]):
    """Facts of which nothing is known, that count how often they are asked."""

    count = 0

    def get(self, name: str, default: object = None) -> object:
        self.count += 1
        return None
