"""The zygote: has imported the programs of the stack, and forks them.

Importing one program costs two seconds of processor time, most of it libraries that all share;
five programs that each did it would make a boot on two cores twice as long. Requests come as JSON lines on standard input,
each is answered with the pid of a child in a session of its own; the end of the input is the end
of the zygote, and its children go on.
"""

import contextlib
import gc
import importlib
import json
import os
import signal
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SHARED = (
    *("uvicorn", "uvicorn.loops.auto", "uvicorn.protocols.http.auto"),
    *("uvicorn.protocols.websockets.auto", "uvicorn.lifespan.on", "uem.stack.born"),
)
Request = Mapping[str, Any]  # JSON from uem.stack.zygote: target, arguments, environment, log


def main() -> None:
    """Be the zygote of the modules named, or with `once` become the one program asked for."""
    if sys.argv[1:] == ["once"]:
        _become(json.loads(sys.stdin.readline()))
        return
    gc.disable()
    for name in (*SHARED, *sys.argv[1:]):
        _import(name)
    gc.freeze()  # what is shared stays shared: no collection writes to it
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps; nobody asks for exit codes
    for line in sys.stdin:
        request = json.loads(line)
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            gc.enable()
            _become(request)
            return
        print(json.dumps({"pid": pid}), flush=True)


def _import(name: str) -> None:
    """The module is imported, or what keeps it from that stands in the log, as in its program's."""
    try:
        importlib.import_module(name)
    except Exception:  # whatever it is, the other programs can still be born
        traceback.print_exc()


def _become(request: Request) -> None:
    """This process is the program asked for, until that ends."""
    with contextlib.suppress(PermissionError):  # a process started for this once leads already
        os.setsid()
    log = os.open(request["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    with contextlib.suppress(OSError):  # how top and ps call it; Linux only
        Path("/proc/self/comm").write_text(f"uem-{Path(request['log']).stem}", encoding="ascii")
    os.environ.clear()
    os.environ.update(request["environment"])
    module, _, function = request["target"].partition(":")
    getattr(importlib.import_module(module), function)(**request["arguments"])


if __name__ == "__main__":
    main()
