"""What is said of incidents: the preferred figure of each metric, unknown ones without a value."""

import msgspec

from chassis.messages import Message, Published
from contracts.org import v1 as contract
from services.org import domain
from services.org.events import wire

PUBLISHED = (
    Published(
        aggregate="incident",
        event="declared",
        body=contract.IncidentDeclared,
        meaning="A verified emergency was numbered, typed, graded and opened.",
    ),
    Published(
        aggregate="incident",
        event="facts_recorded",
        body=contract.IncidentFactsRecorded,
        meaning="Figures were recorded; changed names the metrics whose preferred value is new.",
    ),
    Published(
        aggregate="incident",
        event="regraded",
        body=contract.IncidentRegraded,
        meaning="The grade changed, by the rule and inputs given.",
    ),
    Published(
        aggregate="incident",
        event="status_changed",
        body=contract.IncidentStatusChanged,
        meaning="The incident moved on in its life.",
    ),
    Published(
        aggregate="incident",
        event="closed",
        body=contract.IncidentClosed,
        meaning="Nothing is open or out any more.",
    ),
    Published(
        aggregate="incident",
        event="sealed",
        body=contract.IncidentSealed,
        meaning="Whoever is not cleared for it sees neither it nor what belongs to it.",
    ),
    Published(
        aggregate="incident",
        event="unsealed",
        body=contract.IncidentUnsealed,
        meaning="It is seen again where it happened.",
    ),
)


def declared(said: domain.IncidentDeclared) -> Message:
    """The incident as declared."""
    body = contract.IncidentDeclared(incident=_body(said.incident))
    return _message("declared", said.incident, body)


def facts_recorded(said: domain.IncidentFactsRecorded) -> Message:
    """The incident and the metrics that changed."""
    body = contract.IncidentFactsRecorded(incident=_body(said.incident), changed=said.changed)
    return _message("facts_recorded", said.incident, body)


def regraded(said: domain.IncidentRegraded) -> Message:
    """The incident, its former grade, and what the grade rests on."""
    body = contract.IncidentRegraded(
        incident=_body(said.incident),
        from_grade=said.from_grade,
        to_grade=said.incident.grade,
        rule=said.rule,
        inputs=tuple(wire.figure(each) for each in said.inputs),
    )
    return _message("regraded", said.incident, body)


def status_changed(said: domain.IncidentStatusChanged) -> Message:
    """The incident and its former status."""
    body = contract.IncidentStatusChanged(
        incident=_body(said.incident), from_status=said.from_status.value
    )
    return _message("status_changed", said.incident, body)


def closed(said: domain.IncidentClosed) -> Message:
    """The incident as closed."""
    return _message("closed", said.incident, contract.IncidentClosed(incident=_body(said.incident)))


def sealed(said: domain.IncidentSealed) -> Message:
    """The incident, sealed."""
    return _message("sealed", said.incident, contract.IncidentSealed(incident=_body(said.incident)))


def unsealed(said: domain.IncidentUnsealed) -> Message:
    """The incident, to be seen again."""
    body = contract.IncidentUnsealed(incident=_body(said.incident))
    return _message("unsealed", said.incident, body)


def _message(event: str, incident: domain.Incident, body: msgspec.Struct) -> Message:
    return wire.message(
        body,
        aggregate="incident",
        event=event,
        id=incident.id,
        area=incident.jurisdiction,
        mode=incident.mode,
    )


def _body(one: domain.Incident) -> contract.Incident:
    return contract.Incident(
        id=one.id,
        number=one.number,
        mode=one.mode,
        exercise_id=one.exercise_id,
        title=one.title,
        emergency_type=one.emergency_type,
        status=one.status.value,
        grade=one.grade,
        grade_rule=one.grade_rule,
        place=wire.place(one.place),
        jurisdiction=one.jurisdiction,
        figures=tuple(wire.figure(each) for each in domain.preferred_figures(one)),
        declared_at=one.declared_at,
        closed_at=one.closed_at,
        sealed=one.sealed,
        occurred_at=one.occurred_at,
    )


MESSAGES = {
    domain.IncidentDeclared: declared,
    domain.IncidentFactsRecorded: facts_recorded,
    domain.IncidentRegraded: regraded,
    domain.IncidentStatusChanged: status_changed,
    domain.IncidentClosed: closed,
    domain.IncidentSealed: sealed,
    domain.IncidentUnsealed: unsealed,
}
