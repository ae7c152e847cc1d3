"""Our copy of the legal provisions that measures rest on."""

from dataclasses import dataclass

import vocabulary


@dataclass(frozen=True, slots=True)
class Provision:
    """A provision as guarantee last published it."""

    id: str
    law: vocabulary.Provision
    version: int = 0
