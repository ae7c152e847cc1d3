"""Write plans as files: lint, explain, test, diff and list indicators; import and export them."""

import argparse
from types import ModuleType

from uem.plan.commands import diff, explain, export, imports, indicators, lint, test

COMMANDS: dict[str, ModuleType] = {
    "lint": lint,
    "explain": explain,
    "test": test,
    "diff": diff,
    "indicators": indicators,
    "import": imports,
    "export": export,
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command, with arguments of its own."""
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, module in COMMANDS.items():
        meaning = (module.__doc__ or "").partition("\n")[0]
        module.arguments(commands.add_parser(name, help=meaning, description=module.__doc__))


def run(arguments: argparse.Namespace) -> int:
    """The command has been run; its exit code. Raises Problem as the command says."""
    return int(COMMANDS[arguments.command].run(arguments))
