"""What a child of the zygote runs: an application under uvicorn, or one function with its result."""

import importlib
from pathlib import Path
from typing import Any

import msgspec
import uvicorn

from uem.problem import Problem

DRAIN_S = 10  # requests that were begun have as long to end
KEEP_ALIVE_S = (
    75  # longer than a client keeps an idle connection: one closed as it asks is an error
)


def serve(factory: str, port: int, host: str = "127.0.0.1") -> None:
    """The application answers on the port, of loopback only by default, until asked to end."""
    uvicorn.run(
        factory,
        factory=True,
        host=host,
        port=port,
        access_log=False,
        timeout_graceful_shutdown=DRAIN_S,
        timeout_keep_alive=KEEP_ALIVE_S,
    )


def answer(target: str, arguments: dict[str, Any], result: str) -> None:
    """The file `result` holds what the function returned, or the problem it raised."""
    module, _, function = target.partition(":")
    try:
        found = {"value": getattr(importlib.import_module(module), function)(**arguments)}
    except Problem as problem:
        found = {"problem": problem.message, "remedy": problem.remedy}
    unfinished = Path(f"{result}.unfinished")
    unfinished.write_bytes(msgspec.json.encode(found))
    unfinished.replace(result)
