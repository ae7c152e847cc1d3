"""Writes contracts/ from proto/: immutable msgspec structs with the ProtoJSON mapping.

Run by `make contracts`; `python proto/generate.py --check` fails when a committed file differs.
int64 is refused: ProtoJSON prints it as a string, so amounts are documented strings or decimals.
"""

import argparse
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

from google.protobuf import descriptor_pool, message_factory
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
)

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "contracts."
ENUM_HOME = "contracts.vocabulary.v1"  # its enums are the classes of the package `vocabulary`
SCALARS = {
    FieldDescriptorProto.TYPE_DOUBLE: "float",
    FieldDescriptorProto.TYPE_INT32: "int",
    FieldDescriptorProto.TYPE_BOOL: "bool",
    FieldDescriptorProto.TYPE_STRING: "str",
}
HEADER = '"""{what}\n\nGenerated from {source} by proto/generate.py. Never edited.\n"""\n\n'


def main() -> int:
    """Write the contracts, or with --check report those that differ; 1 when something differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare with what is committed")
    arguments = parser.parse_args()
    stale = [
        path for path, text in rendered() if not path.exists() or path.read_text("utf-8") != text
    ]
    if arguments.check:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not what proto/ says: run `make contracts`")
        return 1 if stale else 0
    for path, text in rendered():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    print(f"contracts/: {len(stale)} file(s) changed")
    return 0


def image() -> FileDescriptorSet:
    """Compile proto/ with buf into one descriptor set, comments included."""
    buf = Path(sysconfig.get_path("scripts")) / "buf"
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "image.binpb"
        subprocess.run([buf, "build", "-o", out], cwd=ROOT / "proto", check=True)  # noqa: S603 - our own tool
        return FileDescriptorSet.FromString(out.read_bytes())


def rendered() -> Iterator[tuple[Path, str]]:
    """Yield every file of contracts/ with the text that it should have."""
    files = image()
    required = _required_fields(files)
    yield (
        ROOT / "contracts" / "__init__.py",
        HEADER.format(
            what="Event contracts: what services say to one another.", source="proto/"
        ).rstrip("\n")
        + "\n",
    )
    for file in files.file:
        if not file.package.startswith(PREFIX) or file.package == "contracts.options.v1":
            continue
        module = ROOT / Path(*file.package.split("."))
        what = _comment(file, (2,)) or _comment(file, (12,)) or f"Contracts of {file.package}."
        header = HEADER.format(what=what.splitlines()[0], source=f"proto/{file.name}")
        yield module.parent / "__init__.py", header.rstrip("\n") + "\n"
        yield module.with_suffix(".py"), header + _module(file, required)


def _required_fields(files: FileDescriptorSet) -> frozenset[str]:
    """Full names of the fields that carry (contracts.options.v1.required) = true."""
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.AddSerializedFile(file.SerializeToString())
    extension = pool.FindExtensionByName("contracts.options.v1.required")
    options = message_factory.GetMessageClass(
        pool.FindMessageTypeByName("google.protobuf.FieldOptions")
    )
    return frozenset(
        f"{file.package}.{message.name}.{field.name}"
        for file in files.file
        for message in file.message_type
        for field in message.field
        if options.FromString(field.options.SerializeToString()).Extensions[extension]
    )


def _module(file: FileDescriptorProto, required: frozenset[str]) -> str:
    bodies = [
        _struct(file, index, message, required) for index, message in enumerate(file.message_type)
    ]
    text = "\n\n".join(bodies)
    lines = []
    if "datetime" in text:
        lines += ["from datetime import datetime", ""]
    lines += ["import msgspec", ""]
    if "vocabulary." in text:
        lines.append("import vocabulary")
    shared = file.package != ENUM_HOME and "shared." in text
    if shared:
        lines.append("from contracts.vocabulary import v1 as shared")
    return "\n".join(lines).rstrip() + "\n\n\n" + text + "\n"


def _struct(
    file: FileDescriptorProto, index: int, message: DescriptorProto, required: frozenset[str]
) -> str:
    lines = [
        f"class {message.name}(",
        '    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"',
        "):",
    ]
    comment = _comment(file, (4, index))
    lines.append(f'    """{comment or _sentence(message.name)}"""')
    lines.append("")
    for position, field in enumerate(message.field):
        note = _comment(file, (4, index, 2, position))
        lines += [f"    # {line}" for line in note.splitlines()]
        full_name = f"{file.package}.{message.name}.{field.name}"
        lines.append(f"    {field.name}: {_annotation(file, field, full_name in required)}")
    return "\n".join(lines) + "\n"


def _annotation(file: FileDescriptorProto, field: FieldDescriptorProto, required: bool) -> str:
    kind = _type(file, field)
    if field.label == FieldDescriptorProto.LABEL_REPEATED:
        return f"tuple[{kind}, ...] = ()"
    if field.type in SCALARS and not field.proto3_optional:
        raise SystemExit(f"{file.name}: {field.name} has no explicit presence: write `optional`")
    return kind if required else f"{kind} | None = None"


def _type(file: FileDescriptorProto, field: FieldDescriptorProto) -> str:
    if field.type in SCALARS:
        return SCALARS[field.type]
    if field.type == FieldDescriptorProto.TYPE_ENUM:
        package, name = str(field.type_name)[1:].rsplit(".", 1)
        if package != ENUM_HOME:
            raise SystemExit(f"{file.name}: enum {name} belongs into {ENUM_HOME}")
        return f"vocabulary.{name}"
    if field.type == FieldDescriptorProto.TYPE_MESSAGE:
        if field.type_name == ".google.protobuf.Timestamp":
            return "datetime"
        package, name = str(field.type_name)[1:].rsplit(".", 1)
        if package == file.package:
            return name
        if package == ENUM_HOME:
            return f"shared.{name}"
    raise SystemExit(f"{file.name}: {field.name} has a type that contracts do not carry")


def _comment(file: FileDescriptorProto, path: tuple[int, ...]) -> str:
    for location in file.source_code_info.location:
        if tuple(location.path) == path:
            text = location.leading_comments
            return "\n".join(line.strip() for line in text.strip().splitlines())
    return ""


def _sentence(name: str) -> str:
    words = "".join(f" {char.lower()}" if char.isupper() else char for char in name).strip()
    return f"{words[0].upper()}{words[1:]}."


if __name__ == "__main__":
    sys.exit(main())
