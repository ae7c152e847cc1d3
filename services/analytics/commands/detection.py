"""Raising and clearing detections as readings come."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from chassis.unit_of_work import UnitOfWork
from services.analytics import domain, events, store
from vocabulary import Mode

_Key = tuple[str, str, str, str]


@dataclass(slots=True)
class _Desk:
    """The detections that stand raised, and what the readings did to them so far."""

    standing: dict[_Key, domain.Detection]
    touched: dict[str, domain.Detection] = field(default_factory=dict)
    edges: list[tuple[domain.Edge, domain.Detection]] = field(default_factory=list)

    def put(self, key: _Key, detection: domain.Detection, edge: domain.Edge | None) -> None:
        self.standing[key] = self.touched[detection.id] = detection
        if edge is domain.Edge.CLEARED:
            del self.standing[key]
        if edge is not None:
            self.edges.append((edge, detection))


async def assess(uow: UnitOfWork, readings: Sequence[domain.Reading]) -> None:
    """Detections stand as the readings, taken in this order, say; every edge is told once."""
    for mode in sorted({reading.mode for reading in readings}):
        await _assess(uow, mode, [reading for reading in readings if reading.mode is mode])


async def _assess(uow: UnitOfWork, mode: Mode, readings: Sequence[domain.Reading]) -> None:
    areas = {reading.jurisdiction for reading in readings}
    rules = {
        area: domain.detections_in_force(store.detection_rules(), jurisdiction=area, at=uow.now)
        for area in areas
    }
    judged = {
        limit.indicator for found in rules.values() for rule in found for limit in rule.limits
    }
    readings = [reading for reading in readings if reading.indicator in judged]
    if not readings:
        return
    raised = await store.open_detections(uow.db, mode=mode, jurisdictions=areas, indicators=judged)
    desk = _Desk({(o.rule, o.colour, o.indicator, o.jurisdiction): o for o in raised})
    for reading in sorted(readings, key=lambda one: one.as_of):
        for rule in rules[reading.jurisdiction]:
            _judge(uow, desk, rule, reading)
    for detection in desk.touched.values():
        await store.put_detection(uow.db, detection)
    for edge, detection in desk.edges:
        match edge:
            case domain.Edge.RAISED:
                await uow.publish(events.detection_raised(detection))
            case domain.Edge.CLEARED:
                await uow.publish(events.detection_cleared(detection))


def _judge(
    uow: UnitOfWork, desk: _Desk, rule: domain.DetectionRule, reading: domain.Reading
) -> None:
    for limit in rule.limits:
        if limit.indicator != reading.indicator:
            continue
        key = (rule.id, limit.colour, limit.indicator, reading.jurisdiction)
        standing = desk.standing.get(key)
        if standing is not None:
            after, edge = domain.follow(standing, reading, rule.hysteresis)
            if after != standing:
                desk.put(key, after, edge)
        elif domain.raises(limit, reading):
            made = domain.raised(domain.DetectionId(uow.new_id("det")), rule, limit, reading)
            desk.put(key, made, domain.Edge.RAISED)
