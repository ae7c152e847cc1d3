"""Every field that is read elsewhere than its parent, as data: which service, by which key, in which batch."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gateway.errors import Service

ORG, PLANS, GUARANTEE, ANALYTICS = Service


@dataclass(frozen=True, slots=True)
class Copy:
    """Where a copy is kept of what another service owns."""

    service: Service
    batch: str
    component: str


@dataclass(frozen=True, slots=True)
class Join:
    """A batch read of `service` by the parent's `key`; the field mask comes from the selection.

    `is_list`: `[]` is none and null is unknown. `always`: the domain always has a value.
    `key_answers`: the one field that the key itself answers, for which nothing is read.
    `copy`: asked when the owner is away. `kind`: the batch knows several kinds of object, and the
    key is asked as "<kind>:<key>".
    """

    service: Service
    batch: str
    key: str = "id"
    is_list: bool = False
    always: bool = False
    key_answers: str | None = None
    copy: Copy | None = None
    kind: str | None = None

    def asked(self, key: str) -> str:
        """The key as the batch read knows it."""
        return key if self.kind is None else f"{self.kind}:{key}"

    def by(self, key: str) -> "Join":
        """The same read by another member of the parent."""
        return replace(self, key=key)


_JURISDICTION = Join(
    ORG,
    "jurisdictions",
    always=True,
    key_answers="code",
    copy=Copy(PLANS, "jurisdictionCopies", "JurisdictionCopyView"),
)
_ORGANIZATION = Join(ORG, "organizations", key_answers="id")
_INCIDENT = Join(
    ORG,
    "incidents",
    key_answers="id",
    copy=Copy(PLANS, "incidentCopies", "IncidentCopyView"),
)
_ACTIVATION = Join(PLANS, "activations", key_answers="id")
_OVERRIDE = Join(PLANS, "overrides", key_answers="id")
_PLAN_VERSION = Join(PLANS, "planVersions", key_answers="id")
_EXERCISE = Join(PLANS, "exercises", "exerciseId", key_answers="id")


def _permissions(service: Service, kind: str) -> Join:
    return Join(service, "permissions", is_list=True, kind=kind)


JOINS: Mapping[str, Join] = {
    "IncidentMessage.incident": _INCIDENT.by("incidentId"),
    "DeskMessage.obligation": Join(ORG, "obligations", "obligationId"),
    "JurisdictionMessage.jurisdiction": replace(_JURISDICTION, key="code", always=False),
    "Viewer.organization": _ORGANIZATION.by("organizationId"),
    "Viewer.areas": _JURISDICTION.by("areas"),
    "Jurisdiction.parent": replace(_JURISDICTION, key="parent", always=False),
    "Jurisdiction.children": Join(ORG, "jurisdictions-by-parent", "code", is_list=True),
    "Jurisdiction.responseLevels": Join(PLANS, "responseLevels", "code", is_list=True),
    "Jurisdiction.activeSignals": Join(
        GUARANTEE, "active-signals-by-jurisdiction", "code", is_list=True
    ),
    "Jurisdiction.activeWarnings": Join(
        GUARANTEE, "active-warnings-by-jurisdiction", "code", is_list=True
    ),
    "Jurisdiction.openIncidents": Join(ORG, "open-incidents", "code", is_list=True),
    "Jurisdiction.ordersInForce": Join(ORG, "orders-in-force", "code", is_list=True),
    "Jurisdiction.readings": Join(ANALYTICS, "readings", "code", is_list=True),
    "Jurisdiction.situation": Join(ANALYTICS, "situations", "code", always=True),
    "Organization.jurisdiction": _JURISDICTION.by("jurisdiction"),
    "Organization.parent": _ORGANIZATION.by("parent"),
    "Incident.jurisdiction": _JURISDICTION.by("jurisdiction"),
    "Incident.mergedInto": _INCIDENT.by("mergedInto"),
    "Incident.figures": Join(ORG, "figures-by-incident", is_list=True),
    "Incident.obligations": Join(ORG, "obligations-by-incident", is_list=True),
    "Incident.signals": Join(GUARANTEE, "signals-by-incident", is_list=True),
    "Incident.warnings": Join(GUARANTEE, "warnings-by-incident", is_list=True),
    "CommandSection.organization": _ORGANIZATION.by("organizationId"),
    "Incident.command": Join(ORG, "commands-by-incident"),
    "Incident.orders": Join(ORG, "orders-by-incident", is_list=True),
    "Incident.bulletins": Join(GUARANTEE, "bulletins-by-incident", is_list=True),
    "Incident.coordinationRequests": Join(ORG, "coordination-requests-by-incident", is_list=True),
    "Incident.situationReports": Join(ORG, "situation-reports-by-incident", is_list=True),
    "Incident.tasks": Join(ORG, "tasks-by-incident", is_list=True),
    "Incident.log": Join(ORG, "log-by-incident", is_list=True),
    "Incident.activations": Join(PLANS, "activationsByIncident", is_list=True),
    "Incident.dispatches": Join(GUARANTEE, "dispatches-by-incident", is_list=True),
    "Incident.unmetNeeds": Join(GUARANTEE, "unmet-by-incident", is_list=True),
    "Command.organization": _ORGANIZATION.by("organizationId"),
    "Command.heldBy": _JURISDICTION.by("heldBy"),
    "LogEntry.organization": _ORGANIZATION.by("organizationId"),
    "OrderMeasure.addressees": _ORGANIZATION.by("addressees"),
    "Order.organization": _ORGANIZATION.by("organizationId"),
    "Order.jurisdiction": _JURISDICTION.by("jurisdiction"),
    "Order.activation": _ACTIVATION.by("activationId"),
    "Order.incident": _INCIDENT.by("incidentId"),
    "CoordinationRequest.incident": _INCIDENT.by("incidentId"),
    "CoordinationRequest.jurisdiction": _JURISDICTION.by("jurisdiction"),
    "CoordinationRequest.exercise": _EXERCISE,
    "CoordinationRequest.fromOrganization": _ORGANIZATION.by("fromOrganization"),
    "CoordinationRequest.toOrganization": _ORGANIZATION.by("toOrganization"),
    "CoordinationRequest.escalatedTo": _ORGANIZATION.by("escalatedTo"),
    "PairFigures.fromOrganization": _ORGANIZATION.by("fromOrganization"),
    "PairFigures.toOrganization": _ORGANIZATION.by("toOrganization"),
    "Bulletin.incident": _INCIDENT.by("incidentId"),
    "Bulletin.jurisdiction": _JURISDICTION.by("jurisdiction"),
    "Bulletin.organization": _ORGANIZATION.by("organizationId"),
    "Bulletin.rumour": Join(GUARANTEE, "rumours", "rumourId", key_answers="id"),
    "Bulletin.corrects": Join(GUARANTEE, "bulletins", "corrects", key_answers="id"),
    "Bulletin.correctedBy": Join(GUARANTEE, "bulletins", "correctedBy", key_answers="id"),
    "Rumour.incident": _INCIDENT.by("incidentId"),
    "Rumour.jurisdiction": _JURISDICTION.by("jurisdiction"),
    "SituationReport.incident": _INCIDENT.by("incidentId"),
    "SituationReport.jurisdiction": _JURISDICTION.by("jurisdiction"),
    "SituationReport.exercise": _EXERCISE,
    "SituationReport.organization": _ORGANIZATION.by("organizationId"),
    "SituationReport.recipient": _ORGANIZATION.by("recipientId"),
    "SituationReport.skipped": _ORGANIZATION.by("skippedId"),
    "Receipt.organization": _ORGANIZATION.by("organizationId"),
    "Task.jurisdiction": _JURISDICTION.by("jurisdiction"),
    "Task.organization": _ORGANIZATION.by("organizationId"),
    "Task.activation": _ACTIVATION.by("activationId"),
    "Task.incident": _INCIDENT.by("incidentId"),
    "Obligation.owedBy": _ORGANIZATION.by("owedBy"),
    "Obligation.owedTo": _ORGANIZATION.by("owedTo"),
    "Obligation.incident": _INCIDENT.by("incidentId"),
    "Obligation.activation": _ACTIVATION.by("activationId"),
    "Obligation.jurisdiction": _JURISDICTION.by("jurisdiction"),
    "Notice.organization": _ORGANIZATION.by("organizationId"),
    "Signal.jurisdiction": _JURISDICTION.by("jurisdiction"),
    "Signal.response": Join(ORG, "signal-responses"),
    "Signal.activations": Join(PLANS, "activationsBySignal", is_list=True),
    "SignalResponse.activation": _ACTIVATION.by("activationId"),
    "SignalResponse.owedBy": _ORGANIZATION.by("owedBy"),
    "Warning.jurisdiction": _JURISDICTION.by("jurisdiction"),
    "Warning.organization": _ORGANIZATION.by("organizationId"),
    "Warning.signal": Join(GUARANTEE, "signals", "signalId", key_answers="id"),
    "Requirement.jurisdiction": _JURISDICTION.by("jurisdiction"),
    "Requirement.activation": _ACTIVATION.by("activationId"),
    "PossibleDuplicate.candidates": _INCIDENT.by("candidates"),
    "Requirement.incident": _INCIDENT.by("incidentId"),
    "Resource.owner": _ORGANIZATION.by("owner"),
    "Resource.jurisdiction": _JURISDICTION.by("jurisdiction"),
    "Dispatch.resource": Join(GUARANTEE, "resources", "resourceId", key_answers="id"),
    "Dispatch.requirement": Join(GUARANTEE, "requirements", "requirementId", key_answers="id"),
    "Dispatch.owner": _ORGANIZATION.by("ownerOrganizationId"),
    "Dispatch.activation": _ACTIVATION.by("activationId"),
    "Dispatch.incident": _INCIDENT.by("incidentId"),
    "Dispatch.jurisdiction": _JURISDICTION.by("jurisdiction"),
    "Detection.jurisdiction": _JURISDICTION.by("jurisdiction"),
    "Activation.jurisdiction": _JURISDICTION.by("jurisdiction"),
    "Activation.organization": _ORGANIZATION.by("organizationId"),
    "Activation.incident": _INCIDENT.by("incidentId"),
    "Activation.overrides": Join(PLANS, "overridesByActivation", is_list=True),
    "Activation.overrideFigures": Join(PLANS, "overrideFiguresByActivation"),
    "Incident.overrideFigures": Join(PLANS, "overrideFiguresByIncident"),
    "LegalAnswer.holders": _ORGANIZATION.by("holders"),
    "Order.override": _OVERRIDE.by("overrideId"),
    "Override.activation": _ACTIVATION.by("activationId"),
    "Override.incident": _INCIDENT.by("incidentId"),
    "Override.jurisdiction": _JURISDICTION.by("jurisdiction"),
    "Override.organization": _ORGANIZATION.by("organizationId"),
    "Override.authorities": _ORGANIZATION.by("authorities"),
    "Activation.draftOrder": Join(ORG, "drafts-by-activation"),
    "Activation.decisions": Join(PLANS, "evaluationsByActivation", is_list=True),
    "Activation.setOff": Join(PLANS, "activationsByActivation", is_list=True),
    "Call.organization": Join(ORG, "accountable", "holder"),
    "Lead.incident": _INCIDENT.by("incidentId"),
    "Activation.orders": Join(ORG, "orders-by-activation", is_list=True),
    "Activation.tasks": Join(ORG, "tasks-by-activation", is_list=True),
    "Activation.requirements": Join(GUARANTEE, "requirements-by-activation", is_list=True),
    "Activation.dispatches": Join(GUARANTEE, "dispatches-by-activation", is_list=True),
    "PlanVersion.jurisdiction": _JURISDICTION.by("jurisdiction"),
    "PlanVersion.organization": _ORGANIZATION.by("organizationId"),
    "PlanVersion.superiors": Join(PLANS, "planSuperiors", is_list=True),
    "PlanVersion.subordinates": Join(PLANS, "planSubordinates", is_list=True),
    "PlanVersion.conformity": Join(PLANS, "planConformity", is_list=True),
    "PlanVersion.quality": Join(PLANS, "planQuality"),
    "PlanVersion.trend": Join(PLANS, "planQualityTrend", "planId", is_list=True),
    "Conformity.superior": _PLAN_VERSION.by("superiorVersionId"),
    "QualityPoint.jurisdiction": _JURISDICTION.by("jurisdiction"),
    "PlanVersion.viewerPermissions": _permissions(PLANS, "plan"),
    "PlanVersion.supersededBy": _PLAN_VERSION.by("supersededBy"),
    "PlanVersion.consultations": Join(PLANS, "consultationsByVersion", is_list=True),
    "PlanVersion.cycles": Join(PLANS, "cyclesByPlan", "planId", is_list=True),
    "PlanDrill.organization": _ORGANIZATION.by("organizationId"),
    "PlanReview.organization": _ORGANIZATION.by("organizationId"),
    "PlanCycle.plan": _PLAN_VERSION.by("versionId"),
    "PlanCycle.jurisdiction": _JURISDICTION.by("jurisdiction"),
    "PlanCycle.organization": _ORGANIZATION.by("organizationId"),
    "Consultation.plan": _PLAN_VERSION.by("versionId"),
    "Consultation.jurisdiction": _JURISDICTION.by("jurisdiction"),
    "Consulted.organization": _ORGANIZATION.by("organizationId"),
    "PlanComment.organization": _ORGANIZATION.by("organizationId"),
    "Exercise.planVersion": Join(PLANS, "planVersions", "versionId", key_answers="id"),
    "Exercise.jurisdiction": _JURISDICTION.by("jurisdiction"),
    "Exercise.organization": _ORGANIZATION.by("organizationId"),
    "Exercise.participants": _ORGANIZATION.by("participants"),
    "Exercise.injects": Join(PLANS, "injectsByExercise", is_list=True),
    "Exercise.score": Join(PLANS, "scoresByExercise"),
    "Exercise.viewerPermissions": _permissions(PLANS, "exercise"),
    "StepScore.organization": _ORGANIZATION.by("organizationId"),
    "HandOffScore.owedBy": _ORGANIZATION.by("owedBy"),
    "HandOffScore.owedTo": _ORGANIZATION.by("owedTo"),
    "StepRecord.organization": _ORGANIZATION.by("organizationId"),
    "StepRecord.exercise": _EXERCISE,
    "RevisionProposal.jurisdiction": _JURISDICTION.by("jurisdiction"),
    "RevisionProposal.draft": Join(PLANS, "planVersions", "draftVersionId", key_answers="id"),
    "RevisionProposal.revision": Join(PLANS, "revisions"),
    "RevisionProposal.viewerPermissions": _permissions(PLANS, "revision_proposal"),
    "Activation.exercise": _EXERCISE,
    "Incident.exercise": _EXERCISE,
    "Task.exercise": _EXERCISE,
    "Obligation.exercise": _EXERCISE,
    "Order.exercise": _EXERCISE,
    "Signal.exercise": _EXERCISE,
    "Warning.exercise": _EXERCISE,
    "Requirement.exercise": _EXERCISE,
    "Dispatch.exercise": _EXERCISE,
    "Jurisdiction.viewerPermissions": _permissions(ORG, "jurisdiction").by("code"),
    "Organization.viewerPermissions": _permissions(ORG, "organization"),
    "LogEntry.viewerPermissions": _permissions(ORG, "log_entry"),
    "Incident.viewerPermissions": _permissions(ORG, "incident"),
    "Order.viewerPermissions": _permissions(ORG, "order"),
    "CoordinationRequest.viewerPermissions": _permissions(ORG, "coordination_request"),
    "SituationReport.viewerPermissions": _permissions(ORG, "situation_report"),
    "Task.viewerPermissions": _permissions(ORG, "task"),
    "Obligation.viewerPermissions": _permissions(ORG, "obligation"),
    "SignalResponse.viewerPermissions": _permissions(ORG, "signal"),
    "Activation.viewerPermissions": _permissions(PLANS, "activation"),
    "Override.viewerPermissions": _permissions(PLANS, "override"),
    "Consultation.viewerPermissions": _permissions(PLANS, "consultation"),
    "Bulletin.viewerPermissions": _permissions(GUARANTEE, "bulletin"),
    "Rumour.viewerPermissions": _permissions(GUARANTEE, "rumour"),
    "Warning.viewerPermissions": _permissions(GUARANTEE, "warning"),
    "Dispatch.viewerPermissions": _permissions(GUARANTEE, "dispatch"),
    "Requirement.viewerPermissions": _permissions(GUARANTEE, "requirement"),
    "Resource.viewerPermissions": _permissions(GUARANTEE, "resource"),
}


# The roots that are looked up by key.
ROOTS: Mapping[str, Join] = {
    "Jurisdiction": replace(_JURISDICTION, key="code"),
    "IncidentByNumber": Join(ORG, "incidents-by-number", "number"),
    "Organization": _ORGANIZATION.by("id"),
    "Incident": _INCIDENT.by("id"),
    "Order": Join(ORG, "orders"),
    "Task": Join(ORG, "tasks"),
    "CoordinationRequest": Join(ORG, "coordination-requests"),
    "SituationReport": Join(ORG, "situation-reports"),
    "Obligation": Join(ORG, "obligations"),
    "Activation": _ACTIVATION.by("id"),
    "Override": _OVERRIDE.by("id"),
    "PlanVersion": _PLAN_VERSION.by("id"),
    "Exercise": replace(_EXERCISE, key="id", key_answers=None),
    "RevisionProposal": Join(PLANS, "revisionProposals"),
    "Signal": Join(GUARANTEE, "signals"),
    "Warning": Join(GUARANTEE, "warnings"),
    "Bulletin": Join(GUARANTEE, "bulletins"),
    "Rumour": Join(GUARANTEE, "rumours"),
    "Requirement": Join(GUARANTEE, "requirements"),
    "Dispatch": Join(GUARANTEE, "dispatches"),
    "Resource": Join(GUARANTEE, "resources"),
}

# What an id begins with → the type it is the id of; a jurisdiction's is its code.
PREFIXES: Mapping[str, str] = {
    "org": "Organization",
    "inc": "Incident",
    "ord": "Order",
    "tsk": "Task",
    "obl": "Obligation",
    "sit": "SituationReport",
    "crq": "CoordinationRequest",
    "act": "Activation",
    "ovr": "Override",
    "exe": "Exercise",
    "rvp": "RevisionProposal",
    "sig": "Signal",
    "war": "Warning",
    "bul": "Bulletin",
    "rum": "Rumour",
    "req": "Requirement",
    "dsp": "Dispatch",
    "res": "Resource",
}


@dataclass(frozen=True, slots=True)
class Listing:
    """A root list: a GET of `service` in pages."""

    service: Service
    path: str


LISTINGS: Mapping[str, Listing] = {
    "desk": Listing(ORG, "/v1/desk"),
    "incidents": Listing(ORG, "/v1/incidents"),
    "obligations": Listing(ORG, "/v1/obligations"),
    "orders": Listing(ORG, "/v1/orders"),
    "coordinationRequests": Listing(ORG, "/v1/coordination-requests"),
    "coordinationFigures": Listing(ORG, "/v1/coordination-figures"),
    "situationReports": Listing(ORG, "/v1/situation-reports"),
    "tasks": Listing(ORG, "/v1/tasks"),
    "logEntries": Listing(ORG, "/v1/log-entries"),
    "posts": Listing(ORG, "/v1/posts"),
    "activations": Listing(PLANS, "/v1/activations"),
    "planTree": Listing(PLANS, "/v1/plan-hierarchy"),
    "worstPlans": Listing(PLANS, "/v1/plan-quality"),
    "overrides": Listing(PLANS, "/v1/overrides"),
    "plans": Listing(PLANS, "/v1/plans"),
    "duePlans": Listing(PLANS, "/v1/due-plans"),
    "consultations": Listing(PLANS, "/v1/consultations"),
    "exercises": Listing(PLANS, "/v1/exercises"),
    "stepRecords": Listing(PLANS, "/v1/step-records"),
    "revisionProposals": Listing(PLANS, "/v1/revision-proposals"),
    "signals": Listing(GUARANTEE, "/v1/signals"),
    "bulletins": Listing(GUARANTEE, "/v1/bulletins"),
    "rumours": Listing(GUARANTEE, "/v1/rumours"),
    "warnings": Listing(GUARANTEE, "/v1/warnings"),
    "dispatches": Listing(GUARANTEE, "/v1/dispatches"),
    "resources": Listing(GUARANTEE, "/v1/resources"),
    "detections": Listing(ANALYTICS, "/v1/detections"),
    "events": Listing(ANALYTICS, "/v1/events"),
    "links": Listing(ANALYTICS, "/v1/links"),
}
EXPLAIN = Listing(PLANS, "/v1/explain")
