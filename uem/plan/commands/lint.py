"""Check plan files: what keeps them from being plans, by line and column, with what to write instead."""

import argparse
import json
from importlib.metadata import version
from pathlib import Path

from chassis.clock import Clock
from uem.console import console
from uem.plan import findings, folder, sarif
from uem.plan.findings import Finding


def arguments(parser: argparse.ArgumentParser) -> None:
    """Files or folders, how to print, and whether warnings refuse as well."""
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file or a folder")
    parser.add_argument("--format", choices=("human", "sarif", "json"), default="human")
    parser.add_argument(
        "--quality",
        action="store_true",
        help="also judge each plan by the quality report, beside the others that are named",
    )
    parser.add_argument("--strict", action="store_true", help="warnings refuse as errors do")


def run(arguments: argparse.Namespace) -> int:
    """The findings are printed; 1 when one refuses a plan, 0 otherwise."""
    plans = folder.find(arguments.paths)
    found = list(findings.of_plans(plans))
    if arguments.quality:
        found += findings.of_quality(plans, Clock().now())
    match arguments.format:
        case "sarif":
            log = sarif.log(found, version=version("uem"), base=Path.cwd())
            print(json.dumps(log, indent=2, ensure_ascii=False))
        case "json":
            print(json.dumps([findings.plain(one) for one in found], indent=2, ensure_ascii=False))
        case _:
            _print(found, plans=len(plans))
    return int(findings.is_refused(found, strict=arguments.strict))


def _print(found: list[Finding], *, plans: int) -> None:
    for one in found:
        for line, style in findings.lines(one):
            console.print(line, style=style, markup=False, soft_wrap=True)
    counts = [one.fault.severity.value.lower() for one in found]
    told = ", ".join(
        f"{counts.count(kind)} {kind}{'' if counts.count(kind) == 1 else 's'}"
        for kind in ("error", "warning", "note")
        if kind in counts
    )
    console.print(f"{plans} plan{'' if plans == 1 else 's'}: {told or 'nothing found'}")
