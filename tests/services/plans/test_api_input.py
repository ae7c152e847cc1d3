"""Input that nobody means: refused with a reason, never a server error."""

import json
from typing import Any

import pytest

from tests.harness import Harness

ROLES = ["viewer", "commander", "planner"]


@pytest.mark.parametrize(
    "path",
    [
        "/v1/activations?jurisdiction=%00",
        "/v1/activations/%00",
        "/v1/plans?planId=%00",
        "/v1/plans/a/versions/%00",
        "/v1/evaluations?activationId=a%00b",
        "/v1/activations?first=5000",
        "/v1/activations?after=nonsense",
    ],
)
async def test_an_address_that_nobody_means_is_refused(plans: Harness, path: str):
    async with plans.client(roles=ROLES) as client:
        answer = await client.get(path)

    assert answer.status_code in {404, 422}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/batch/activations", {"keys": ["\x00"]}),
        ("/v1/batch/responseLevels", {"keys": ["a"], "args": {"mode": {"x": 1}}}),
        ("/v1/explain", {"jurisdiction": "4101", "emergencyType": "11B03"}),
        (
            "/v1/explain",
            {"jurisdiction": "410100", "emergencyType": "11B03", "at": "0001-01-01T00:00:00Z"},
        ),
        ("/v1/plans/flood-410100/versions/2021.1/publish", {"expectedVersion": "two"}),
        ("/v1/activations", {"planId": "flood-410100", "level": "LEVEL_V", "reason": "x"}),
        ("/v1/activations/act_1/decline", {"reason": "x" * 2001}),
    ],
)
async def test_a_body_that_nobody_means_is_refused(plans: Harness, path: str, body: Any):
    async with plans.client(roles=ROLES) as client:
        answer = await client.post(
            path, content=json.dumps(body), headers={"Content-Type": "application/json"}
        )

    assert answer.status_code == 422


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"1",
        b"{}",
        b"\xef\xbb\xbf{}",
        b"? [a]: b",
        b"!!binary aGk=",
        b"!!set {a}",
        b"<<: {a: 1}",
        b"%YAML 9.9\n---\na: 1",
        b"---\na\n---\nb",
        b"!!python/object:os.system {}",
        b"a: \x07",
    ],
)
async def test_a_text_that_is_no_plan_is_refused(empty: Harness, text: bytes):
    async with empty.client(roles=ROLES) as client:
        answer = await client.post("/v1/plans", content=text, headers={"Content-Type": "text/yaml"})

    assert (answer.status_code, answer.json()["slug"]) == (422, "plan-file-invalid")
