"""Ask plans the fact tables that lie beside them (<name>.facts.yaml): each case has to give its level."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from services.plans import domain
from uem.console import console
from uem.plan import folder, reading
from uem.plan.folder import Written
from uem.problem import Problem


def arguments(parser: argparse.ArgumentParser) -> None:
    """Files or folders, and whether a plan without a table counts as wrong."""
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file or a folder")
    parser.add_argument("--strict", action="store_true", help="a plan without a table fails, too")


def run(arguments: argparse.Namespace) -> int:
    """Every case that is wrong is printed with what decided; 1 when there is one."""
    wrong = cases = without = 0
    for written in folder.find(arguments.paths):
        if not written.table.is_file():
            console.print(f"{written.home}: no table ({written.table.name})", markup=False)
            without += 1
            continue
        results = _ask(written)
        cases += len(results)
        for one in results:
            if not one.is_right:
                wrong += 1
                for line in _lines(written, one):
                    console.print(line, markup=False, soft_wrap=True)
    counted = f"{cases} case{'' if cases == 1 else 's'}"
    console.print(f"{counted}: {f'{wrong} wrong' if wrong else 'all right'}", style="bold")
    return int(wrong > 0 or (arguments.strict and without > 0))


def _ask(written: Written) -> list[domain.Result]:
    plan = reading.plan(written)
    table = _table(written.table)
    if table.plan_id != plan.plan_id:
        raise Problem(
            f"{written.table} is of {table.plan_id}, {written.home} is {plan.plan_id}",
            remedy="name the plan's id in its table",
        )
    for name in sorted(domain.unread(plan, table)):
        console.print(f"{written.table}: {plan.plan_id} does not read {name}", markup=False)
    return domain.ask(plan, table)


def _table(path: Path) -> domain.FactTable:
    try:
        return domain.read_table(path.read_text(encoding="utf-8"))
    except domain.TableUnreadable as error:
        fault = error.faults[0]
        raise Problem(
            f"{path}:{fault.at.line}:{fault.at.column} {fault.message}",
            remedy="plan, cases: each with name, facts and level",
        ) from error


def _lines(written: Written, one: domain.Result) -> Iterator[str]:
    case, found = one.case, one.findings
    yield f"{written.table}:{case.at.line} {case.name}: asked {_name(case.level)}, given {_name(found.given)}"
    if case.is_possible_asked and found.possible is not case.possible:
        yield f"    at most asked {_name(case.possible)}, found {_name(found.possible)}"
    for condition in found.conditions:
        if condition.level in (case.level, found.given):
            values = ", ".join(f"{figure.metric} = {figure.value:g}" for figure in condition.values)
            yield f"    {condition.level}: {condition.text} is {_met(condition)} ({values or 'not known'})"


def _met(one: domain.ConditionResult) -> str:
    return "undetermined" if one.met is None else str(one.met).lower()


def _name(level: object) -> str:
    return "none" if level is None else str(level)
