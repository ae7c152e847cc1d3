"""Reads over HTTP: pages with cursors, batches with masks."""

import pytest

from chassis import edge
from tests.chassis.toy.app import JarView, create_app


@pytest.fixture
async def toy(harness):
    return await harness(create_app())


@pytest.fixture
async def keeper(toy):
    async with toy.client(roles=["keeper"]) as client:
        yield client


async def test_a_list_is_read_page_by_page(keeper):
    for label, marbles in (("a", 1), ("b", 3), ("c", 3), ("d", 2)):
        jar = (await keeper.post("/v1/jars", json={"label": label})).json()
        await keeper.post(f"/v1/jars/{jar['id']}/marbles", json={"count": marbles})

    first = (await keeper.get("/v1/jars?first=3&count=true")).json()
    second = (await keeper.get("/v1/jars", params={"first": 3, "after": first["endCursor"]})).json()

    assert [node["label"] for node in first["nodes"]] == ["b", "c", "d"]
    assert (first["hasNextPage"], first["totalCount"]) == (True, 4)
    assert [node["label"] for node in second["nodes"]] == ["a"]
    assert (second["hasNextPage"], second["totalCount"]) == (False, None)


async def test_an_empty_list_has_no_cursor(keeper):
    assert (await keeper.get("/v1/jars")).json() == {
        "nodes": [],
        "hasNextPage": False,
        "endCursor": None,
        "totalCount": None,
    }


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("first=101", "page-too-large"),
        ("first=0", "invalid-input"),
        ("first=x", "invalid-input"),
        ("after=%21%21", "cursor-invalid"),
        ("after=WzFd", "cursor-invalid"),
        ("after=WyJ4IiwgInkiXQ", "cursor-invalid"),
    ],
)
async def test_a_page_that_cannot_be_is_refused(keeper, query, slug):
    answer = await keeper.get(f"/v1/jars?{query}")

    assert (answer.status_code, answer.json()["slug"]) == (422, slug)


async def test_a_batch_answers_every_key_with_the_fields_asked_for(keeper):
    jar = (await keeper.post("/v1/jars", json={"label": "a"})).json()
    keys = [jar["id"], "jar_unknown"]

    whole = await keeper.post("/v1/batch/jars", json={"keys": keys})
    part = await keeper.post("/v1/batch/jars", json={"keys": keys, "fields": ["marbleCount"]})

    assert whole.json() == {jar["id"]: jar, "jar_unknown": None}
    assert part.json() == {jar["id"]: {"id": jar["id"], "marbleCount": 0}, "jar_unknown": None}


async def test_a_batch_has_a_size(keeper):
    answer = await keeper.post("/v1/batch/jars", json={"keys": ["x"] * 501})

    assert (answer.status_code, answer.json()["field"]) == (422, ["keys"])


def test_a_mask_reaches_into_lists_and_leaves_json_alone():
    jar = JarView(id="j", label="a", marble_count=1, version=1)

    assert edge.masked([jar], frozenset({"label"})) == [{"id": "j", "label": "a"}]
    assert edge.masked(b"{}", frozenset({"label"})) == b"{}"
    assert edge.masked(3, frozenset({"label"})) == 3
