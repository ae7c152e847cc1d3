"""Findings as SARIF 2.1.0, which editors and code reviews show at their lines."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from services.plans import domain
from uem.plan.findings import Finding

_LEVELS: Mapping[domain.Severity, str] = {
    domain.Severity.ERROR: "error",
    domain.Severity.WARNING: "warning",
    domain.Severity.NOTE: "note",
}


def log(findings: Iterable[Finding], *, version: str, base: Path) -> dict[str, Any]:
    """The log of one run; files are named as seen from `base`."""
    found = list(findings)
    rules = sorted({one.fault.slug for one in found})
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "uem plan lint",
                        "version": version,
                        "rules": [{"id": rule} for rule in rules],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(one, rules.index(one.fault.slug), base) for one in found],
            }
        ],
    }


def _result(one: Finding, rule: int, base: Path) -> dict[str, Any]:
    fault = one.fault
    said = f"{fault.message} {fault.remedy}" if fault.remedy else fault.message
    return {
        "ruleId": fault.slug,
        "ruleIndex": rule,
        "level": _LEVELS[fault.severity],
        "message": {"text": said},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(one.file, base)},
                    "region": {"startLine": one.at.line, "startColumn": one.at.column},
                }
            }
        ],
    }


def _uri(file: Path, base: Path) -> str:
    absolute = file.resolve()
    if absolute.is_relative_to(base.resolve()):
        return absolute.relative_to(base.resolve()).as_posix()
    return absolute.as_uri()
