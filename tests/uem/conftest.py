"""A stack of two probes on embedded servers, booted once for these tests."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from uem.stack.programs import Application
from uem.stack.stack import Stack
from uem.stack.supervisor import State, Step

PROBES = (
    Application("probe", "tests.uem.probe:create_app"),
    Application("gateway", "tests.uem.probe:create_app", owns_database=False),
)


@dataclass(slots=True)
class Booted:
    stack: Stack
    steps: list[Step] = field(default_factory=list)

    def states(self, server: str) -> list[State]:
        return [step.state for step in self.steps if step.server == server]


@pytest.fixture(scope="session")
async def booted(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Booted]:
    steps: list[Step] = []
    folder = tmp_path_factory.mktemp("stack") / "state"
    async with Stack(folder, applications=PROBES, tell=steps.append) as stack:
        yield Booted(stack, steps)
    drained = [step.server for step in steps if step.state is State.STOPPED]
    assert drained[-4:] == ["gateway", "probe", "nats", "postgres"]
