"""The compose stack of this tree on a Docker engine; skipped with the reason where none can be had."""

import os
import sys
from collections.abc import Iterator

import pytest

from containers import compose, images
from containers.compose import Compose
from containers.engine import NoEngine, engine
from tests.faults.conftest import calm, patience  # noqa: F401 - the same play, without containers
from tests.faults.runs import Left  # noqa: F401 - of the fixture
from uem.demo.against import Distant
from uem.stack import ports

BILLS = compose.ROOT / "build" / "sbom"


@pytest.fixture(scope="session")
def docker() -> Iterator[dict[str, str]]:
    """An environment in which `docker` reaches an engine."""
    try:
        with engine() as environment:
            yield environment
    except NoEngine as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def built(docker: dict[str, str]) -> str:
    """The base image on which the images were built just now."""
    try:
        found = images.base(docker)
    except NoEngine as reason:
        pytest.skip(str(reason))
    images.build(docker, base_image=found)
    return found


@pytest.fixture(scope="session")
def port() -> int:
    return ports.free(1)[0]


@pytest.fixture(scope="session")
def stack(docker: dict[str, str], built: str, port: int) -> Iterator[Compose]:
    """The whole of docker-compose.yml, healthy, on volumes of its own."""
    more = {"UEM_PORT": str(port), "PYTHON_IMAGE": built}
    running = Compose(docker | more, standins=built == images.STANDIN)
    try:
        running.up()
        yield running
    finally:
        if os.environ.get("UEM_CONTAINERS_KEEP") is None:
            running.down()


@pytest.fixture(scope="session")
def distant(stack: Compose, port: int, tmp_path_factory: pytest.TempPathFactory) -> Distant:
    """The stack behind its one published port, with the operator's secrets out of their volume."""
    folder = tmp_path_factory.mktemp("secrets") / "operator"
    stack.run("cp", "migrations:/state/secrets", str(folder))
    return Distant.at(f"http://127.0.0.1:{port}", folder)


def tell(text: str) -> None:
    """The figures stand in the output of `make containers`."""
    sys.stdout.write(f"\n{text}\n")
