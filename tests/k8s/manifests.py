"""What the policy tests look at: the rendered overlays, and the settings that the programs read."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from chassis import settings
from gateway import settings as gateway_settings

ROOT = Path(__file__).resolve().parents[2]
K8S = ROOT / "k8s"
OVERLAYS = tuple(sorted(path.name for path in (K8S / "overlays").iterdir() if path.is_dir()))
PROGRAMS = ("org", "plans", "guarantee", "analytics", "gateway")
WORKLOADS = ("Deployment", "StatefulSet", "Job", "CronJob")
NAME = "app.kubernetes.io/name"
Object = dict[str, Any]


@cache
def objects(overlay: str) -> tuple[Object, ...]:
    """Everything of one rendered overlay."""
    text = (K8S / "rendered" / f"{overlay}.yaml").read_text("utf-8")
    return tuple(one for one in yaml.safe_load_all(text) if one)


def of_kind(overlay: str, *kinds: str) -> list[Object]:
    """The objects of these kinds."""
    return [one for one in objects(overlay) if one["kind"] in kinds]


def named(overlay: str, kind: str, name: str) -> Object:
    """The one object of this kind and name."""
    (found,) = (one for one in of_kind(overlay, kind) if one["metadata"]["name"] == name)
    return found


@dataclass(frozen=True)
class Pod:
    """One pod template: of which workload, with which labels."""

    owner: Object
    template: Object

    @property
    def name(self) -> str:
        return str(self.owner["metadata"]["name"])

    @property
    def labels(self) -> Mapping[str, str]:
        return dict(self.template["metadata"]["labels"])

    @property
    def spec(self) -> Object:
        return dict(self.template["spec"])

    @property
    def containers(self) -> list[Object]:
        return [*self.spec["containers"], *self.spec.get("initContainers", ())]

    @property
    def is_program(self) -> bool:
        return self.name in PROGRAMS


def pods(overlay: str) -> list[Pod]:
    """Every pod template of the overlay."""
    return [Pod(one, _template(one)) for one in of_kind(overlay, *WORKLOADS)]


def _template(owner: Object) -> Object:
    spec = owner["spec"]
    if owner["kind"] == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    return dict(spec["template"])


def environment(overlay: str, pod: Pod) -> dict[str, str]:
    """The variables of the pod's only container, as the kubelet would set them."""
    (container,) = pod.containers
    values: dict[str, str] = {}
    for source in container.get("envFrom", ()):
        values |= named(overlay, "ConfigMap", source["configMapRef"]["name"])["data"]
    for one in container.get("env", ()):
        if "value" in one:
            values[one["name"]] = one["value"]
        elif "configMapKeyRef" in one["valueFrom"]:
            ref = one["valueFrom"]["configMapKeyRef"]
            values[one["name"]] = named(overlay, "ConfigMap", ref["name"])["data"][ref["key"]]
        else:
            values[one["name"]] = "from a secret"
    return values


class Asked(dict[str, str]):
    """An environment that remembers which variables were asked for."""

    def __init__(self, values: Mapping[str, str]) -> None:
        super().__init__(values)
        self.names: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.names.add(name)
        return super().get(name, default)


def read_by(program: str) -> set[str]:
    """The variables that the program reads, whoever issues its tokens."""
    read = gateway_settings.read if program == "gateway" else settings.read
    known = {"UEM_WAREHOUSE_URL", "UEM_WAREHOUSE_CLUSTER"} if program == "analytics" else set()
    for issuer in ({}, {"UEM_OIDC_ISSUER": "https://identity.test"}):
        asked = Asked({"UEM_DATABASE_URL": "postgresql://toy@127.0.0.1/toy", **issuer})
        with suppress(settings.SettingsError):  # what is wrong does not matter here
            read(asked)
        known |= asked.names
    return known


def megabytes(quantity: str) -> float:
    """How many MiB a quantity of memory is."""
    for unit, factor in (("Gi", 1024.0), ("Mi", 1.0)):
        if quantity.endswith(unit):
            return float(quantity.removesuffix(unit)) * factor
    raise ValueError(quantity)


def cores(quantity: str) -> float:
    """How many processors a quantity is."""
    if quantity.endswith("m"):
        return float(quantity.removesuffix("m")) / 1000
    return float(quantity)
