"""What a report says, drafted from the facts of the incident: figures to go by, what is unclear, what was done."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from services.org.domain.figure import Fact, FigureRule, contradictions, figure_text
from services.org.domain.incident import Incident, preferred_figures, unconfirmed
from services.org.domain.incident_command import IncidentCommand
from services.org.domain.order import Order, OrderStatus
from services.org.domain.situation_report.state import (
    Content,
    Doubt,
    MeasureTaken,
    StatedFigure,
    Unclear,
)


def draft_content(
    incident: Incident,
    rule: FigureRule,
    *,
    measures: Sequence[MeasureTaken],
    before: Content | None,
    now: datetime,
) -> Content:
    """Say what is known at `now`; `before` is what the superior was last told.

    Each metric has the one figure to go by, with its source; figures of several sources stay side
    by side in `unclear` and are never added up. What the rule counts and nobody has said is named.
    """
    told = {one.metric: one.value for one in before.figures} if before else {}
    figures = tuple(
        StatedFigure(
            metric=one.metric,
            value=one.value,
            unit=one.unit,
            source=one.source,
            observed_at=one.observed_at,
            was=told.get(one.metric),
        )
        for one in preferred_figures(incident)
    )
    return Content(
        title=incident.title,
        emergency_type=incident.emergency_type,
        incident_status=incident.status,
        grade=incident.grade,
        grade_rule=incident.grade_rule,
        place=incident.place,
        address=incident.address,
        occurred_at=incident.occurred_at,
        declared_at=incident.declared_at,
        as_of=now,
        figures=figures,
        unclear=tuple(_unclear(incident, rule, figures)),
        measures=tuple(measures),
    )


def measures_taken(command: IncidentCommand | None, orders: Iterable[Order]) -> list[MeasureTaken]:
    """The command formed and the orders given, in the order of their times."""
    formed = (
        [
            MeasureTaken(
                text_zh=f"成立现场指挥部({command.organization_id})",
                text_en=f"incident command formed ({command.organization_id})",
                at=command.formed_at,
            )
        ]
        if command
        else []
    )
    return sorted([*formed, *_ordered(orders)], key=lambda one: (one.at, one.text_en))


def is_new(content: Content, present: Content) -> bool:
    """Whether anything but the time at which it was drafted differs."""
    return any(
        getattr(content, name) != getattr(present, name)
        for name in Content.__dataclass_fields__
        if name != "as_of"
    )


def _ordered(orders: Iterable[Order]) -> Iterable[MeasureTaken]:
    for order in orders:
        if order.issued_at is None or order.status is OrderStatus.WITHDRAWN:
            continue
        for one in order.measures:
            if one.ordered:
                yield MeasureTaken(
                    text_zh=f"{one.text_zh or one.code}({order.number}号令)",
                    text_en=f"{one.text_en or one.code} (order {order.number})",
                    at=order.issued_at,
                )


def _unclear(
    incident: Incident, rule: FigureRule, figures: Sequence[StatedFigure]
) -> Iterable[Unclear]:
    yield from (Unclear(about=one, why=Doubt.UNKNOWN) for one in _unknown(incident, rule, figures))
    by_metric = {one.metric: one for one in preferred_figures(incident)}
    for metric in sorted(by_metric):
        others = contradictions(incident.facts, by_metric[metric])
        if others:
            yield Unclear(about=metric, why=Doubt.CONTRADICTED, detail=_said(others))
    for one in sorted(unconfirmed(incident), key=lambda fact: (fact.metric, fact.source)):
        yield Unclear(about=one.metric, why=Doubt.UNCONFIRMED, detail=_said([one]))
    for figure in figures:
        if figure.was is not None and _fell(figure, rule):
            yield Unclear(about=figure.metric, why=Doubt.DECREASED, detail=figure_text(figure.was))


def _unknown(
    incident: Incident, rule: FigureRule, figures: Sequence[StatedFigure]
) -> Iterable[str]:
    if incident.occurred_at is None:
        yield "occurredAt"
    if incident.grade is None:
        yield "grade"
    known = {one.metric for one in figures if one.value is not None}
    # a superior asks for every metric that only grows; for the others once somebody named them
    asked = {name for name, one in rule.metrics.items() if one.cumulative}
    yield from sorted((asked | {one.metric for one in figures}) - known)


def _fell(figure: StatedFigure, rule: FigureRule) -> bool:
    known = rule.metrics.get(figure.metric)
    if known is None or not known.cumulative or figure.value is None or figure.was is None:
        return False
    return figure.value < figure.was


def _said(facts: Sequence[Fact]) -> str:
    said = sorted((one.source, one.value) for one in facts if one.value is not None)
    return "; ".join(f"{source} {figure_text(value)}" for source, value in said)
