from tests.chassis.toy.app import create_app


async def test_a_command_answers_with_what_it_made(harness):
    toy = await harness(create_app())

    async with toy.client(roles=["keeper"]) as client:
        answer = await client.post("/v1/jars", json={"label": "first"})

    assert answer.status_code == 201, answer.text
    assert answer.json()["label"] == "first"
    assert [said.type for said in await toy.published()] == ["uem.toy.jar.opened.v1"]
