"""Disks of our own: an ext4 file system in a file, mounted while a test lasts. Needs root on Linux."""

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

MEGABYTE = 1024 * 1024
BLOCK = 4096
TOOLS = ("mkfs.ext4", "mount", "umount")


class Disk:
    """A file system in `image`, of `megabytes`, mounted at `folder`."""

    def __init__(self, image: Path, folder: Path, *, megabytes: int = 0) -> None:
        self.image = image
        self.folder = folder
        if megabytes:
            with image.open("wb") as file:
                file.truncate(megabytes * MEGABYTE)
            _run("mkfs.ext4", "-q", "-m", "0", str(image))

    def mount(self) -> None:
        """The file system is at its folder; programs of any user may pass through it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        _run("mount", "-o", "loop", str(self.image), str(self.folder))
        self.folder.chmod(0o755)

    def unmount(self) -> None:
        """Nothing is at the folder any more."""
        _run("umount", str(self.folder))

    def as_after_a_power_cut(self, image: Path) -> None:
        """`image` is what the block device holds at this moment: nothing that only memory has."""
        _run("cp", "--sparse=always", str(self.image), str(image))

    def fill(self) -> Path:
        """Not a block is to be had; return the file that takes the room."""
        ballast = self.folder / "ballast"
        with ballast.open("wb", buffering=0) as file:
            for size in (MEGABYTE, BLOCK):
                with suppress(OSError):  # no space left
                    while True:
                        file.write(b"\0" * size)
        return ballast


def expect_disks() -> None:
    """Skip where no disk can be made."""
    absent = [tool for tool in TOOLS if shutil.which(tool) is None]
    if os.geteuid() != 0 or absent:
        pytest.skip(f"needs root and {', '.join(TOOLS)}: a file system is made and mounted")
    if not Path("/dev/loop-control").exists():
        pytest.skip("needs loop devices")


def _run(*words: str) -> None:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(words)}: {done.stderr}"
