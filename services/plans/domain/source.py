"""A YAML (or JSON) text read with the place of every value, so that a fault names line and column."""

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
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


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a text: a stable slug, where, what, and what to write instead."""

    slug: str
    at: Position
    message: str
    remedy: str | None = None


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


class _PlainLoader(yaml.SafeLoader):
    """YAML without surprises: dates stay text, and only true and false are booleans."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] not in _SURPRISING]
    for _SURPRISING in [("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf")
)


def read(text: str) -> Source:
    """Read the one document of `text`. Raises `Unreadable` for anything but plain values."""
    nodes: dict[Path, yaml.Node] = {}
    try:
        _refuse_traps(text)
        loader = _PlainLoader(text)
        root = loader.get_single_node()
        if root is None:
            raise Unreadable(Fault("yaml-syntax", Position(1, 1), "The text is empty."))
        data = _Reader(loader, nodes).plain(root, ())
    except yaml.MarkedYAMLError as error:
        raise Unreadable(_syntax_fault(error)) from error
    except yaml.reader.ReaderError as error:
        raise Unreadable(_character_fault(text, error.position)) from error
    return Source(data, nodes, text)


def instant(text: str) -> datetime:
    """The instant that a date (its midnight in China) or an RFC 3339 text names."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)


def _refuse_traps(text: str) -> None:
    """Read the events only, which stops in time where reading the whole would not."""
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

    loader: yaml.SafeLoader
    nodes: dict[Path, yaml.Node]

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
                at = _position(key_node.start_mark)
                raise Unreadable(Fault("yaml-key-repeated", at, f"`{key}` stands here twice."))
            plain[key] = self.plain(value_node, (*path, key))
        return plain


def _position(mark: Mark | None) -> Position:
    assert mark is not None  # every node and event that was read from text has one
    return Position(mark.line + 1, mark.column + 1)
