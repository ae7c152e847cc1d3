"""Say what is wrong, and what to do about it."""

import argparse

from uem import doctor
from uem.console import console
from uem.home import home

MARKS = {
    doctor.Verdict.FINE: "[green]fine [/]",
    doctor.Verdict.WATCH: "[yellow]watch[/]",
    doctor.Verdict.WRONG: "[red]wrong[/]",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """`doctor` takes no arguments."""


def run(arguments: argparse.Namespace) -> int:
    """Every finding is printed; the exit code is 1 when something is wrong."""
    findings = []
    for finding in doctor.examine(home()):
        findings.append(finding)
        console.print(MARKS[finding.verdict], end=" ")
        console.print(finding.what, markup=False, soft_wrap=True)
        if finding.remedy:
            console.print(f"      → {finding.remedy}", markup=False, style="bold", soft_wrap=True)
    return 1 if any(finding.verdict is doctor.Verdict.WRONG for finding in findings) else 0
