"""Several files as the one text that a plan version is kept as, and back, byte for byte."""

import re
from collections.abc import Mapping

from services.plans.domain.plan_file.source import Position

ALONE = "plan.yaml"  # the name of a file that came without one
_HEADER = re.compile(r"^--- # file: (?P<name>[^\s,]+)(?P<open>, open end)?\n", re.MULTILINE)


def bundle(files: Mapping[str, str]) -> str:
    """The files as one text, a document of YAML each; a single file is left as it is.

    Raises ValueError for a file that has a header of ours inside, or a name with blanks.
    """
    for name, text in files.items():
        if _HEADER.search(text) or not re.fullmatch(r"[^\s,]+", name):
            raise ValueError(name)
    if len(files) == 1:
        return next(iter(files.values()))
    return "".join(_part(name, text) for name, text in sorted(files.items()))


def files_of(text: str) -> dict[str, str]:
    """The files that the text was bundled from, by name."""
    headers = list(_HEADER.finditer(text))
    if not headers:
        return {ALONE: text}
    ends = [header.start() for header in headers[1:]] + [len(text)]
    return {
        header["name"]: _body(text[header.end() : end], is_open=header["open"] is not None)
        for header, end in zip(headers, ends, strict=True)
    }


def place_of(text: str, at: Position) -> tuple[str | None, Position]:
    """Which file of the bundle the position lies in, None in a text of one, and where there."""
    name, line = None, 0
    for header in _HEADER.finditer(text):
        begins = text.count("\n", 0, header.end())
        if begins >= at.line:
            break
        name, line = header["name"], begins
    return name, Position(at.line - line, at.column)


def _part(name: str, text: str) -> str:
    if text.endswith("\n"):
        return f"--- # file: {name}\n{text}"
    return f"--- # file: {name}, open end\n{text}\n"


def _body(text: str, *, is_open: bool) -> str:
    return text.removesuffix("\n") if is_open else text
