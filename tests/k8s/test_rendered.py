"""The rendered overlays: as kubectl makes them, valid for 1.36, every reference met."""

import importlib.util
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import kubernetes_validate
import pytest

from tests.k8s import call_graph, manifests
from tests.k8s.manifests import K8S, OVERLAYS, Object, objects, of_kind, pods

VERSION = "1.36"
# Kinds of operators, which no schema here knows: which versions their operators serve.
OPERATED = {
    "Cluster": "postgresql.cnpg.io/v1",
    "ScheduledBackup": "postgresql.cnpg.io/v1",
    "ObjectStore": "barmancloud.cnpg.io/v1",
    "ExternalSecret": "external-secrets.io/v1",
    "SecretStore": "external-secrets.io/v1",
    "HTTPRoute": "gateway.networking.k8s.io/v1",
    "ScaledObject": "keda.sh/v1alpha1",
    "ServiceMonitor": "monitoring.coreos.com/v1",
    "PrometheusRule": "monitoring.coreos.com/v1",
}
MADE_BY_HAND = {"public"}  # the Gateway of the namespace edge


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="needs kubectl to render again")
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_what_is_committed_is_what_kubectl_renders(overlay: str):
    render = _render()

    assert render.rendered(overlay) == (K8S / "rendered" / f"{overlay}.yaml").read_text("utf-8")


def test_the_rules_of_prometheus_are_those_of_the_cluster():
    rule = K8S / "components" / "observability" / "rules.yaml"

    assert _render().prometheus_rule() == rule.read_text("utf-8")


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_object_fits_its_schema_strictly(overlay: str):
    for one in objects(overlay):
        if one["kind"] in OPERATED:
            assert one["apiVersion"] == OPERATED[one["kind"]]
        else:
            kubernetes_validate.validate(one, VERSION, strict=True)


def test_a_typing_error_is_seen():
    wrong = dict(manifests.named("small", "Deployment", "org"))
    wrong["spec"] = wrong["spec"] | {"minReadySecs": 5}

    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, VERSION, strict=True)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_selectors_select_and_ports_have_names_that_exist(overlay: str):
    templates = [pod.labels for pod in pods(overlay)]
    for service in of_kind(overlay, "Service"):
        selector = service["spec"]["selector"]
        behind = [p for p in pods(overlay) if selector.items() <= p.labels.items()]
        assert behind, service["metadata"]["name"]
        ports = {
            port["name"] for pod in behind for c in pod.containers for port in c.get("ports", ())
        }
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= ports
    for one in of_kind(overlay, "Deployment", "StatefulSet", "PodDisruptionBudget"):
        selector = one["spec"]["selector"]
        assert any(call_graph.selects(selector, labels) for labels in templates)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_reference_leads_somewhere(overlay: str):
    present = {(one["kind"], one["metadata"]["name"]) for one in objects(overlay)}
    secrets = {name for kind, name in present if kind == "ExternalSecret"}
    operated = bool(secrets)
    for pod in pods(overlay):
        assert ("ServiceAccount", pod.spec["serviceAccountName"]) in present
        if "priorityClassName" in pod.spec:
            assert ("PriorityClass", pod.spec["priorityClassName"]) in present
        for kind, name in _referred(pod):
            if kind == "Secret":
                assert not operated or name in secrets, f"{pod.name} mounts {name}"
            else:
                assert (kind, name) in present, f"{pod.name} uses {kind} {name}"
    for one in of_kind(overlay, "HorizontalPodAutoscaler", "ScaledObject"):
        target = one["spec"]["scaleTargetRef"]
        assert (target["kind"], target["name"]) in present
    for route in of_kind(overlay, "HTTPRoute"):
        for rule in route["spec"]["rules"]:
            assert {("Service", ref["name"]) for ref in rule["backendRefs"]} <= present


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_nothing_secret_is_in_what_is_rendered(overlay: str):
    assert of_kind(overlay, "Secret") == []
    text = (K8S / "rendered" / f"{overlay}.yaml").read_text("utf-8")
    assert "PRIVATE KEY" not in text


def _referred(pod: manifests.Pod) -> Iterator[tuple[str, str]]:
    """What the pod names: configuration of its containers, then its volumes."""
    for container in pod.containers:
        for source in container.get("envFrom", ()):
            yield "ConfigMap", source["configMapRef"]["name"]
        for source in (one.get("valueFrom", {}) for one in container.get("env", ())):
            yield from _named(source, {"configMapKeyRef": "ConfigMap", "secretKeyRef": "Secret"})
    for volume in pod.spec.get("volumes", ()):
        yield from _named(volume, {"configMap": "ConfigMap"})
        for kind, key in (("secret", "secretName"), ("persistentVolumeClaim", "claimName")):
            if kind in volume:
                yield kind[0].upper() + kind[1:], volume[kind][key]


def _named(source: Object, kinds: dict[str, str]) -> Iterator[tuple[str, str]]:
    return ((kind, source[how]["name"]) for how, kind in kinds.items() if how in source)


def _render():
    """k8s/render.py, which is a script and no package."""
    path: Path = K8S / "render.py"
    spec = importlib.util.spec_from_file_location("k8s_render", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["k8s_render"] = module
    spec.loader.exec_module(module)
    return module
