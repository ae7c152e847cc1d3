"""Stop the embedded stack, drained in reverse order, and whatever a killed one left behind."""

import argparse

from uem import running
from uem.console import console
from uem.home import home


def arguments(parser: argparse.ArgumentParser) -> None:
    """`down` takes no arguments."""


def run(arguments: argparse.Namespace) -> int:
    """Nothing of the stack runs any more; its data stays."""
    stopped = running.stop(home())
    console.print(f"stopped: {', '.join(stopped)}" if stopped else "nothing was running")
    return 0
