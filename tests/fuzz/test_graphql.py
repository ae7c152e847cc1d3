"""The GraphQL schema: whatever fits it is answered, and never with an error of ours."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import schemathesis
from hypothesis import strategies as st
from schemathesis.graphql import nodes

from gateway.sdl import sdl
from tests.fuzz.asking import examples_of
from tests.gateway.conftest import Rig, rigged, settings_of, token_of_officer
from tests.tokens import Issuer

TEXTS = ["410100", "2026-06-01T08:00:00Z", "2026-06-01", "x", "", "\x00", "😀", "1" * 400]
text = st.sampled_from(TEXTS).map(nodes.String)
for scalar in ("DateTime", "Cursor", "GeoJSON"):
    if f"scalar {scalar}" in sdl():
        schemathesis.graphql.scalar(scalar, text)

SCHEMA: Any = schemathesis.graphql.from_file(sdl())
OPERATIONS = [
    operation
    for found in SCHEMA.get_all_operations()
    if not (operation := found.ok()).label.startswith("Subscription")
]


@pytest.fixture(scope="module")
async def rig(issuer: Issuer) -> AsyncIterator[Rig]:
    """One gateway for all operations: none of them changes it."""
    async with rigged(settings_of(issuer), token_of_officer(issuer)) as found:
        yield found


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.label)
async def test_no_document_meets_an_error_of_ours(rig: Rig, issuer: Issuer, operation: Any) -> None:
    rig.token = token_of_officer(issuer)  # the one before may have expired
    failed = []
    for case in examples_of(operation.as_strategy()):
        document = case.body
        answer = await rig.ask(document)
        if answer.status >= 500 or "INTERNAL_ERROR" in answer.codes:
            failed.append((document, answer))

    assert failed == []
