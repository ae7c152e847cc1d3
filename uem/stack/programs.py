"""The programs of the stack: four services and the gateway, each one uvicorn process."""

import http.client
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from uem.problem import Problem
from uem.stack import ports, process
from uem.stack.zygote import Zygote

START_TIMEOUT_S = 60.0  # a cold import of the warehouse engine on a loaded two-core machine


@dataclass(frozen=True, slots=True)
class Application:
    """One program: its name, where uvicorn finds it, and the service's package if it is one."""

    name: str
    factory: str
    owns_database: bool = True
    package: str | None = None


SERVICES = tuple(
    Application(name, f"services.{name}.app:create_app", package=f"services.{name}")
    for name in ("org", "plans", "guarantee", "analytics")
)
GATEWAY = Application("gateway", "gateway.app:create_app", owns_database=False)
APPLICATIONS = (*SERVICES, GATEWAY)


class Program:
    """One application running under uvicorn on its loopback port."""

    def __init__(
        self,
        application: Application,
        port: int,
        *,
        zygote: Zygote,
        folder: Path,
        environment: Mapping[str, str],
    ) -> None:
        self.name = application.name
        self.port = port
        self._factory = application.factory
        self._zygote = zygote
        self._environment = dict(environment)
        self._child = process.Child(self.name, [], folder=folder)

    @property
    def address(self) -> str:
        """Where the program listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int | None:
        """The program's pid while it lives."""
        return self._child.pid

    def start(self) -> None:
        """The program answers /readyz with 200. Raises `Problem` when it ends or takes 60 s."""
        self.stop()
        ports.expect_free(self.port, self.name)
        born = self._zygote.bear(
            "uem.stack.born:serve",
            {"factory": self._factory, "port": self.port},
            environment=self._environment,
            log=self._child.log_file,
        )
        self._child.adopt(born)
        if not process.wait_until(self._is_ready_or_gone, START_TIMEOUT_S) or self.pid is None:
            raise Problem(
                f"{self.name} did not become ready: {self._why()}",
                remedy=f"the whole log: {self._child.log_file}",
            )

    def stop(self) -> None:
        """The program is gone: it finished the requests and messages it had begun."""
        self._child.stop(signal.SIGTERM, grace_s=15.0)

    def kill(self) -> None:
        """The program was ended by SIGKILL, as in a crash."""
        self._child.kill()

    def is_ready(self) -> bool:
        """Whether the living program says that it is ready."""
        return self._child.pid is not None and readiness(self.port)[0] == http.HTTPStatus.OK

    def log_tail(self) -> str:
        """Return the last lines of the program's log."""
        return self._child.log_tail()

    def _is_ready_or_gone(self) -> bool:
        return self._child.pid is None or self.is_ready()

    def _why(self) -> str:
        if self._child.pid is None:
            return f"it ended\n{self._child.log_tail()}"
        status, body = readiness(self.port)
        return f"/readyz answers {status} {body}\n{self._child.log_tail()}"


def readiness(port: int) -> tuple[int, str]:
    """Return status and body of /readyz on the port; status 0 when nothing answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2.0)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    except (OSError, http.client.HTTPException):
        return 0, "no answer"
    finally:
        connection.close()
