"""Jurisdiction codes of GB/T 2260 (and its 9- and 12-digit extensions) and the tree that they spell."""

import re

_CODE = re.compile(r"\d{6}(\d{3}(\d{3})?)?", re.ASCII)
NATION = "000000"  # contains every division
_LEVEL_ENDS = (2, 4, 6, 9, 12)  # province, city, county, township, village


def parse_code(code: str) -> str:
    """Return `code` when it is 6, 9 or 12 digits; raises ValueError saying what is expected otherwise."""
    if not _CODE.fullmatch(code):
        message = f"jurisdiction code {code!r} is not 6, 9 or 12 digits (GB/T 2260)"
        raise ValueError(message)
    return code


def is_code(code: str) -> bool:
    """Whether `code` is written as the code of a division."""
    return _CODE.fullmatch(code) is not None


def _significant(code: str) -> str:
    """The digits that identify the division: all-zero levels at the end dropped.

    A level in the middle may be zero: the towns of Dongguan (441900003) have no county above them.
    """
    parse_code(code)
    starts = (0, *_LEVEL_ENDS)
    named = [
        end
        for start, end in zip(starts, _LEVEL_ENDS, strict=False)
        if end <= len(code) and code[start:end].strip("0")
    ]
    return code[: named[-1]] if named else ""


def is_within(code: str, ancestor: str) -> bool:
    """Whether division `code` is `ancestor` or lies inside it; "000000" is the nation."""
    return _significant(code).startswith(_significant(ancestor))


def parents(code: str) -> tuple[str, ...]:
    """Ancestors of `code`, nearest first, down to the province: 410105 → 410100, 410000."""
    return chain(code)[1:-1]


def prefix(code: str) -> str:
    """What the codes of the division and of all within it begin with, and no others: 410100 → 4101."""
    return _significant(code)


def chain(code: str) -> tuple[str, ...]:
    """The division, spelled as short as can be, and all that contain it, nearest first.

    The last is the nation: 410105 → 410105, 410100, 410000, 000000. `prefix` tells the same.
    """
    digits = _significant(code)
    ends = [end for end in reversed(_LEVEL_ENDS) if end <= len(digits)]
    return tuple(dict.fromkeys([digits[:end].ljust(6, "0") for end in ends] + [NATION]))


def subject_tokens(code: str) -> tuple[str, str, str, str]:
    """The four tokens of an event subject: province, city, county, township (00/000 where absent)."""
    parse_code(code)
    return code[0:2], code[2:4], code[4:6], code[6:9] or "000"
