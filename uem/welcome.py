"""What the operator sees when the stack is ready: addresses, a token, a query to paste."""

import json
import shlex
from pathlib import Path

from uem.console import console
from uem.issuer import ROLES
from uem.stack.stack import Stack

LAST_LINE = "ctrl-C, or uem down, drains and stops it; the data stays."
QUERY = (
    '{ jurisdiction(code: "410100") { name(lang: EN) state responseLevels { level } '
    "activeSignals { colour headline } openIncidents { number title } "
    "children { name(lang: EN) population } } }"
)


def show(stack: Stack, *, cold: bool) -> None:
    """Addresses, a token with every role, a query and the time of the boot are printed."""
    boot = "cold" if cold else "warm"
    lines = [f"UEM is ready after {stack.boot_seconds:.1f} s ({boot} boot).", ""]
    lines += [f"  {name:<10} {address}" for name, address in stack.addresses.items()]
    if "gateway" in stack.addresses:
        endpoint = f"{stack.addresses['gateway']}/graphql"
        token = stack.token(roles=ROLES, areas=["410000"])
        lines += [
            "",
            "A token for trying (every role, 12 hours; uem token makes others):",
            "",
            token,
        ]
        lines += ["", f"A query to paste into {endpoint} in a browser:", "", QUERY]
        lines += ["", "The same from a shell:", "", _curl(endpoint, token)]
    console.print("\n".join([*lines, "", LAST_LINE]), markup=False, soft_wrap=True)


def is_shown(log: Path) -> bool:
    """Whether the log of a detached stack has come so far."""
    return log.exists() and LAST_LINE in log.read_text(encoding="utf-8", errors="replace")


def _curl(endpoint: str, token: str) -> str:
    body = json.dumps({"query": QUERY})
    return (
        f"curl -s {endpoint} -H 'Content-Type: application/json' "
        f"-H 'Authorization: Bearer {token}' -d {shlex.quote(body)}"
    )
