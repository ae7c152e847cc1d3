"""OpenAPI: what leaves the service is described as it leaves it."""

import pytest

from tests.chassis.toy.app import create_app


@pytest.fixture(scope="module")
def document():
    return create_app().openapi()


def reference(document, path, method, status):
    answer = document["paths"][path][method]["responses"][status]
    return next(iter(answer["content"].items()))


def test_a_view_is_the_schema_of_its_answer(document):
    media, content = reference(document, "/v1/jars", "post", "201")

    assert (media, content) == (
        "application/json",
        {"schema": {"$ref": "#/components/schemas/JarView"}},
    )
    assert document["components"]["schemas"]["JarView"]["properties"]["marbleCount"] == {
        "type": "integer"
    }


def test_only_the_real_statuses_are_listed(document):
    responses = document["paths"]["/v1/jars"]["post"]["responses"]

    assert set(responses) == {"201", "4XX"}


def test_a_page_is_described_with_its_nodes(document):
    _, content = reference(document, "/v1/jars", "get", "200")

    name = content["schema"]["$ref"].rsplit("/")[-1]
    page = document["components"]["schemas"][name]
    assert page["properties"]["nodes"]["items"] == {"$ref": "#/components/schemas/JarView"}
    assert page["required"] == ["nodes", "hasNextPage"]


def test_a_batch_answers_by_key(document):
    _, content = reference(document, "/v1/batch/jars", "post", "200")

    assert content["schema"]["additionalProperties"] == {
        "anyOf": [{"$ref": "#/components/schemas/JarView"}, {"type": "null"}]
    }


def test_refusals_are_problems(document):
    media, content = reference(document, "/v1/jars", "post", "4XX")

    assert media == "application/problem+json"
    assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
    assert "slug" in document["components"]["schemas"]["Problem"]["required"]


def test_requests_are_camel_case_and_operations_named_as_in_code(document):
    operation = document["paths"]["/v1/jars"]["post"]

    assert operation["operationId"] == "post_jar"
    assert operation["security"] == [{"HTTPBearer": []}]
    assert document["components"]["schemas"]["OpenJar"]["additionalProperties"] is False


def test_every_reference_leads_somewhere(document):
    import json
    import re

    text = json.dumps(document)
    for name in set(re.findall(r'"#/components/schemas/([^"]+)"', text)):
        assert name in document["components"]["schemas"]


def test_probes_are_nobodys_business(document):
    assert not {"/livez", "/readyz", "/metrics"} & set(document["paths"])
