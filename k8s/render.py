"""Writes k8s/rendered/*.yaml and the PrometheusRule: `python k8s/render.py`, needs kubectl."""

import subprocess
from pathlib import Path

import yaml

K8S = Path(__file__).resolve().parent
RULES = K8S.parent / "deploy" / "observability" / "rules.yaml"
OVERLAYS = sorted(path.name for path in (K8S / "overlays").iterdir() if path.is_dir())


def prometheus_rule() -> str:
    """Return the rules as the Prometheus operator takes them."""
    groups = yaml.safe_load(RULES.read_text("utf-8"))["groups"]
    rule = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "uem", "labels": {"release": "kube-prometheus-stack"}},
        "spec": {"groups": groups},
    }
    return str(yaml.safe_dump(rule, sort_keys=False, allow_unicode=True, width=100))


def rendered(overlay: str) -> str:
    """Return what kubectl makes of the overlay."""
    words = ["kubectl", "kustomize", str(K8S / "overlays" / overlay)]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def main() -> None:
    """Every overlay is rendered anew."""
    rule = K8S / "components" / "observability" / "rules.yaml"
    rule.write_text(prometheus_rule(), "utf-8")
    for overlay in OVERLAYS:
        (K8S / "rendered" / f"{overlay}.yaml").write_text(rendered(overlay), "utf-8")


if __name__ == "__main__":
    main()
