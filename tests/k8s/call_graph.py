"""Who speaks to whom on which port: the declared graph, and the one that NetworkPolicies allow."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.k8s.manifests import Object, of_kind, pods

SERVICES = ("org", "plans", "guarantee", "analytics")
PROGRAMS = (*SERVICES, "gateway")
Edge = tuple[str, str, int]

# Inside the namespace. DNS is allowed to all and is not a part of it.
DECLARED: frozenset[Edge] = frozenset(
    {
        *(("gateway", service, 8080) for service in SERVICES),
        *((service, "postgres", 5432) for service in SERVICES),
        ("migrations", "postgres", 5432),
        *((program, "nats", 4222) for program in PROGRAMS),
        *((program, "collector", 4318) for program in PROGRAMS),
    }
)
AMONG_THEMSELVES: frozenset[Edge] = frozenset(
    {("nats", "nats", 6222), ("postgres", "postgres", 5432)}
)
# From other namespaces: label of the namespace, who is reached, port.
FROM_OUTSIDE: frozenset[Edge] = frozenset(
    {
        ("uem/edge", "gateway", 8080),
        ("uem/edge", "nats", 8443),
        *(("monitoring", program, 8080) for program in PROGRAMS),
        ("monitoring", "nats", 8222),
        ("keda", "nats", 8222),
    }
)
ONLY_WITH_OPERATORS: frozenset[Edge] = frozenset(
    {
        ("cnpg-system", "postgres", 5432),
        ("cnpg-system", "postgres", 8000),
        ("monitoring", "postgres", 9187),
    }
)


@dataclass(frozen=True)
class Peer:
    """A pod here, or any pod of a namespace elsewhere."""

    name: str
    labels: Mapping[str, str]
    namespace: Mapping[str, str]


HERE = {"kubernetes.io/metadata.name": "uem"}


def computed(overlay: str) -> set[Edge]:
    """The edges between pods that both ends' policies allow, by the name in their labels."""
    policies = of_kind(overlay, "NetworkPolicy")
    here = {pod.labels["app.kubernetes.io/name"]: pod.labels for pod in pods(overlay)}
    for operated in ("postgres", "nats"):  # made by an operator or a chart in large overlays
        here.setdefault(operated, {"app.kubernetes.io/name": operated})
    peers = [Peer(name, labels, HERE) for name, labels in here.items()]
    return {
        (one.name, other.name, port)
        for one in peers
        for other in peers
        for port in _ports(policies, "egress", "to", at=one, to=other)
        if port in _ports(policies, "ingress", "from", at=other, to=one)
    }


def from_outside(overlay: str) -> set[Edge]:
    """What pods of other namespaces may reach here."""
    policies = of_kind(overlay, "NetworkPolicy")
    known = {pod.labels["app.kubernetes.io/name"]: pod.labels for pod in pods(overlay)}
    for operated in ("postgres", "nats"):
        known.setdefault(operated, {"app.kubernetes.io/name": operated})
    strangers = [
        Peer("uem/edge", {}, {"uem/edge": "true"}),
        *(
            Peer(name, {}, {"kubernetes.io/metadata.name": name})
            for name in ("monitoring", "keda", "cnpg-system", "default", "kube-system")
        ),
    ]
    return {
        (stranger.name, name, port)
        for stranger in strangers
        for name, labels in known.items()
        for port in _ports(policies, "ingress", "from", at=Peer(name, labels, HERE), to=stranger)
    }


def _ports(
    policies: Iterable[Object], direction: str, side: str, *, at: Peer, to: Peer
) -> set[int]:
    """The ports that the policies selecting `at` open between it and `to`.

    Deny is what no policy allows: a test holds that one selects every pod.
    """
    found: set[int] = set()
    for policy in policies:
        spec = policy["spec"]
        if direction.capitalize() not in spec["policyTypes"] or not selects(
            spec["podSelector"], at.labels
        ):
            continue
        for rule in spec.get(direction, ()):
            if any(_is(peer, to) for peer in rule[side]):
                found |= {port["port"] for port in rule["ports"]}
    return found


def _is(peer: Object, other: Peer) -> bool:
    if "ipBlock" in peer:
        return False
    namespace = peer.get("namespaceSelector")
    if namespace is None:
        return other.namespace is HERE and selects(peer["podSelector"], other.labels)
    return selects(namespace, other.namespace) and (
        "podSelector" not in peer or selects(peer["podSelector"], other.labels)
    )


def selects(selector: Object, labels: Mapping[str, str]) -> bool:
    """Whether a label selector covers the labels. Raises KeyError for an operator not used here."""
    wanted = selector.get("matchLabels", {})
    if any(labels.get(name) != value for name, value in wanted.items()):
        return False
    return all(
        {"In": labels.get(one["key"]) in one.get("values", ())}[one["operator"]]
        for one in selector.get("matchExpressions", ())
    )
