"""Requests drawn from an OpenAPI document, sent to a service that knows a city."""

import os
import random
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

import httpx
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from tests.harness import app_of
from tests.tokens import Issuer

Json = Any
# schemathesis' cases and operations, which have four parameters of type each
Drawn = Any
Operation = Any
EXAMPLES = int(os.environ.get("UEM_FUZZ_EXAMPLES", "3"))  # for each operation
SEED = int(os.environ.get("UEM_FUZZ_SEED", "0"))  # 0: the same examples each time
FUZZING = settings(
    max_examples=EXAMPLES,
    derandomize=SEED == 0,
    database=None,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
NEED_A_BROKER = frozenset({"broker-away", "cannot-reconcile"})
ROLES = (
    *("viewer", "duty_officer", "commander", "planner", "keeper"),
    *("agency", "collector", "operator"),
)
schemathesis.serializer.alias("application/x-ndjson", "text/plain")
# so that more than the first check of a request is reached
KNOWN = {
    "code": ["410100", "410102", "410105", "410122"],
    "jurisdiction": ["410100", "410102", "410105", "410122"],
    "area": ["410100", "410102", "410122", "410000"],
    "emergencyType": ["11B03", "11A01", "12A01", "1"],
    "capability": ["pump", "drainage_pump", "rescue_team"],
    "metric": ["rain_mm", "dead", "missing"],
}


def is_fault(answer: httpx.Response) -> bool:
    """Whether the service failed; that no broker runs beside these tests is no fault of its."""
    return answer.status_code >= 500 and answer.json().get("slug") not in NEED_A_BROKER


class Asked:
    """What a service has answered so far: the ids it told are asked for again."""

    def __init__(self, client: httpx.AsyncClient, issuer: Issuer) -> None:
        self.client = client
        self._issuer = issuer
        self.statuses: dict[int, int] = defaultdict(int)
        self._ids: dict[str, list[str]] = defaultdict(list)
        self._chance = random.Random(SEED)

    def sign_in(self) -> None:
        """Ask as a whole staff in one person, with a token that lasts for one operation."""
        token = self._issuer.token(
            roles=ROLES, org="org_410100_flood_command", areas=["000000"], person="per_1"
        )
        self.client.headers["Authorization"] = f"Bearer {token}"

    async def send(self, case: Drawn) -> httpx.Response:
        """Send the case, aimed at what is known."""
        self._aim(case)
        drawn = case.as_transport_kwargs(base_url="http://service")
        drawn["headers"].pop("Authorization", None)
        sent: Any = requests.Request(**drawn).prepare()
        answer = await self.client.request(
            sent.method or "GET",
            sent.url or "",
            headers={**sent.headers, **self.client.headers},
            content=sent.body,
        )
        self.statuses[answer.status_code] += 1
        self._learn(answer)
        return answer

    def _aim(self, case: Drawn) -> None:
        for name in case.path_parameters or {}:
            known = self._ids[_kind(case.path, name)]
            if known and self._chance.random() < 0.7:
                case.path_parameters[name] = self._chance.choice(known)
        if isinstance(case.body, dict):
            if "expectedVersion" in case.body and self._chance.random() < 0.7:
                case.body["expectedVersion"] = self._chance.randint(1, 2)
            for name in ("incident", "activation", "plan", "organization", "owner"):
                if name in case.body and self._ids[name] and self._chance.random() < 0.5:
                    case.body[name] = self._chance.choice(self._ids[name])

    def _learn(self, answer: httpx.Response) -> None:
        if not answer.is_success or "json" not in answer.headers.get("content-type", ""):
            return
        for told in _objects(answer.json()):
            id_ = told.get("id")
            if isinstance(id_, str):
                self._ids[id_.partition("_")[0]].append(id_)


_PREFIXES = {
    **{"incident": "inc", "order": "ord", "task": "tsk", "obligation": "obl", "report": "rep"},
    **{"entry": "log", "signal": "sig", "organization": "org", "post": "pst", "grant": "grt"},
    **{"warning": "war", "requirement": "req", "dispatch": "dsp", "resource": "res"},
    **{"provision": "prv", "activation": "act", "evaluation": "eva", "figure": "fig"},
}


def _kind(path: str, name: str) -> str:
    """The prefix of the ids that a path parameter means."""
    word = name.removesuffix("_id")
    if word == "id":  # the collection before it says what it is
        word = (
            path.split("/{id}")[0]
            .rpartition("/")[2]
            .removesuffix("s")
            .replace("dispatche", "dispatch")
        )
    return _PREFIXES.get(word, word)


def operations(service: str) -> list[Operation]:
    """Every operation of the service's contract, in its order."""
    return [found.ok() for found in _schema(service).get_all_operations()]


def drawn(operation: Operation) -> list[Drawn]:
    """Requests to the operation: two that fit its contract for each that does not."""
    fits = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    breaks = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    return examples_of(st.one_of(fits, fits, breaks))


def examples_of(strategy: st.SearchStrategy[Drawn]) -> list[Drawn]:
    """`EXAMPLES` values of the strategy, the same for the same seed."""
    found: list[Drawn] = []

    @FUZZING
    @given(case=strategy)
    def draw(case: Drawn) -> None:
        found.append(case)

    (seed(SEED)(draw) if SEED else draw)()
    return found


@cache
def _schema(service: str) -> Any:
    document = app_of(service).openapi()
    return schemathesis.openapi.from_dict(_aimed(document))


def _aimed(part: Json) -> Json:
    """The document with known values for the members that name places and kinds."""
    if isinstance(part, list):
        return [_aimed(item) for item in part]
    if not isinstance(part, dict):
        return part
    made = {key: _aimed(value) for key, value in part.items()}
    for name, values in KNOWN.items():
        if isinstance(made.get("properties"), dict) and name in made["properties"]:
            made["properties"][name] = _either(made["properties"][name], values)
    if part.get("in") in ("query", "path") and part.get("name") in KNOWN:
        made["schema"] = _either(made["schema"], KNOWN[part["name"]])
    return made


def _either(schema: Json, values: list[str]) -> Json:
    return {"anyOf": [{"enum": values}, {"enum": values}, schema]}


def _objects(value: Json) -> Iterator[dict[str, Json]]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from _objects(item)
    elif isinstance(value, list):
        for item in value:
            yield from _objects(item)
