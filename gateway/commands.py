"""Every mutation, as data: which service it is sent to, where, and what shows its outcome."""

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.errors import Service

ORG, PLANS, GUARANTEE, _ = Service


@dataclass(frozen=True, slots=True)
class Command:
    """A mutation: where it is sent, and the member of its payload that shows the outcome.

    Names in braces are members of the input that go into the path, not into the body.
    """

    service: Service
    path: str
    outcome: str


_VERSION = "/v1/plans/{planId}/versions/{planVersion}"

COMMANDS: Mapping[str, Command] = {
    "startActivation": Command(PLANS, "/v1/activations", "activation"),
    "signActivation": Command(PLANS, "/v1/activations/{activation}/sign", "activation"),
    "declineActivation": Command(PLANS, "/v1/activations/{activation}/decline", "activation"),
    "raiseActivation": Command(PLANS, "/v1/activations/{activation}/raise", "activation"),
    "lowerActivation": Command(PLANS, "/v1/activations/{activation}/lower", "activation"),
    "endActivation": Command(PLANS, "/v1/activations/{activation}/end", "activation"),
    "askOverride": Command(PLANS, "/v1/activations/{activation}/overrides", "override"),
    "overrideMeasure": Command(PLANS, "/v1/overrides/{override}/grant", "override"),
    "declineOverride": Command(PLANS, "/v1/overrides/{override}/decline", "override"),
    "endOverride": Command(PLANS, "/v1/overrides/{override}/end", "override"),
    "submitPlan": Command(PLANS, f"{_VERSION}/submit", "plan"),
    "returnPlan": Command(PLANS, f"{_VERSION}/return", "plan"),
    "approvePlan": Command(PLANS, f"{_VERSION}/approve", "plan"),
    "publishPlan": Command(PLANS, f"{_VERSION}/publish", "plan"),
    "filePlan": Command(PLANS, f"{_VERSION}/file", "plan"),
    "triggerRevision": Command(PLANS, f"{_VERSION}/triggers", "plan"),
    "beginRevision": Command(PLANS, f"{_VERSION}/begin-revision", "plan"),
    "endRevision": Command(PLANS, f"{_VERSION}/end-revision", "plan"),
    "retirePlan": Command(PLANS, f"{_VERSION}/retire", "plan"),
    "recordDrill": Command(PLANS, f"{_VERSION}/drills", "plan"),
    "recordReview": Command(PLANS, f"{_VERSION}/reviews", "plan"),
    "derivePlan": Command(PLANS, f"{_VERSION}/derive", "plan"),
    "commentOnPlan": Command(PLANS, "/v1/consultations/{consultation}/comments", "consultation"),
    "resolveComment": Command(
        PLANS, "/v1/consultations/{consultation}/comments/{comment}/resolve", "consultation"
    ),
    "answerConsultation": Command(PLANS, "/v1/consultations/{consultation}/answer", "consultation"),
    "planExercise": Command(PLANS, "/v1/exercises/from-text", "exercise"),
    "startExercise": Command(PLANS, "/v1/exercises/{exercise}/start", "exercise"),
    "completeExercise": Command(PLANS, "/v1/exercises/{exercise}/complete", "exercise"),
    "cancelExercise": Command(PLANS, "/v1/exercises/{exercise}/cancel", "exercise"),
    "enterResult": Command(PLANS, "/v1/exercises/{exercise}/results", "exercise"),
    "acceptRevision": Command(PLANS, "/v1/revision-proposals/{proposal}/accept", "proposal"),
    "rejectRevision": Command(PLANS, "/v1/revision-proposals/{proposal}/reject", "proposal"),
    "draftBulletin": Command(GUARANTEE, "/v1/bulletins", "bulletin"),
    "publishBulletin": Command(GUARANTEE, "/v1/bulletins/{bulletin}/publish", "bulletin"),
    "rejectBulletin": Command(GUARANTEE, "/v1/bulletins/{bulletin}/reject", "bulletin"),
    "correctBulletin": Command(GUARANTEE, "/v1/bulletins/{bulletin}/correct", "bulletin"),
    "withdrawBulletin": Command(GUARANTEE, "/v1/bulletins/{bulletin}/withdraw", "bulletin"),
    "noteRumour": Command(GUARANTEE, "/v1/rumours", "rumour"),
    "decideRumour": Command(GUARANTEE, "/v1/rumours/{rumour}/decide", "rumour"),
    "draftWarning": Command(GUARANTEE, "/v1/warnings", "warning"),
    "approveWarning": Command(GUARANTEE, "/v1/warnings/{warning}/approve", "warning"),
    "rejectWarning": Command(GUARANTEE, "/v1/warnings/{warning}/reject", "warning"),
    "cancelWarning": Command(GUARANTEE, "/v1/warnings/{warning}/cancel", "warning"),
    "declareIncident": Command(ORG, "/v1/incidents", "incident"),
    "recordFacts": Command(ORG, "/v1/incidents/{incident}/facts", "incident"),
    "confirmFigure": Command(ORG, "/v1/incidents/{incident}/figures/{figure}/confirm", "incident"),
    "changeIncidentStatus": Command(ORG, "/v1/incidents/{incident}/status", "incident"),
    "mergeIncident": Command(ORG, "/v1/incidents/{incident}/merge", "incident"),
    "unmergeIncident": Command(ORG, "/v1/incidents/{incident}/unmerge", "incident"),
    "closeIncident": Command(ORG, "/v1/incidents/{incident}/close", "incident"),
    "answerSignal": Command(ORG, "/v1/signals/{signal}/answer", "response"),
    "confirmObligation": Command(ORG, "/v1/obligations/{obligation}/confirm", "obligation"),
    "reportObligation": Command(ORG, "/v1/obligations/{obligation}/report", "obligation"),
    "waiveObligation": Command(ORG, "/v1/obligations/{obligation}/waive", "obligation"),
    "issueOrder": Command(ORG, "/v1/orders/{order}/issue", "order"),
    "receiptOrder": Command(ORG, "/v1/orders/{order}/receipts", "order"),
    "liftOrder": Command(ORG, "/v1/orders/{order}/lift", "order"),
    "reviseSituationReport": Command(ORG, "/v1/situation-reports/{report}/revise", "report"),
    "phoneSituationReport": Command(ORG, "/v1/situation-reports/{report}/phone", "report"),
    "signSituationReport": Command(ORG, "/v1/situation-reports/{report}/sign", "report"),
    "sendSituationReport": Command(ORG, "/v1/situation-reports/{report}/send", "report"),
    "receiptSituationReport": Command(ORG, "/v1/situation-reports/{report}/receipt", "report"),
    "requestCoordination": Command(ORG, "/v1/coordination-requests", "request"),
    "acknowledgeRequest": Command(
        ORG, "/v1/coordination-requests/{request}/acknowledge", "request"
    ),
    "acceptRequest": Command(ORG, "/v1/coordination-requests/{request}/accept", "request"),
    "declineRequest": Command(ORG, "/v1/coordination-requests/{request}/decline", "request"),
    "completeRequest": Command(ORG, "/v1/coordination-requests/{request}/complete", "request"),
    "withdrawRequest": Command(ORG, "/v1/coordination-requests/{request}/withdraw", "request"),
    "directRequest": Command(ORG, "/v1/coordination-requests/{request}/direct", "request"),
    "acknowledgeTask": Command(ORG, "/v1/tasks/{task}/acknowledge", "task"),
    "completeTask": Command(ORG, "/v1/tasks/{task}/complete", "task"),
    "declineTask": Command(ORG, "/v1/tasks/{task}/decline", "task"),
    "addLogEntry": Command(ORG, "/v1/log-entries", "entry"),
    "strikeLogEntry": Command(ORG, "/v1/log-entries/{entry}/strike", "entry"),
    "acknowledgeDispatch": Command(GUARANTEE, "/v1/dispatches/{dispatch}/acknowledge", "dispatch"),
    "reportEnRoute": Command(GUARANTEE, "/v1/dispatches/{dispatch}/en-route", "dispatch"),
    "reportOnScene": Command(GUARANTEE, "/v1/dispatches/{dispatch}/on-scene", "dispatch"),
    "reportUnable": Command(GUARANTEE, "/v1/dispatches/{dispatch}/unable", "dispatch"),
    "releaseDispatch": Command(GUARANTEE, "/v1/dispatches/{dispatch}/release", "dispatch"),
    "returnDispatch": Command(GUARANTEE, "/v1/dispatches/{dispatch}/return", "dispatch"),
}
