"""A situation report as people print and read it, in Chinese and in English, from one structure."""

from collections.abc import Iterable
from datetime import datetime

from services.org.domain.figure import figure_text
from services.org.domain.incident import IncidentStatus
from services.org.domain.limit import CIVIL_TIME
from services.org.domain.situation_report.state import (
    Content,
    Doubt,
    ReportStage,
    SituationReport,
    StatedFigure,
    Unclear,
)
from vocabulary import Mode

_METRICS = {
    "deaths": ("死亡", "deaths"),
    "missing": ("失踪", "missing"),
    "serious_injured": ("重伤", "seriously injured"),
    "trapped": ("被困", "trapped"),
    "affected": ("受灾人口", "people affected"),
    "threatened": ("受威胁人口", "people threatened"),
    "evacuated": ("转移安置", "people evacuated"),
    "direct_loss_cny": ("直接经济损失", "direct loss"),
    "grade": ("事件级别", "grade"),
    "occurredAt": ("发生时间", "time of occurrence"),
}
_DOUBTS = {
    Doubt.UNKNOWN: ("尚不清楚", "not known yet"),
    Doubt.CONTRADICTED: ("各方说法不一", "sources differ"),
    Doubt.UNCONFIRMED: ("待第二人核实", "waits for a second person"),
    Doubt.DECREASED: ("少于上次报告", "less than reported before"),
}
_STATUSES = {
    IncidentStatus.DECLARED: ("已认定", "declared"),
    IncidentStatus.RESPONDING: ("处置中", "responding"),
    IncidentStatus.CONTAINED: ("已控制", "contained"),
    IncidentStatus.RECOVERING: ("恢复中", "recovering"),
    IncidentStatus.CLOSED: ("已结束", "closed"),
    IncidentStatus.FALSE_ALARM: ("误报", "false alarm"),
    IncidentStatus.MERGED: ("已并入其他事件", "merged"),
}
_UNKNOWN = ("不详", "unknown")
_EXERCISE = ("【演练】", "[EXERCISE] ")


def heading(report: SituationReport) -> tuple[str, str]:
    """What the report is called, in Chinese and in English."""
    stages = {
        ReportStage.INITIAL: ("初报", "initial report"),
        ReportStage.FOLLOW_UP: (f"续报{report.ordinal}", f"follow-up report {report.ordinal}"),
        ReportStage.FINAL: ("终报", "final report"),
    }
    zh, en = stages[report.stage]
    mark_zh, mark_en = _EXERCISE if report.mode is Mode.EXERCISE else ("", "")
    return f"{mark_zh}{report.content.title}{zh}", f"{mark_en}{report.content.title}: {en}"


def text_zh(report: SituationReport) -> str:
    """The report in Chinese, one fact a line, times in Beijing time."""
    said = report.content
    return _join(
        [
            heading(report)[0],
            f"编号:{report.number}",
            f"报送:{report.organization_id} → {report.recipient_id or _UNKNOWN[0]}",
            _skip(report, "越级上报:抄送 {skipped},理由:{reason}"),
            f"截至:{_time(said.as_of)}",
            f"发生时间:{_when(said.occurred_at, 0)}",
            f"认定时间:{_time(said.declared_at)}",
            f"地点:{_where(said)}",
            f"状态:{_STATUSES[said.incident_status][0]}",
            f"级别:{_grade(said, 0)}",
            "伤亡和损失:",
            *_figures(said.figures, 0, "(来源:{source};截至 {at}{was})", ";上次 {was}"),
            "尚不清楚:",
            *_unclear(said.unclear, 0),
            "已采取措施:",
            *(f"- {_time(one.at)} {one.text_zh}" for one in said.measures),
            f"研判和请求:{report.note}" if report.note else "",
            *_calls(report, "电话先报:{at} {by} 致电 {to}"),
            _signature(report, "签发:{by} {at}"),
        ]
    )


def text_en(report: SituationReport) -> str:
    """The report in English, one fact a line, times in Beijing time."""
    said = report.content
    return _join(
        [
            heading(report)[1],
            f"Number: {report.number}",
            f"From {report.organization_id} to {report.recipient_id or _UNKNOWN[1]}",
            _skip(report, "A level is skipped: copy to {skipped}, because {reason}"),
            f"As of: {_time(said.as_of)}",
            f"Occurred: {_when(said.occurred_at, 1)}",
            f"Declared: {_time(said.declared_at)}",
            f"Place: {_where(said)}",
            f"Status: {_STATUSES[said.incident_status][1]}",
            f"Grade: {_grade(said, 1)}",
            "Casualties and losses:",
            *_figures(said.figures, 1, " (source: {source}; as of {at}{was})", "; before {was}"),
            "Not clear:",
            *_unclear(said.unclear, 1),
            "Measures taken:",
            *(f"- {_time(one.at)} {one.text_en}" for one in said.measures),
            f"Assessment and requests: {report.note}" if report.note else "",
            *_calls(report, "Phoned first: {at} {by} called {to}"),
            _signature(report, "Signed: {by} {at}"),
        ]
    )


def _figures(
    figures: Iterable[StatedFigure], language: int, about: str, before: str
) -> Iterable[str]:
    for one in figures:
        is_same = one.was is None or one.was == one.value
        was = "" if is_same else before.format(was=_number(one.was, language))
        value = _number(one.value, language) + _unit(one.unit, one.value)
        told = about.format(source=one.source, at=_time(one.observed_at), was=was)
        yield f"- {_metric(one.metric, language)} {value}{told}"


def _unclear(unclear: Iterable[Unclear], language: int) -> Iterable[str]:
    for one in unclear:
        detail = f" ({one.detail})" if one.detail else ""
        yield f"- {_metric(one.about, language)}: {_DOUBTS[one.why][language]}{detail}"


def _calls(report: SituationReport, line: str) -> Iterable[str]:
    return (line.format(at=_time(one.at), by=one.by, to=one.to) for one in report.calls)


def _skip(report: SituationReport, line: str) -> str:
    if report.skipped_id is None:
        return ""
    return line.format(skipped=report.skipped_id, reason=report.skip_reason)


def _signature(report: SituationReport, line: str) -> str:
    if report.signed_at is None:
        return ""
    return line.format(by=report.signed_by, at=_time(report.signed_at))


def _grade(said: Content, language: int) -> str:
    return f"{said.grade} ({said.grade_rule})" if said.grade else _UNKNOWN[language]


def _when(instant: datetime | None, language: int) -> str:
    return _time(instant) if instant else _UNKNOWN[language]


def _where(said: Content) -> str:
    point = f"{said.place.longitude:.4f}, {said.place.latitude:.4f}"
    return f"{said.address} ({point})" if said.address else point


def _metric(name: str, language: int) -> str:
    return _METRICS[name][language] if name in _METRICS else name


def _number(value: float | None, language: int) -> str:
    return _UNKNOWN[language] if value is None else figure_text(value)


def _unit(unit: str, value: float | None) -> str:
    return "" if unit == "1" or value is None else f" {unit}"


def _time(instant: datetime) -> str:
    return instant.astimezone(CIVIL_TIME).strftime("%Y-%m-%d %H:%M")


def _join(lines: Iterable[str]) -> str:
    return "\n".join(filter(None, lines)) + "\n"
