"""What a batch read is told besides its keys."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from chassis.errors import Invalid

T = TypeVar("T")


def argument(args: Mapping[str, Any], name: str, of: type[T], default: T | None = None) -> T:
    """Return the named argument as a value of its type. Raises Invalid, naming it."""
    given = args.get(name)
    try:
        found = msgspec.convert(default if given is None else given, of)
    except msgspec.ValidationError as error:
        raise Invalid(f"{name}: {error}.", field=("args", name)) from error
    if isinstance(found, datetime) and found.tzinfo is None:
        raise Invalid(f"{name} needs an offset from UTC.", field=("args", name))
    return found
