"""A real cluster: applied twice, rolled out under load, pods and database lost, drained, bounded.

Needs KUBECONFIG and images that the cluster can pull or was given (`kind load docker-image`), and
applies the overlay `UEM_OVERLAY` (dev). Secrets are made with `uem secrets` when there are none.
"""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.k8s.manifests import K8S
from uem import secrets
from uem.demo.against import Distant
from uem.stack import ports, process

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(1200),
    pytest.mark.skipif(
        not os.environ.get("KUBECONFIG") or shutil.which("kubectl") is None,
        reason="needs KUBECONFIG of a cluster to try it on, and kubectl",
    ),
]

OVERLAY = os.environ.get("UEM_OVERLAY", "dev")
PROGRAMS = ("org", "plans", "guarantee", "gateway")
ROLLED_OUT_S = 300


def kubectl(*words: str, within_s: int = ROLLED_OUT_S) -> str:
    done = subprocess.run(
        ["kubectl", "--namespace", "uem", *words],
        capture_output=True,
        text=True,
        timeout=within_s,
        check=False,
    )
    assert done.returncode == 0, f"kubectl {' '.join(words)}: {done.stderr[-1500:]}"
    return done.stdout


def apply() -> str:
    return kubectl("apply", "--kustomize", str(K8S / "overlays" / OVERLAY))


def rolled_out() -> None:
    for name in PROGRAMS:
        kubectl("rollout", "status", f"deployment/{name}", f"--timeout={ROLLED_OUT_S}s")
    kubectl("rollout", "status", "statefulset/analytics", f"--timeout={ROLLED_OUT_S}s")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The namespace with its secrets, and everything of the overlay ready."""
    folder = tmp_path_factory.mktemp("secrets") / "made"
    secrets.lay_out(folder)
    kubectl("apply", "--filename", str(K8S / "base" / "namespace.yaml"))
    for reader in folder.iterdir():
        words = ["create", "secret", "generic", reader.name, f"--from-file={reader}"]
        if subprocess.run(
            ["kubectl", "-n", "uem", "get", "secret", reader.name], capture_output=True, check=False
        ).returncode:
            kubectl(*words)
    apply()
    rolled_out()
    return folder


@contextmanager
def forwarded() -> Iterator[str]:
    """The gateway on a port of this machine, for as long as the context lasts."""
    port = ports.free(1)[0]
    with subprocess.Popen(
        ["kubectl", "-n", "uem", "port-forward", "service/gateway", f"{port}:8080"],
        stdout=subprocess.DEVNULL,
    ) as forwarding:
        address = f"http://127.0.0.1:{port}"
        assert process.wait_until(lambda: _answers(address), 30)
        try:
            yield address
        finally:
            forwarding.terminate()


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/livez", timeout=2, trust_env=False).is_success
    except httpx.TransportError:
        return False


def load(seconds: int) -> str:
    """Requests from inside, one after the other, of a pod of its own; how many there were and failed."""
    program = (
        "import time, urllib.request as r\n"
        f"end, done, failed = time.time() + {seconds}, 0, 0\n"
        "while time.time() < end:\n"
        "    done += 1\n"
        "    try: r.urlopen('http://org:8080/readyz', timeout=5).read()\n"
        "    except Exception: failed += 1\n"
        "print(done, failed)\n"
    )
    pod = json.loads(kubectl("get", "pods", "-l", "app.kubernetes.io/name=gateway", "-o", "json"))
    name = pod["items"][0]["metadata"]["name"]
    return kubectl("exec", name, "--", "python", "-c", program, within_s=seconds + 60)


def test_it_is_applied_twice_and_the_second_time_nothing_changes(made: Path):
    changed = [line for line in apply().splitlines() if not line.endswith("unchanged")]

    assert changed == []


def test_a_rollout_under_load_fails_no_request(made: Path):
    kubectl("rollout", "restart", "deployment/org")

    done, failed = map(int, load(60).split())
    rolled_out()

    assert done > 100
    assert failed == 0


def test_a_lost_pod_comes_back(made: Path):
    kubectl("delete", "pod", "-l", "app.kubernetes.io/name=plans", "--wait=false")

    rolled_out()


def test_without_its_database_a_program_is_alive_and_not_ready(made: Path):
    kubectl("scale", "statefulset/postgres", "--replicas=0")
    try:
        assert process.wait_until(lambda: not _ready("org"), 90)
        time.sleep(30)  # longer than the liveness probe's patience with a dead process
        assert _restarts("org") == 0
    finally:
        kubectl("scale", "statefulset/postgres", "--replicas=1")
    assert process.wait_until(lambda: _ready("org"), 180)


def test_more_than_the_namespace_has_is_refused_and_harms_nobody(made: Path):
    quota = ["create", "quota", "smoke", "--hard=pods=1"]
    kubectl(*quota)
    try:
        kubectl("delete", "pod", "-l", "app.kubernetes.io/name=guarantee", "--wait=true")
        assert not _ready("guarantee")
        assert _ready("org")
    finally:
        kubectl("delete", "quota", "smoke")
    kubectl("rollout", "restart", "deployment/guarantee")
    rolled_out()


def test_a_drained_node_is_left_and_everything_is_ready_again(made: Path):
    nodes = json.loads(kubectl("get", "nodes", "-o", "json"))["items"]
    if len(nodes) < 2:
        pytest.skip("needs two nodes")
    name = nodes[-1]["metadata"]["name"]
    words = ["--ignore-daemonsets", "--delete-emptydir-data", "--timeout=240s"]
    kubectl("drain", name, *words)
    try:
        rolled_out()
    finally:
        kubectl("uncordon", name)


def test_the_edge_answers_a_token_of_the_developments_issuer(made: Path):
    if OVERLAY != "dev":
        pytest.skip("other overlays believe the city's issuer")
    with forwarded() as address:
        token = Distant.at(address, made / secrets.OPERATOR).token(roles=["viewer"])
        answer = httpx.post(
            f"{address}/graphql",
            json={"query": "{ incidents { nodes { id } } }"},
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
            trust_env=False,
        )

    assert answer.json()["data"]["incidents"]["nodes"] == []


def _pods(name: str) -> list[dict[str, Any]]:
    found = json.loads(kubectl("get", "pods", "-l", f"app.kubernetes.io/name={name}", "-o", "json"))
    return [one["status"] for one in found["items"]]


def _containers(name: str) -> list[dict[str, Any]]:
    return [one for status in _pods(name) for one in status.get("containerStatuses", ())]


def _ready(name: str) -> bool:
    states = _containers(name)
    return bool(states) and all(state["ready"] for state in states)


def _restarts(name: str) -> int:
    return sum(state["restartCount"] for state in _containers(name))
