"""The REST contracts of org, plans and guarantee (that of analytics lies beside its warehouse)."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from services.guarantee import commands as guarantee_commands
from services.plans import commands as plans_commands
from tests.databases import Postgres
from tests.fuzz.asking import Asked, Operation, drawn, is_fault, operations
from tests.harness import Harness
from tests.services.guarantee import messages
from tests.services.org import city as org_city
from tests.services.plans import city as plans_city
from tests.tokens import Issuer

SERVICES = ("org", "plans", "guarantee")


async def settle(service: str, harness: Harness) -> None:
    if service == "org":
        await org_city.settle(harness)
    elif service == "plans":
        await plans_city.settle(harness)
        await harness.run(plans_commands.import_plan, plans_city.FLOOD, caller=plans_city.PLANNER)
    else:
        for one in messages.GROUND:
            await harness.run(guarantee_commands.keep_jurisdiction, one)
        for known in (messages.FLOOD_COMMAND, messages.OFFICE, messages.PUMPS_OWNER):
            await harness.run(guarantee_commands.keep_organization, known)


@pytest.fixture(scope="module")
async def asked(postgres: Postgres, issuer: Issuer) -> AsyncIterator[dict[str, Asked]]:
    """The services, each knowing a city, and who asks them."""
    async with AsyncExitStack() as stack:
        found = {}
        for service in SERVICES:
            harness = await stack.enter_async_context(Harness.open(service, postgres, issuer))
            await settle(service, harness)
            client = await stack.enter_async_context(harness.anonymous())
            found[service] = Asked(client, issuer)
        yield found


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        pytest.param(service, operation, id=f"{service} {operation.label}")
        for service in SERVICES
        for operation in operations(service)
    ],
)
async def test_no_request_meets_a_fault(
    asked: dict[str, Asked], service: str, operation: Operation
) -> None:
    faults = []
    asked[service].sign_in()
    for case in drawn(operation):
        answer = await asked[service].send(case)
        if is_fault(answer):
            faults.append(f"{case.as_curl_command()}\n{answer.status_code} {answer.text}")

    assert faults == []
