"""A server that dies is started again, however often that fails."""

import asyncio
from dataclasses import dataclass, field

from uem.stack.supervisor import State, Step, Supervisor


@dataclass
class Fragile:
    """Comes up; once killed, cannot be started the first time for a reason of the machine's."""

    name: str = "fragile"
    pid: int | None = None
    faults: list[OSError] = field(default_factory=list)

    def start(self) -> None:
        if self.faults:
            raise self.faults.pop()
        self.pid = 1

    def stop(self) -> None:
        self.pid = None

    def kill(self) -> None:
        self.pid = None

    def is_ready(self) -> bool:
        return self.pid is not None


async def test_a_start_that_failed_for_the_machines_reasons_is_said_and_tried_again():
    steps: list[Step] = []
    is_back = asyncio.Event()

    def tell(step: Step) -> None:
        steps.append(step)
        if [one.state for one in steps].count(State.READY) == 2:
            is_back.set()

    supervisor = Supervisor(tell)
    server = Fragile()
    await supervisor.start(server)
    server.faults.append(FileNotFoundError(2, "No such file or directory", "xlogtemp.1"))

    server.kill()
    async with asyncio.timeout(30):
        await is_back.wait()
    await supervisor.close()

    assert server.is_ready()
    (failed,) = [one for one in steps if one.state is State.FAILED]
    assert "xlogtemp.1" in failed.detail
