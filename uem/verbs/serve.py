"""Be one program in the foreground: a service or the gateway, as a container does."""

import argparse
import sys

from chassis.settings import SettingsError
from uem.problem import Problem
from uem.stack import born, programs

PORT = 8080


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which program, and where it listens."""
    parser.add_argument("name", choices=[one.name for one in programs.APPLICATIONS])
    parser.add_argument("--host", default="0.0.0.0", help="default: every address")  # noqa: S104
    parser.add_argument("--port", type=int, default=PORT, help=f"default {PORT}")


def run(arguments: argparse.Namespace) -> int:
    """The program answered until SIGTERM; its settings are the environment's.

    Raises `Problem` when they do not allow a start.
    """
    (chosen,) = (one for one in programs.APPLICATIONS if one.name == arguments.name)
    try:
        born.serve(chosen.factory, arguments.port, arguments.host)
    except SettingsError as error:
        raise Problem(str(error), remedy="docs/operations.md lists every setting") from error
    sys.stdout.flush()
    return 0
