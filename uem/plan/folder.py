"""Where plans lie on disk: one file a plan, or a folder with `plan.yaml` for one in several files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.plans import domain
from uem.problem import Problem

MAIN = "plan.yaml"
TABLE = ".facts.yaml"


@dataclass(frozen=True, slots=True)
class Written:
    """One plan as its files say it; `home` is the file, or the folder of a plan in several."""

    home: Path
    text: str

    @property
    def table(self) -> Path:
        """Where its fact table lies, if it has one."""
        if self.home.is_dir():
            return self.home / f"plan{TABLE}"
        return self.home.with_name(self.home.stem + TABLE)

    def where(self, at: domain.Position) -> tuple[Path, domain.Position]:
        """The file and the place in it of a position in the whole text."""
        name, there = domain.place_of(self.text, at)
        return (self.home if name is None else self.home / name), there


def find(paths: Sequence[Path]) -> list[Written]:
    """Every plan at or below the paths. Raises Problem for a path without one."""
    return [plan for path in paths for plan in _below(path)]


def _below(path: Path) -> Iterator[Written]:
    if path.is_file():
        yield Written(path, _read(path))
    elif (path / MAIN).is_file():
        yield _parts(path)
    elif path.is_dir():
        yield from _all_in(path)
    else:
        raise Problem(
            f"{path} is neither a file nor a folder", remedy="name a plan file, or its folder"
        )


def _all_in(folder: Path) -> Iterator[Written]:
    found = False
    for entry in sorted(folder.iterdir()):
        if entry.is_dir() and (entry / MAIN).is_file():
            yield _parts(entry)
            found = True
        elif _is_plan(entry):
            yield Written(entry, _read(entry))
            found = True
    if not found:
        raise Problem(
            f"no plan lies in {folder}", remedy="name a plan file, or a folder with *.yaml"
        )


def _parts(folder: Path) -> Written:
    files = {
        path.relative_to(folder).as_posix(): _read(path)
        for path in sorted(folder.rglob("*.yaml"))
        if _is_plan(path)
    }
    try:
        return Written(folder, domain.bundle(files))
    except ValueError as error:
        raise Problem(
            f"{folder / str(error)} cannot be part of a plan",
            remedy="its name has a blank or a comma, or its text the line that parts files",
        ) from error


def _is_plan(path: Path) -> bool:
    return path.is_file() and path.suffix == ".yaml" and not path.name.endswith(TABLE)


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"{path} cannot be read: {error}", remedy="save it as UTF-8") from error
