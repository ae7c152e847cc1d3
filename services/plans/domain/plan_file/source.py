"""YAML (or JSON) read with the place of every value, so that a fault names line and column.

A text of several documents is one plan in parts: their mappings are laid together.
"""

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from typing import Any, Protocol

import yaml

Path = tuple[str | int, ...]

_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")

DEEPEST = 32  # nested collections, as in JSON bodies; a plan needs some 8
CHINA = timezone(timedelta(hours=8))  # a bare date means the local day


@dataclass(frozen=True, slots=True)
class Position:
    """Line and column, both counted from 1 as editors do."""

    line: int
    column: int


class Severity(StrEnum):
    """ERROR: no plan; WARNING: a weakness that a reviewer has to see; NOTE: worth a look."""

    ERROR = "ERROR"
    WARNING = "WARNING"
    NOTE = "NOTE"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a text: a stable slug, where, what, and what to write instead."""

    slug: str
    at: Position
    message: str
    remedy: str | None = None
    severity: Severity = Severity.ERROR


class Mark(Protocol):
    """A place as the YAML reader counts it: from 0."""

    @property
    def line(self) -> int: ...  # noqa: D102 - the name says it
    @property
    def column(self) -> int: ...  # noqa: D102


class Unreadable(Exception):
    """The text is no YAML document of plain values; carries the one fault that stopped reading."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Source:
    """Plain values of a document beside the node that each came from."""

    data: Any  # what YAML holds before the schema has looked at it
    nodes: dict[Path, yaml.Node]
    text: str

    def at(self, path: Path) -> Position:
        """Where the value of `path` starts; its nearest ancestor when it is not there."""
        while path not in self.nodes:
            path = path[:-1]
        return _position(self.nodes[path].start_mark)

    def inside(self, path: Path, offset: int) -> Position:
        """Where character `offset` of the string at `path` stands in the text."""
        node = self.nodes[path]
        start = _position(node.start_mark)
        style = getattr(node, "style", None)
        if style in ("|", ">"):
            return self._inside_block(start, str(node.value), offset)
        quote = 1 if style else 0
        return Position(start.line, start.column + quote + offset)

    def _inside_block(self, start: Position, value: str, offset: int) -> Position:
        before = value[:offset]
        line = start.line + 1 + before.count("\n")
        content = self.text.splitlines()[line - 1]
        indent = len(content) - len(content.lstrip())
        return Position(line, indent + 1 + offset - (before.rfind("\n") + 1))


class _PlainLoader(yaml.CSafeLoader):
    """YAML without surprises: dates stay text, and only true and false are booleans."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] not in _SURPRISING]
    for _SURPRISING in [("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")]
    for first, pairs in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf")
)


def read(text: str) -> Source:
    """Read the documents of `text` as one. Raises `Unreadable` for anything but plain values."""
    nodes: dict[Path, yaml.Node] = {}
    try:
        _refuse_traps(text)
        loader = _PlainLoader(text)
        reader = _Reader(loader, nodes)
        whole: Any = None
        while (root := loader.get_node() if loader.check_node() else None) is not None:
            whole = reader.join(whole, root)
    except yaml.MarkedYAMLError as error:
        raise Unreadable(_syntax_fault(error)) from error
    if whole is None:
        raise Unreadable(Fault("yaml-syntax", Position(1, 1), "The text is empty."))
    return Source(whole, nodes, text)


def instant(text: str) -> datetime:
    """The instant that a date (its midnight in China) or an RFC 3339 text names."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)


def _refuse_traps(text: str) -> None:
    """Read the events only, which stops in time where reading the whole would not."""
    if stray := yaml.reader.Reader.NON_PRINTABLE.search(text):
        raise Unreadable(_character_fault(text, stray.start()))
    depth = 0
    for event in yaml.parse(text, Loader=_PlainLoader):
        at = _position(event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            # it can grow a short text to gigabytes, and hides from a reviewer what a line says
            raise Unreadable(Fault("yaml-alias", at, "Aliases are not read: write it out."))
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise Unreadable(Fault("yaml-too-deep", at, f"Nested deeper than {DEEPEST}."))


def _syntax_fault(error: yaml.MarkedYAMLError) -> Fault:
    at = _position(error.problem_mark or error.context_mark)
    return Fault("yaml-syntax", at, f"This is not YAML: {error.problem or error.context}.")


def _character_fault(text: str, position: int) -> Fault:
    before = text[:position]
    at = Position(before.count("\n") + 1, position - before.rfind("\n"))
    return Fault("yaml-character", at, "This character does not belong into a text.")


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns nodes into plain values and notes where each came from."""

    loader: _PlainLoader
    nodes: dict[Path, yaml.Node]

    def join(self, whole: Any, root: yaml.Node) -> Any:  # noqa: ANN401 - untyped until the schema looked
        """What was read so far with the next document laid beside it; an empty one adds nothing."""
        if isinstance(root, yaml.ScalarNode) and root.value == "":
            return whole
        if whole is None:
            return self.plain(root, ())
        if not isinstance(root, yaml.MappingNode) or not isinstance(whole, dict):
            at = _position(root.start_mark)
            raise Unreadable(Fault("plan-part-invalid", at, "A part of a plan is a mapping."))
        for key_node, value_node in root.value:
            self._lay(whole, key_node, value_node)
        return whole

    def _lay(self, whole: dict[str, Any], key_node: yaml.Node, value_node: yaml.Node) -> None:
        """Lists go on, mappings gain keys, anything else is said once."""
        key = str(key_node.value)
        present = whole.get(key)
        match present, value_node:
            case None, _:
                whole[key] = self.plain(value_node, (key,))
            case list(), yaml.SequenceNode(value=items):
                present += [
                    self.plain(item, (key, number))
                    for number, item in enumerate(items, start=len(present))
                ]
            case dict(), yaml.MappingNode(value=pairs):
                for inner, value in pairs:
                    name = str(inner.value)
                    if name in present:
                        raise Unreadable(_repeated(inner, name))
                    present[name] = self.plain(value, (key, name))
            case _:
                raise Unreadable(_repeated(key_node, key))

    def plain(self, node: yaml.Node, path: Path) -> Any:  # noqa: ANN401 - untyped until the schema looked
        self.nodes[path] = node
        match node:
            case yaml.MappingNode():
                return self._mapping(node, path)
            case yaml.SequenceNode(value=items):
                return [self.plain(item, (*path, index)) for index, item in enumerate(items)]
            case _:
                return self._scalar(node)

    def _scalar(self, node: yaml.Node) -> Any:  # noqa: ANN401 - untyped until the schema looked
        at = _position(node.start_mark)
        try:
            value = self.loader.construct_object(node)
        except ValueError as error:  # a tag that its text does not fit, like !!int x
            raise Unreadable(Fault("yaml-value", at, f"Not readable: {error}.")) from error
        if isinstance(value, float) and not math.isfinite(value):
            raise Unreadable(Fault("yaml-value", at, "Neither infinity nor NaN is a value."))
        if isinstance(value, str) and _UNSTORABLE.search(value):
            raise Unreadable(Fault("yaml-character", at, "NUL and half characters are refused."))
        return value

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        plain: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in plain:
                raise Unreadable(_repeated(key_node, key))
            plain[key] = self.plain(value_node, (*path, key))
        return plain


def _repeated(node: yaml.Node, key: str) -> Fault:
    return Fault("yaml-key-repeated", _position(node.start_mark), f"`{key}` stands here twice.")


def _position(mark: Mark | None) -> Position:
    assert mark is not None  # every node and event that was read from text has one
    return Position(mark.line + 1, mark.column + 1)
