"""What one document may ask: refused before any service is asked, with a code and a remedy."""

import pytest
from graphql import get_operation_ast, parse

from gateway import limits

DEEP = '{ jurisdiction(code: "410100") ' + "{ parent " * 14 + "{ name }" + " }" * 14 + " }"
ALIASES = "{ " + " ".join(f"a{n}: viewer {{ subject }}" for n in range(31)) + " }"
DIRECTIVES = (
    "{ viewer { subject "
    + "@include(if: true) " * 1
    + "} "
    + " ".join("viewer @skip(if: false) { subject }" for _ in range(51))
    + " }"
)
BOMB = (
    "query { viewer { ...f0 } } "
    + " ".join(f"fragment f{n} on Viewer {{ ...f{n + 1} ...f{n + 1} }}" for n in range(24))
    + " fragment f24 on Viewer { subject }"
)
COSTLY = """{ incidents(first: 100) { nodes {
  tasks { title dueAt } orders { receipts { doneAt } } log { text } activations { reason }
  obligations { title dueAt notices { post } }
} } }"""
LONG = "{ " + "viewer { subject } " * 600 + "}"


@pytest.mark.parametrize(
    ("document", "code"),
    [
        pytest.param(DEEP, "TOO_DEEP", id="depth"),
        pytest.param(ALIASES, "TOO_MANY_ALIASES", id="aliases"),
        pytest.param(DIRECTIVES, "TOO_MANY_DIRECTIVES", id="directives"),
        pytest.param(BOMB, "TOO_MANY_FIELDS", id="fragments that double"),
        pytest.param("{ incidents(first: 101) { totalCount } }", "PAGE_TOO_LARGE", id="page"),
        pytest.param("{ incidents(first: 0) { totalCount } }", "PAGE_TOO_SMALL", id="no page"),
    ],
)
async def test_too_much_is_refused_before_any_service_is_asked(rig, document, code):
    answer = await rig.ask(document)

    assert code in answer.codes
    assert all(fake.asked == [] for fake in rig.services.values())


async def test_a_document_of_too_many_words_is_not_even_parsed(rig):
    answer = await rig.ask(LONG)

    assert answer.data is None
    assert "tokens" in answer.errors[0]["message"]


async def test_a_page_that_is_too_costly_is_refused_by_its_variable(rig):
    document = (
        "query($n: Int!) { incidents(first: $n) { nodes { id "
        + " ".join(f"t{n}: tasks {{ id title organization {{ name }} }}" for n in range(20))
        + " } } }"
    )

    refused = await rig.ask(document, n=100)
    passed = await rig.ask(document, n=1)

    assert refused.codes == ["TOO_COSTLY"]
    assert passed.errors == []


def test_the_cost_of_a_document_counts_every_entry_of_its_pages():
    document = parse("query($n: Int) { incidents(first: $n) { nodes { id tasks { id } } } }")
    operation = get_operation_ast(document)
    assert operation is not None

    assert limits.cost(document, operation, {"n": 10}) == 10 * (1 + limits.LIST)
    assert limits.cost(document, operation, {}) == limits.DEFAULT_PAGE * (1 + limits.LIST)
    assert limits.cost(document, operation, {"n": 100}) == 100 * (1 + limits.LIST)
