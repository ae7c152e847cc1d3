"""What judging plans costs: the first time, again, and beside trying every combination of thresholds.

    python -m bench.quality [--plans 200]

Plans are the flood plan of the scenario with other limits, one a district, each beside the city's.
One run measures on one machine, the variants in turn, and prints:
- a plan: parsed from its file, judged the first time (every criterion, conformity decided), and
  judged again when only what is around it may have changed;
- one question of conformity (does what starts the city's level start one here?), decided by
  narrowing and by trying values in the order of names, leaving what can no longer hold.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from services.plans import domain
from services.plans.domain import logic
from services.plans.domain.conformity import sensitivity
from services.plans.domain.logic import Formula
from services.plans.domain.logic.proof import _spaces
from services.plans.domain.logic.search import is_in_order

AT = datetime(2026, 6, 1, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[1]
FLOOD = ROOT / "scenarios" / "zhengzhou-2021-07-20" / "city" / "plans" / "flood-410100.yaml"
GIVE_UP = 50_000  # steps of the floor, some seconds


def city() -> domain.Plan:
    """The city's plan, in force."""
    return in_force(domain.parse(FLOOD.read_text("utf-8")))


def district(number: int) -> str:
    """The file of a district's plan: other limits, the city's text."""
    text = FLOOD.read_text("utf-8").replace("flood-410100", f"flood-{number}")
    text = text.replace("kind: SPECIAL", "kind: LOCAL")
    text = text.replace('jurisdiction: "410100"', f'jurisdiction: "4101{1 + number % 99:02d}"')
    for limit in ("100.0", "50.0"):
        text = text.replace(f">= {limit}", f">= {float(limit) - number * 0.1}")
    return text + "superiors: [flood-410100]\n"


def in_force(plan: domain.Plan) -> domain.Plan:
    """The plan as published."""
    return replace(plan, status=domain.PlanStatus.PUBLISHED, published_at=plan.effective_from)


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that the work took."""
    began = time.perf_counter()
    work()
    return 1e3 * (time.perf_counter() - began)


def tried(formula: Formula) -> int:
    """How many values were tried in the order of names until the formula was decided."""
    spaces, steps = _spaces(formula), 0

    def found(names: Sequence[str], values: Mapping[str, float]) -> bool:
        nonlocal steps
        steps += 1
        if steps > GIVE_UP or logic.holds(formula, values) is False:
            return steps > GIVE_UP
        if not names:
            return True
        name, *rest = names
        more = ({**values, name: value} for value in spaces[name])
        return any(is_in_order(one, name) and found(rest, one) for one in more)

    found(list(spaces), {})
    return steps


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plans", type=int, default=200)
    count = parser.parse_args().plans
    above = city()
    around = domain.Surroundings(plans=(above,))
    files = [district(number) for number in range(count)]
    plans: list[domain.Plan] = []
    parsed = [timed(lambda: plans.append(in_force(domain.parse(one)))) for one in files]  # noqa: B023
    logic.find.cache_clear()
    logic.falling.cache_clear()
    first = [timed(lambda: domain.quality_of(one, around, at=AT)) for one in plans]  # noqa: B023
    again = [timed(lambda: domain.quality_of(one, around, at=AT)) for one in plans]  # noqa: B023
    told = {"parsed": parsed, "judged first": first, "judged again": again}
    for name, each in told.items():
        print(f"{name:14} {statistics.median(each):7.2f} ms a plan, {max(each):7.2f} at most")
    print(f"{count} plans in   {sum(first) / 1e3:7.2f} s, again {sum(again) / 1e3:.2f} s")
    beside(plans[0], above)


def beside(plan: domain.Plan, above: domain.Plan) -> None:
    """One question a level, decided both ways."""
    for level in above.levels:
        here = sensitivity.here(plan)
        asked = logic.all_of(sensitivity.upstream(plan, above, level), logic.Not(here))
        logic.find.cache_clear()
        narrowed = timed(lambda: logic.find(asked))  # noqa: B023
        floor = timed(lambda: tried(asked))  # noqa: B023
        steps, many = logic.find(asked).tried, tried(asked)
        more = "+" if many > GIVE_UP else ""
        print(
            f"{level.level:10} narrowed {narrowed:8.2f} ms, {steps} steps;"
            f" tried {floor:8.2f} ms, {many}{more} steps: {floor / narrowed:.0f} times as long"
        )


if __name__ == "__main__":
    main()
