"""The wheel carries everything that the code reads: an image is made of it, not of a checkout."""

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path, PurePosixPath
from shutil import copytree, ignore_patterns

import pytest

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGES = [
    name.rstrip("*") for name in PYPROJECT["tool"]["setuptools"]["packages"]["find"]["include"]
]


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a wheel built from a copy of the tree, so that no build lands in ours."""
    folder = tmp_path_factory.mktemp("wheel")
    for package in PACKAGES:
        copytree(ROOT / package, folder / package, ignore=ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        (folder / name).write_bytes((ROOT / name).read_bytes())
    subprocess.run(
        [sys.executable, "-c", "from setuptools import build_meta as b; b.build_wheel('dist')"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    (wheel,) = (folder / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_wheel_holds_every_file_of_the_packages(content: dict[str, bytes]):
    tree = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    inside = {
        name: data for name, data in content.items() if not _of_the_wheel(PurePosixPath(name))
    }

    assert sorted(inside) == sorted(tree)
    assert [name for name in tree if inside[name] != tree[name]] == []


def test_the_wheel_offers_the_operators_command(content: dict[str, bytes]):
    (entry_points,) = (data for name, data in content.items() if name.endswith("entry_points.txt"))

    assert b"uem = uem.__main__:main" in entry_points


def _of_the_wheel(name: PurePosixPath) -> bool:
    return name.parts[0].endswith(".dist-info")
