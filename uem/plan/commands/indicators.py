"""List what plans may decide on: names with unit, range, who says them, and what they mean."""

import argparse
import json
import math
from dataclasses import asdict
from typing import Any

from rich.table import Table

from uem.console import console
from vocabulary import INDICATORS, Indicator


def arguments(parser: argparse.ArgumentParser) -> None:
    """Part of a name, the language, JSON."""
    parser.add_argument("part", nargs="?", default="", help="only names that contain this")
    parser.add_argument("--lang", choices=("zh", "en"), default="en")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """The registry is printed."""
    found = [one for name, one in INDICATORS.items() if arguments.part in name]
    if arguments.json:
        print(json.dumps([_plain(one) for one in found], indent=2, ensure_ascii=False))
        return 0
    table = Table("name", "unit", "range", "from", "meaning", box=None, pad_edge=False)
    for one in found:
        meaning = one.meaning_zh if arguments.lang == "zh" else one.meaning_en
        table.add_row(one.name, one.unit, _range(one), one.source, meaning)
    console.print(table)
    return 0


def _range(one: Indicator) -> str:
    low = "" if math.isinf(one.minimum) else f"{one.minimum:g}"
    high = "" if math.isinf(one.maximum) else f"{one.maximum:g}"
    return f"{low}–{high}" if low or high else ""


def _plain(one: Indicator) -> dict[str, Any]:
    return {
        name: None if isinstance(value, float) and math.isinf(value) else value
        for name, value in asdict(one).items()
    }
