"""Fills a playground city through the public interfaces of the services, file by file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

import uem
from uem.plan.folder import TABLE
from uem.problem import Problem

CITY = Path(uem.__file__).parents[1] / "scenarios" / "zhengzhou-2021-07-20" / "city"
TIMEOUT_S = 30.0
TokenFactory = Callable[[Sequence[str]], str]
Record = dict[str, Any]  # a YAML mapping: the service that receives it checks it


@dataclass(frozen=True, slots=True)
class Kind:
    """One file of a city: a YAML list whose records are put one by one, in their order."""

    file: str
    service: str
    path: str  # with the record's key in braces
    key: str
    roles: tuple[str, ...]


KINDS = (
    Kind("jurisdictions.yaml", "org", "/v1/jurisdictions/{}", "code", ("operator",)),
    Kind("organizations.yaml", "org", "/v1/organizations/{}", "id", ("operator",)),
    Kind("posts.yaml", "org", "/v1/posts/{}", "id", ("operator",)),
    Kind("provisions.yaml", "guarantee", "/v1/provisions/{}", "id", ("operator",)),
    Kind("resources.yaml", "guarantee", "/v1/resources/{}", "id", ("keeper", "operator")),
    Kind("stations.yaml", "analytics", "/v1/stations/{}", "id", ("operator",)),
)
PLANNER = ("planner",)


def load(addresses: Mapping[str, str], token_factory: TokenFactory, folder: Path) -> dict[str, int]:
    """Every record and plan of the city's folder is in its service; return how many of each.

    Loading the same folder again leaves the same. Raises `Problem`, naming file and record, when
    a service refuses one.
    """
    if not folder.is_dir():
        raise Problem(f"{folder} is not a city's folder", remedy="uem up --sample FOLDER")
    with httpx.Client(timeout=TIMEOUT_S, trust_env=False) as client:
        counts = {
            kind.file.removesuffix(".yaml"): _put_all(
                client, kind, addresses, token_factory, folder
            )
            for kind in KINDS
            if (folder / kind.file).exists()
        }
        plans = [
            file
            for file in sorted((folder / "plans").glob("*.yaml"))
            if not file.name.endswith(TABLE)
        ]
        token = token_factory(PLANNER)
        for file in plans:
            _publish(client, addresses["plans"], token, file)
    return counts | {"plans": len(plans)}


def _put_all(
    client: httpx.Client,
    kind: Kind,
    addresses: Mapping[str, str],
    token_factory: TokenFactory,
    folder: Path,
) -> int:
    records: list[Record] = yaml.safe_load((folder / kind.file).read_text(encoding="utf-8")) or []
    headers = _bearer(token_factory(kind.roles))
    for record in records:
        key = str(record[kind.key])
        body = {name: value for name, value in record.items() if name != kind.key}
        url = addresses[kind.service] + kind.path.format(key)
        answer = client.put(url, json=_plain(body), headers=headers)
        _expect_accepted(answer, f"{kind.file}: {key}")
    return len(records)


def _publish(client: httpx.Client, plans: str, token: str, file: Path) -> None:
    """The plan version of the file is published; one that already is stays as it is."""
    headers = _bearer(token) | {"Content-Type": "text/yaml"}
    answer = client.post(f"{plans}/v1/plans", content=file.read_bytes(), headers=headers)
    _expect_accepted(answer, file.name)
    made = answer.json()
    if made["status"] == "PUBLISHED":
        return
    path = f"{plans}/v1/plans/{made['planId']}/versions/{made['planVersion']}/publish"
    _expect_accepted(client.post(path, json={}, headers=_bearer(token)), file.name)


def _expect_accepted(answer: httpx.Response, what: str) -> None:
    if answer.is_success:
        return
    raise Problem(
        f"{what} was refused: {answer.status_code} {answer.text[:500]}",
        remedy="mend the file, then load it again: what is already there is left as it is",
    )


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _plain(value: object) -> object:
    """Return the value with dates and times as RFC 3339 text, which YAML had parsed."""
    match value:
        case dict():
            return {name: _plain(inner) for name, inner in value.items()}
        case list():
            return [_plain(inner) for inner in value]
        case _ if hasattr(value, "isoformat"):
            return value.isoformat()
        case _:
            return value
