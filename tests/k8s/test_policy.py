"""What a reviewing operator looks for: probes, drain, security, network, budgets, settings."""

import pytest
import yaml

from chassis import delivery, health, life, streams
from gateway import routes
from tests.architecture import house
from tests.k8s import call_graph
from tests.k8s.manifests import (
    OVERLAYS,
    PROGRAMS,
    ROOT,
    cores,
    environment,
    megabytes,
    named,
    objects,
    of_kind,
    pods,
    read_by,
)
from uem import secrets
from uem.stack import born, programs

LARGE = ("prod", "staging")
ALONE = ("dev", "small")
REQUIRED = {"UEM_DATABASE_URL", "UEM_DATA_DIR", "UEM_DEPLOYMENT", "UEM_NATS_URL"}
ONLY_LARGE = {"UEM_WAREHOUSE_URL", "UEM_WAREHOUSE_CLUSTER"}
SESSIONS = 2  # of a process beside its pool: the relay's and the audit's


def composed() -> dict[str, dict[str, str]]:
    """The environment of each program in docker-compose.yml."""
    text = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    return {name: dict(text["services"][name]["environment"]) for name in PROGRAMS}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_program_is_asked_how_it_is_by_paths_that_it_has(overlay: str):
    known = {getattr(route, "path", "") for route in health.router.routes}
    for pod in pods(overlay):
        if not pod.is_program:
            continue
        (container,) = pod.containers
        probes = {kind: container[f"{kind}Probe"] for kind in ("startup", "liveness", "readiness")}
        assert {probe["httpGet"]["path"] for probe in probes.values()} <= known
        assert probes["liveness"]["httpGet"]["path"] == "/livez"  # of the process, of nobody else
        assert probes["readiness"]["httpGet"]["path"] == "/readyz"
        assert all(probe["timeoutSeconds"] >= 2 for probe in probes.values())  # /readyz takes 2 s


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_program_has_time_to_drain(overlay: str):
    for pod in pods(overlay):
        if not pod.is_program:
            continue
        (container,) = pod.containers
        pre_stop = container["lifecycle"]["preStop"]["sleep"]["seconds"]
        drain = int(environment(overlay, pod).get("UEM_DRAIN_S", "0"))
        needed = pre_stop + drain + born.DRAIN_S + 2 * life.FINISH_S

        assert pod.spec["terminationGracePeriodSeconds"] >= needed


