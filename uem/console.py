"""How the command speaks: one console, progress that is a table or, without a terminal, lines."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.table import Table

from uem.problem import Problem
from uem.stack.supervisor import State, Step

console = Console(highlight=False)
COLOURS = {
    State.STARTING: "yellow",
    State.READY: "green",
    State.DIED: "red",
    State.FAILED: "red",
    State.STOPPING: "yellow",
    State.STOPPED: "dim",
}


def complain(problem: Problem) -> None:
    """What is wrong and what to do stand on the console."""
    console.print(problem.message, style="red", markup=False, soft_wrap=True)
    console.print(f"→ {problem.remedy}", style="bold", markup=False, soft_wrap=True)


class Progress:
    """Shows each server's last state: a live table on a terminal, a line a step elsewhere."""

    def __init__(self) -> None:
        self._last: dict[str, Step] = {}
        self._live: Live | None = None

    def __enter__(self) -> Self:
        """From here to the end of the block the table is redrawn in place."""
        if console.is_terminal:
            self._live = Live(self._table(), console=console, refresh_per_second=10)
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """The table stays as it last was; later steps are lines."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def tell(self, step: Step) -> None:
        """The step is shown."""
        self._last[step.server] = step
        if self._live is not None:
            self._live.update(self._table())
        elif step.state not in (State.STARTING, State.STOPPING):
            console.print(_line(step), markup=False)

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 2))
        for step in self._last.values():
            state = f"[{COLOURS[step.state]}]{step.state.value}[/]"
            table.add_row(step.server, state, _seconds(step), step.detail)
        return table


def _line(step: Step) -> str:
    return f"{step.server:<10} {step.state.value:<8} {_seconds(step):>8}  {step.detail}".rstrip()


def _seconds(step: Step) -> str:
    return "" if step.state in (State.STARTING, State.STOPPING) else f"{step.seconds:.2f} s"
