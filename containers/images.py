"""The images: built from the Dockerfile, on the pinned base or, without a registry, on a stand-in."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from containers import compose
from containers.engine import NoEngine

ROOT = Path(__file__).resolve().parents[1]
PINNED = "docker.io/library/python:3.11-slim-bookworm"
STANDIN = "uem-standin/python:3.11"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
TRIES_TO_PULL_S = 60


@dataclass(frozen=True, slots=True)
class Image:
    """One image as built: its size unpacked, and how many packages the bill of materials names."""

    name: str
    megabytes: int
    packages: int
    bill: Path


def base(environment: Mapping[str, str]) -> str:
    """Return the base image that is to be had: the pinned one, else a stand-in of this Debian."""
    if _succeeds(["docker", "image", "inspect", STANDIN], environment):
        return STANDIN
    if _succeeds(["docker", "pull", "--quiet", PINNED], environment, within_s=TRIES_TO_PULL_S):
        return PINNED
    _make_standin(environment)
    return STANDIN


def build(environment: Mapping[str, str], *, base_image: str) -> None:
    """The images of docker-compose.yml are built; the servers' stand-ins where the base is one."""
    stack = compose.Compose({**environment, "PYTHON_IMAGE": base_image}, standins=False)
    stack.run("build", "secrets", "analytics")
    if base_image == STANDIN:
        for name in ("postgres", "nats", "prometheus"):
            _build_standin(name, environment)


def bill_of_materials(image: str, environment: Mapping[str, str], folder: Path) -> Image:
    """Return what is in the image, by syft; the bill (SPDX) lies in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    bill = folder / f"{image.replace('/', '-').replace(':', '-')}.spdx.json"
    with tempfile.TemporaryDirectory() as scratch:
        archive = Path(scratch) / "image.tar"
        run(["docker", "save", "--output", str(archive), image], environment)
        run([_tool("syft"), f"docker-archive:{archive}", "-q", "-o", f"spdx-json={bill}"], {})
    packages = len(json.loads(bill.read_text())["packages"])
    return Image(image, megabytes(image, environment), packages, bill)


def megabytes(image: str, environment: Mapping[str, str]) -> int:
    """Return how large the image is, unpacked."""
    size = run(["docker", "image", "inspect", "--format", "{{.Size}}", image], environment)
    return int(size) // 1_000_000


def run(words: list[str], environment: Mapping[str, str]) -> str:
    """Return what the command says. Raises RuntimeError with its complaint."""
    done = subprocess.run(
        words,
        cwd=ROOT,
        env=dict(environment) or None,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)}: {done.stderr[-2000:]}")
    return done.stdout.strip()


def _make_standin(environment: Mapping[str, str]) -> None:
    if shutil.which("debootstrap") is None:
        raise NoEngine("the base image cannot be pulled, and debootstrap is missing to make one")
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "root"
        run(["debootstrap", "--variant=minbase", "bookworm", str(root)], {})
        packed = Path(scratch) / "root.tar"
        run(["tar", "-C", str(root), "-cf", str(packed), "."], {})
        run(["docker", "import", str(packed), "uem-standin/debian:bookworm"], environment)
        shutil.copy(CERTIFICATES, Path(scratch) / "ca-certificates.crt")
        _build_standin("python", environment, context=Path(scratch), tag=STANDIN)


def _build_standin(
    name: str, environment: Mapping[str, str], *, context: Path = ROOT, tag: str = ""
) -> None:
    file = ROOT / "containers" / "standins" / f"{name}.Dockerfile"
    words = [
        "docker",
        "build",
        "--quiet",
        "--file",
        str(file),
        "--tag",
        tag or f"uem-standin/{name}",
    ]
    run([*words, "--build-arg", f"PYTHON_IMAGE={STANDIN}", str(context)], environment)


def _tool(name: str) -> str:
    beside = Path(sys.executable).parent / name
    return str(beside) if beside.exists() else name


def _succeeds(words: list[str], environment: Mapping[str, str], *, within_s: int = 20) -> bool:
    try:
        done = subprocess.run(
            words, env=dict(environment), capture_output=True, timeout=within_s, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