def test_composes_programs_have_time_to_drain():
    text = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    for name in PROGRAMS:
        grace = int(text["services"][name]["stop_grace_period"].removesuffix("s"))
        drain = int(composed()[name].get("UEM_DRAIN_S", "0"))
        assert grace >= drain + born.DRAIN_S + 2 * life.FINISH_S


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_pod_is_as_restricted_as_the_namespace_asks(overlay: str):
    labels = named(overlay, "Namespace", "uem")["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"
    for pod in pods(overlay):
        security = pod.spec["securityContext"]
        assert security["runAsNonRoot"] is True
        assert security["runAsUser"] > 0
        assert security["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod.spec["automountServiceAccountToken"] is False
        assert pod.spec["enableServiceLinks"] is False
        assert not any("hostPath" in volume for volume in pod.spec.get("volumes", ()))
        for container in pod.containers:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert {"cpu", "memory"} <= set(container["resources"]["requests"])
            assert set(container["resources"]["limits"]) == {"memory"}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_network_allows_the_declared_call_graph_and_nothing_else(overlay: str):
    deny = named(overlay, "NetworkPolicy", "deny")["spec"]
    assert (deny["podSelector"], set(deny["policyTypes"])) == ({}, {"Ingress", "Egress"})

    large = overlay in LARGE
    assert call_graph.computed(overlay) == call_graph.DECLARED | (
        call_graph.AMONG_THEMSELVES
        if large
        else call_graph.AMONG_THEMSELVES - {("postgres", "postgres", 5432)}
    )
    assert call_graph.from_outside(overlay) == call_graph.FROM_OUTSIDE | (
        call_graph.ONLY_WITH_OPERATORS if large else set()
    )


def test_an_edge_too_many_is_seen(monkeypatch: pytest.MonkeyPatch):
    policies = [*of_kind("small", "NetworkPolicy"), _opens("postgres", "gateway", 5432)]
    policies.append(_opens("gateway", "postgres", 5432, direction="Egress"))
    monkeypatch.setattr(call_graph, "of_kind", lambda *_: policies)

    assert ("gateway", "postgres", 5432) in call_graph.computed("small")


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_who_is_scaled_has_no_number_and_who_is_not_has_one_that_is_meant(overlay: str):
    scaled = [
        one["spec"]["scaleTargetRef"]["name"]
        for one in of_kind(overlay, "HorizontalPodAutoscaler", "ScaledObject")
    ]
    assert len(scaled) == len(set(scaled))  # never two for one
    assert set(scaled) == ({"gateway", "org", "plans", "guarantee"} if overlay in LARGE else set())
    for name in scaled:
        assert "replicas" not in named(overlay, "Deployment", name)["spec"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_embedded_warehouse_has_one_writer(overlay: str):
    analytics = named(overlay, "StatefulSet", "analytics")
    (pod,) = (one for one in pods(overlay) if one.name == "analytics")
    is_embedded = "UEM_WAREHOUSE_URL" not in environment(overlay, pod)

    assert analytics["spec"]["replicas"] == 1 or not is_embedded
    assert analytics["spec"]["volumeClaimTemplates"][0]["metadata"]["name"] == "data"
    assert analytics["spec"].get("updateStrategy", {}).get("type", "RollingUpdate") in (
        *("RollingUpdate", "OnDelete"),  # of a StatefulSet: the old pod goes before the new comes
    )


@pytest.mark.parametrize("overlay", LARGE)
def test_one_away_at_a_time_leaves_somebody(overlay: str):
    least = {
        one["spec"]["scaleTargetRef"]["name"]: one["spec"].get(
            "minReplicas", one["spec"].get("minReplicaCount")
        )
        for one in of_kind(overlay, "HorizontalPodAutoscaler", "ScaledObject")
    }
    budgets = {
        one["metadata"]["name"]: one["spec"] for one in of_kind(overlay, "PodDisruptionBudget")
    }

    assert set(budgets) == set(least)
    for name, budget in budgets.items():
        assert budget["minAvailable"] < least[name]
        assert budget["unhealthyPodEvictionPolicy"] == "AlwaysAllow"
        spec = named(overlay, "Deployment", name)["spec"]
        assert spec["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
        keys = [one["topologyKey"] for one in spec["template"]["spec"]["topologySpreadConstraints"]]
        assert keys == ["topology.kubernetes.io/zone", "kubernetes.io/hostname"]


@pytest.mark.parametrize("overlay", ALONE)
def test_the_small_profile_fits_four_cores_and_eight_gibibytes(overlay: str):
    requests = [c["resources"]["requests"] for pod in pods(overlay) for c in pod.containers]

    assert sum(cores(one["cpu"]) for one in requests) <= 3.0  # the rest is the cluster's own
    assert sum(megabytes(one["memory"]) for one in requests) <= 7 * 1024
    assert of_kind(overlay, "PodDisruptionBudget") == []  # of one: none may be demanded


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_connections_of_all_fit_the_database(overlay: str):
    most = {
        one["spec"]["scaleTargetRef"]["name"]: one["spec"].get(
            "maxReplicas", one["spec"].get("maxReplicaCount")
        )
        for one in of_kind(overlay, "HorizontalPodAutoscaler", "ScaledObject")
    }
    owners = [pod for pod in pods(overlay) if pod.is_program and pod.name != "gateway"]
    needed = sum(
        (int(environment(overlay, pod)["UEM_DATABASE_POOL"]) + SESSIONS)
        * (most.get(pod.name, 1) + 1)  # one more while a rollout replaces one
        for pod in owners
    )

    assert needed + 10 <= _max_connections(overlay)  # the operator, migrations, a backup


def test_every_variable_is_a_setting_and_compose_and_kubernetes_give_the_same():
    by_compose = composed()
    for program in PROGRAMS:
        known = read_by(program)
        assert set(by_compose[program]) <= known, f"{program} in docker-compose.yml"
        assert program == "gateway" or set(by_compose[program]) >= REQUIRED
        for overlay in OVERLAYS:
            (pod,) = (one for one in pods(overlay) if one.name == program)
            given = environment(overlay, pod)
            assert set(given) - ONLY_LARGE == set(by_compose[program]), f"{program} in {overlay}"
            assert set(given) <= known


@pytest.mark.parametrize("overlay", LARGE)
def test_the_citys_store_holds_what_uem_secrets_makes(overlay: str, tmp_path):
    secrets.lay_out(tmp_path)
    made = {folder.name: {file.name for file in folder.iterdir()} for folder in tmp_path.iterdir()}
    stored = {
        one["metadata"]["name"]: {data["secretKey"] for data in one["spec"]["data"]}
        for one in of_kind(overlay, "ExternalSecret")
    }

    assert {name: stored[name] for name in made} == made


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_images_are_named_once_and_a_migration_is_of_its_version(overlay: str):
    images = {c["image"] for pod in pods(overlay) for c in pod.containers}
    ours = {image for image in images if image.startswith("uem/")}
    tags = {image.partition(":")[2] for image in ours}
    (version,) = tags

    assert all(":" in image and not image.endswith(":latest") for image in images)
    (job,) = of_kind(overlay, "Job")
    assert job["metadata"]["name"] == f"migrations-{version.replace('.', '-')}"  # it cannot change


@pytest.mark.parametrize("overlay", LARGE)
def test_queues_that_scale_a_service_exist(overlay: str):
    declared = {
        (stream, delivery.consumer_name(name, subscription))
        for name in house.SERVICES
        for subscription in house.room(name, "handlers").SUBSCRIPTIONS
        for stream, _ in delivery.sources(subscription)
    }
    owned = {
        stream.name
        for name in house.SERVICES
        for stream in streams.owned(name, house.room(name, "events").PUBLISHED)
    }
    for one in of_kind(overlay, "ScaledObject"):
        (queue,) = (t["metadata"] for t in one["spec"]["triggers"] if t["type"] == "nats-jetstream")
        assert queue["consumer"].startswith(one["metadata"]["name"])
        assert (queue["stream"], queue["consumer"]) in declared
        assert queue["stream"] in owned
        assert queue["account"] == "UEM"


@pytest.mark.parametrize("overlay", LARGE)
def test_the_way_in_leads_to_what_the_gateway_routes(overlay: str):
    (route,) = of_kind(overlay, "HTTPRoute")
    paths = {match["path"]["value"] for rule in route["spec"]["rules"] for match in rule["matches"]}

    assert paths == {"/graphql"} | {one.path for one in routes.table()}
    assert all("timeouts" in rule for rule in route["spec"]["rules"])


def test_every_program_of_the_stack_is_a_workload():
    assert {one.name for one in programs.APPLICATIONS} == set(PROGRAMS)
    assert all(any(pod.name == name for pod in pods("small")) for name in PROGRAMS)


def _max_connections(overlay: str) -> int:
    clusters = of_kind(overlay, "Cluster")
    if clusters:
        return int(clusters[0]["spec"]["postgresql"]["parameters"]["max_connections"])
    (pod,) = (one for one in pods(overlay) if one.name == "postgres")
    (value,) = (arg for arg in pod.containers[0]["args"] if arg.startswith("max_connections="))
    return int(value.partition("=")[2])


def _opens(at: str, to: str, port: int, *, direction: str = "Ingress"):
    side = {"Ingress": "from", "Egress": "to"}[direction]
    peer = {"podSelector": {"matchLabels": {"app.kubernetes.io/name": to}}}
    return {
        "spec": {
            "podSelector": {"matchLabels": {"app.kubernetes.io/name": at}},
            "policyTypes": [direction],
            direction.lower(): [{side: [peer], "ports": [{"port": port}]}],
        }
    }


def test_the_overlays_are_the_four():
    assert OVERLAYS == ("dev", "prod", "small", "staging")
    assert all(objects(overlay) for overlay in OVERLAYS)
