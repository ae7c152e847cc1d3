"""Whether all services are at rest: the sums of what was said held against what was taken.

One look at each service, one after the other, is enough. Suppose that all of them balance and yet
one, X, acts after the look at it; take the first such act. It follows from a message, for timers
that were due are counted. Whoever said the message acted before it, so before the look at him, or
X's act would not be the first. Then the message is in his sum and not in that of X.
"""

from collections.abc import Mapping
from typing import Any

ALL = "*"


def to_do(seen: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What is still under way, by the progress of every service; empty when they are at rest."""
    here = [
        f"{service}: {one[kind]} {kind}"
        for service, one in seen.items()
        for kind in ("unsent", "timers")
        if one[kind]
    ]
    between = [
        f"{heard['consumer']}: {said - heard['taken']} to be taken"
        for one in seen.values()
        for heard in one["heard"]
        if (said := _said(seen[heard["service"]], heard["aggregate"])) != heard["taken"]
    ]
    return here + between


def _said(one: Mapping[str, Any], aggregate: str) -> int:
    said: int = one["events"] if aggregate == ALL else one["versions"].get(aggregate, 0)
    return said
