"""The one picture: two time bars, on record and with this system, as SVG and PNG."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import matplotlib as mpl
from matplotlib import dates as mdates
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from uem.demo import figures, openings
from uem.demo.figures import Play
from uem.demo.rows import CIVIL_TIME
from uem.demo.scenario import Harm, Opening, Scenario

COLOURS = {
    "LEVEL_IV": "#7fb2e5",
    "LEVEL_III": "#f2cf4a",
    "LEVEL_II": "#ef9136",
    "LEVEL_I": "#c8281e",
}
MEASURE_COLOUR = "#3b6e8f"
LONGEST_BY_HOURS = timedelta(days=3)  # longer pictures have a tick a day
WIDTH_INCHES, HEIGHT_INCHES, DPI = 13.0, 5.6, 140  # reads on a projector and on one page across


@dataclass(frozen=True, slots=True)
class Block:
    """Something in force from `start` to `end`; `kind` is a level or "measure"."""

    start: datetime
    end: datetime
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Marks:
    """What is ticked above the bars, and the harm, if there is one, as a line through them."""

    label: str
    moments: Sequence[datetime]
    harm: Harm | None


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of the picture with the blocks that it shows, levels below, measures above."""

    title: str
    levels: Sequence[Block]
    measures: Sequence[Block]


def of_plays(scenario: Scenario, answered: Play, silent: Play, folder: Path) -> tuple[Path, Path]:
    """Draw what is on record above what the two plays recorded; return the paths of SVG and PNG."""
    end = scenario.screen.picture_until or scenario.ends
    bars = [
        _on_record(scenario, end),
        _bar("with this system", answered, scenario, end),
        _bar("with this system,\nnobody answers", silent, scenario, end),
    ]
    return draw(
        bars,
        start=scenario.starts,
        end=end,
        marks=Marks(scenario.screen.marks, _marked(scenario, answered), scenario.harm),
        title=scenario.title,
        caption="Response levels (below) and measures carried out (above). On record: sources in"
        " timeline.yaml. With this system: a rehearsal, plans and people modelled.",
        folder=folder,
    )


def _on_record(scenario: Scenario, end: datetime) -> Bar:
    """What was decided, each level from when it was known until the next."""
    decided = [one for one in scenario.levels if one.plan == scenario.screen.plan]
    return Bar(
        scenario.screen.record_column,
        _blocks([(one.by, one.level) for one in decided], end),
        [
            Block(one.at, end, "measure", one.label)
            for one in scenario.screen.measures
            if one.at is not None
        ],
    )


def _bar(title: str, play: Play, scenario: Scenario, end: datetime) -> Bar:
    measures = [
        Block(since, end, "measure", one.label)
        for one in scenario.screen.measures
        if (since := figures.in_force_since(play, one)) is not None
    ]
    course = figures.levels(play, scenario.screen.plan)
    return Bar(title, _blocks(course, end), sorted(measures, key=lambda one: one.start))


def _blocks(course: Sequence[tuple[datetime, str | None]], end: datetime) -> list[Block]:
    """The level over time, the last until the end of the picture."""
    closes = [*(at for at, _ in course[1:]), end]
    return [
        Block(at, min(until, end), level, level.replace("LEVEL_", "Level "))
        for (at, level), until in zip(course, closes, strict=True)
        if level is not None and at < end
    ]


def _marked(scenario: Scenario, answered: Play) -> list[datetime]:
    """When the signals came that opened the scenario; without any, when something was measured."""
    if scenario.screen.opened_by is Opening.SIGNAL:
        return [one.at for one in openings.openings(answered, scenario)]
    measured = [one for one in scenario.entries if one.kind == "observation"]
    return [one.data.get("observed_at", one.at) for one in measured]


def draw(
    bars: Sequence[Bar],
    *,
    start: datetime,
    end: datetime,
    marks: Marks,
    title: str,
    caption: str,
    folder: Path,
) -> tuple[Path, Path]:
    """Write timeline.svg and timeline.png into `folder` and return their paths."""
    with mpl.rc_context({"svg.hashsalt": "uem", "font.family": "DejaVu Sans"}):
        figure = Figure(figsize=(WIDTH_INCHES, HEIGHT_INCHES), layout="constrained")
        axes = figure.add_subplot()
        for row, bar in enumerate(reversed(bars)):
            _draw_bar(axes, row, bar)
        _draw_marks(axes, marks, rows=len(bars))
        _dress(axes, bars, start, end)
        axes.set_title(title, loc="left", fontsize=14, fontweight="bold", pad=34)
        figure.supxlabel(caption, fontsize=8, color="#555555", x=0.01, ha="left")
        folder.mkdir(parents=True, exist_ok=True)
        svg, png = folder / "timeline.svg", folder / "timeline.png"
        figure.savefig(svg, metadata={"Date": None})
        figure.savefig(png, dpi=DPI)
    return svg, png


def _draw_bar(axes: Axes, row: int, bar: Bar) -> None:
    for block in bar.levels:
        _box(axes, block, y=row - 0.36, height=0.3, colour=COLOURS[block.kind])
    for place, block in enumerate(bar.measures):
        _box(axes, block, y=row - 0.02 + 0.13 * place, height=0.11, colour=MEASURE_COLOUR)


def _box(axes: Axes, block: Block, *, y: float, height: float, colour: str) -> None:
    left = _day(block.start)
    right = _day(block.end)
    axes.barh(y + height / 2, right - left, left=left, height=height, color=colour)
    if block.label and right - left > 0.01:
        axes.text(
            left + 0.004,
            y + height / 2,
            block.label,
            va="center",
            fontsize=7.5 if block.kind == "measure" else 9,
            color="black" if block.kind in ("LEVEL_III", "LEVEL_IV") else "white",
            clip_on=True,
        )


def _draw_marks(axes: Axes, marks: Marks, *, rows: int) -> None:
    top = rows - 0.42
    for moment in marks.moments:
        at = _day(moment)
        axes.plot([at, at], [top, top + 0.12], color=COLOURS["LEVEL_I"], linewidth=4)
    if marks.moments:
        axes.annotate(
            marks.label,
            (_day(marks.moments[0]), top + 0.16),
            fontsize=8.5,
            color=COLOURS["LEVEL_I"],
            annotation_clip=False,
        )
    if marks.harm is not None:
        axes.axvline(_day(marks.harm.at), color="black", linewidth=1.6, linestyle="--")
        axes.annotate(
            f"{marks.harm.at.astimezone(CIVIL_TIME):%H:%M} {marks.harm.what}",
            (_day(marks.harm.at), top + 0.16),
            ha="right",
            fontsize=9,
            annotation_clip=False,
        )


def _dress(axes: Axes, bars: Sequence[Bar], start: datetime, end: datetime) -> None:
    axes.set_yticks(range(len(bars)), [bar.title for bar in reversed(bars)], fontsize=10)
    axes.set_ylim(-0.5, len(bars) - 0.2)
    axes.set_xlim(_day(start), _day(end))
    hours = 3 if end - start <= LONGEST_BY_HOURS else 24
    axes.xaxis.set_major_locator(mdates.HourLocator(byhour=range(0, 24, hours)))
    axes.xaxis.set_major_formatter(mdates.DateFormatter("%H:%M\n%d %b"))
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(axis="y", length=0)


def _day(at: datetime) -> float:
    """The instant as matplotlib counts it: days, in the city's civil time."""
    return float(mdates.date2num(at.astimezone(CIVIL_TIME).replace(tzinfo=None)))
