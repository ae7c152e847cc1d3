"""What the operator sees when the stack is ready: addresses, a token, a query to paste."""

import json
import shlex
from pathlib import Path

from uem.console import console
from uem.issuer import ROLES
from uem.stack.stack import Stack
from vocabulary import parents

LAST_LINE = "ctrl-C, or uem down, drains and stops it; the data stays."
SAMPLE = "410100"  # the playground city
QUERY = (
    '{ jurisdiction(code: "410100") { name(lang: EN) state responseLevels { level } '
    "activeSignals { colour headline } openIncidents { number title } "
    "children { name(lang: EN) population } } }"
)


def show(stack: Stack, *, cold: bool, jurisdiction: str = SAMPLE) -> None:
    """Addresses, a token with every role in the province, a query and the time of the boot are printed."""
    boot = "cold" if cold else "warm"
    lines = [f"UEM is ready after {stack.boot_seconds:.1f} s ({boot} boot).", ""]
    lines += [f"  {name:<10} {address}" for name, address in stack.addresses.items()]
    if "gateway" in stack.addresses:
        endpoint = f"{stack.addresses['gateway']}/graphql"
        province = (jurisdiction, *parents(jurisdiction))[-1]
        token = stack.token(roles=ROLES, areas=[province])
        query = QUERY.replace(SAMPLE, jurisdiction)
        lines += [
            "",
            "A token for trying (every role, 12 hours; uem token makes others):",
            "",
            token,
        ]
        lines += ["", f"A query to paste into {endpoint} in a browser:", "", query]
        lines += ["", "The same from a shell:", "", _curl(endpoint, token, query)]
    console.print("\n".join([*lines, "", LAST_LINE]), markup=False, soft_wrap=True)


def is_shown(log: Path) -> bool:
    """Whether the log of a detached stack has come so far."""
    return log.exists() and LAST_LINE in log.read_text(encoding="utf-8", errors="replace")


def _curl(endpoint: str, token: str, query: str) -> str:
    body = json.dumps({"query": query})
    return (
        f"curl -s {endpoint} -H 'Content-Type: application/json' "
        f"-H 'Authorization: Bearer {token}' -d {shlex.quote(body)}"
    )
