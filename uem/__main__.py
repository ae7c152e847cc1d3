"""The console script `uem`: one module per verb under uem/verbs, found by its name."""

import argparse
import ast
import importlib
import pkgutil
import sys
from collections.abc import Sequence
from pathlib import Path

from uem import verbs
from uem.console import complain, console
from uem.problem import Problem


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code: 0 done, 1 refused or found wanting, 2 misused.

    A verb is a module with `arguments(parser)` and `run(arguments) -> int`; only the verb that is
    called is imported, so `uem status` does not pay for `uem up`.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    known = [found.name for found in pkgutil.iter_modules(verbs.__path__)]
    if not words or words[0] not in known:
        return _help(known, words)
    module = importlib.import_module(f"uem.verbs.{words[0]}")
    parser = argparse.ArgumentParser(prog=f"uem {words[0]}", description=module.__doc__)
    module.arguments(parser)
    try:
        return int(module.run(parser.parse_args(words[1:])))
    except Problem as problem:
        complain(problem)
        return 1
    except KeyboardInterrupt:
        return 130


def _help(known: Sequence[str], words: Sequence[str]) -> int:
    asked_for_help = not words or words[0] in ("-h", "--help", "help")
    if not asked_for_help:
        console.print(f"uem knows no verb {words[0]!r}.", markup=False)
    console.print("usage: uem VERB [options]        uem VERB --help says more\n", markup=False)
    for name in known:
        console.print(f"  {name:<12}{_meaning(name)}", markup=False, soft_wrap=True)
    return 0 if asked_for_help else 2


def _meaning(name: str) -> str:
    """Return what the verb's module says of itself, without paying for its imports."""
    source = Path(verbs.__path__[0], f"{name}.py").read_text(encoding="utf-8")
    return (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0]


if __name__ == "__main__":
    sys.exit(main())
