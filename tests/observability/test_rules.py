"""Alerts, recording rules and dashboards: of metrics that exist, each alert with its runbook."""

import ast
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from chassis import telemetry
from tests.architecture import house

OBSERVABILITY = house.ROOT / "deploy" / "observability"
RUNBOOKS = house.ROOT / "docs" / "runbooks"
DASHBOARDS = sorted((OBSERVABILITY / "dashboards").glob("*.json"))
SECTIONS = ("## What it means", "## How to see it", "## What to do")
MAKERS = {"counter", "gauge", "histogram", "create_counter", "create_histogram"}
OF_PROMETHEUS = {"up"}
WORDS = {
    *("sum", "max", "min", "rate", "increase", "by", "le", "time", "vector", "topk", "and", "or"),
    "histogram_quantile",
}
PROMTOOL = shutil.which("promtool")


@cache
def rules() -> tuple[dict[str, Any], ...]:
    groups = yaml.safe_load((OBSERVABILITY / "rules.yaml").read_text("utf-8"))["groups"]
    return tuple(rule for group in groups for rule in group["rules"])


ALERTS = [rule for rule in rules() if "alert" in rule]
RECORDED = {rule["record"] for rule in rules() if "record" in rule}


@cache
def metrics() -> frozenset[str]:
    """Every name that a counter, gauge or histogram of ours is made with, as Prometheus tells it."""
    found: set[str] = set()
    for path in house.sources("chassis", "services", "gateway"):
        for node in ast.walk(house.tree(path)):
            if isinstance(node, ast.Call) and _called(node) in MAKERS and node.args:
                found |= set(_names(node.args[0]))
    histograms = {name for name in found if name.endswith(("_seconds", "_seconds_"))}
    return frozenset(
        found | {f"{name}_{part}" for name in histograms for part in ("bucket", "count", "sum")}
    )


@pytest.mark.parametrize(
    "name",
    [
        *("http_request_duration_seconds", "graphql_operation_duration_seconds"),
        *("handler_duration_seconds", "timer_duration_seconds", "calculation_seconds"),
        *("outbox_oldest_unsent_seconds", "relay_lag_seconds", "consumer_lag", "consumer_parked"),
        *("consumer_quarantined", "consumer_redelivered_total", "database_pool_in_use"),
        *("events_lost", "reconciled_at", "obligations_overdue"),
    ],
)
def test_what_an_operator_has_to_see_is_measured(name: str):
    assert name in metrics()


def test_every_rule_asks_for_metrics_that_exist():
    for rule in rules():
        assert _asked(rule["expr"]) - metrics() - RECORDED - OF_PROMETHEUS == set(), rule


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_a_dashboard_shows_metrics_that_exist(path: Path):
    board = json.loads(path.read_text("utf-8"))
    asked = [target["expr"] for panel in board["panels"] for target in panel["targets"]]

    assert board["uid"] == path.stem
    assert asked
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    for expression in asked:
        assert _asked(expression) - metrics() - RECORDED - OF_PROMETHEUS == set(), expression


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert["alert"])
def test_an_alert_says_what_to_do(alert: dict[str, Any]):
    runbook = house.ROOT / alert["annotations"]["runbook_url"]
    text = runbook.read_text("utf-8")

    assert alert["labels"]["severity"] in ("page", "ticket")
    assert alert["annotations"]["summary"]
    assert re.search(rf"^# .*\b{alert['alert']}\b", text), f"{runbook.name} is not about it"
    assert [line for line in text.splitlines() if line in SECTIONS] == list(SECTIONS)


def test_no_two_alerts_share_a_name_and_every_runbook_of_an_alert_has_one():
    names = [alert["alert"] for alert in ALERTS]
    linked = {Path(alert["annotations"]["runbook_url"]).name for alert in ALERTS}
    of_alerts = {path.name for path in RUNBOOKS.glob("*.md") if _is_of_an_alert(path)}

    assert len(names) == len(set(names))
    assert of_alerts == linked


def test_what_is_overdue_calls_officers_and_never_the_operators():
    """A duty that is not answered is the ladder's business: no alert of the operators names it."""
    assert not [alert for alert in ALERTS if "obligations" in alert["expr"]]
    assert any("obligations_overdue" in path.read_text("utf-8") for path in DASHBOARDS)


def test_budgets_burn_over_two_windows_each():
    """Multiwindow, multi-burn-rate: a page for hours, a ticket for days, each checked twice."""
    for alert in ALERTS:
        windows = re.findall(r"ratio_(\w+) >", alert["expr"])
        if windows:
            expected = ["1d", "2h", "3d", "6h"] if "ForDays" in alert["alert"] else None
            assert windows == (expected or ["1h", "5m", "6h", "30m"])


def test_objectives_of_latency_fall_on_borders_of_the_buckets():
    for rule in rules():
        for border in re.findall(r'le="([\d.]+)"', rule["expr"]):
            assert float(border) in telemetry.BUCKETS


@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed")
def test_promtool_accepts_the_rules_and_their_examples():
    for words in (["check", "rules", "rules.yaml"], ["test", "rules", "examples.yaml"]):
        done = subprocess.run(
            [str(PROMTOOL), *words], cwd=OBSERVABILITY, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


def _called(node: ast.Call) -> str:
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _names(argument: ast.expr) -> Iterator[str]:
    """The name given: a text, or one that is completed from a table of figures beside it."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        yield argument.value
    if isinstance(argument, ast.JoinedStr):
        (prefix, *_) = (str(p.value) for p in argument.values if isinstance(p, ast.Constant))
        for table in _tables():
            yield from (f"{prefix}{figure}" for figure in table)


@cache
def _tables() -> tuple[tuple[str, ...], ...]:
    """The figures whose gauges are made in a loop."""
    from chassis.consumer import consumers
    from services.org import app

    return tuple(consumers._GAUGES), tuple(app.OWED)


def _asked(expression: str) -> set[str]:
    """The metrics that an expression names: its identifiers without labels, ranges and functions."""
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]|\b(?:by|without)\s*\([^)]*\)", " ", expression)
    return set(re.findall(r"[a-zA-Z_:][\w:]*", bare)) - WORDS


def _is_of_an_alert(path: Path) -> bool:
    return all(section in path.read_text("utf-8") for section in SECTIONS)
