"""README tells the truth: its query gives its answer, its commands exist."""

import json
import re

import httpx

from tests.architecture import house
from uem.demo.city import City
from uem.stack.stack import Stack

README = (house.ROOT / "README.md").read_text("utf-8")


def block(language: str) -> str:
    """The one block of that language."""
    found: list[str] = re.findall(rf"```{language}\n(.*?)```", README, re.S)
    return found[0]


async def test_the_query_of_the_readme_gives_the_answer_of_the_readme(stack: Stack, city: City):
    headers = {"Authorization": f"Bearer {stack.token(roles=['viewer'])}"}
    async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
        answer = await client.post(
            f"{stack.addresses['gateway']}/graphql",
            json={"query": block("graphql")},
            headers=headers,
        )

    assert answer.json() == json.loads(block("json"))


def test_the_commands_of_the_readme_are_verbs_of_make():
    makefile = (house.ROOT / "Makefile").read_text("utf-8")

    for verb in re.findall(r"`?make ([a-z]+)", README):
        assert re.search(rf"^{verb}:", makefile, re.M), verb
