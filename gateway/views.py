"""What each type of the graph shows, as data: which service answers for it, by which component."""

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.errors import Service

ORG, PLANS, GUARANTEE, ANALYTICS = Service


@dataclass(frozen=True, slots=True)
class View:
    """What a service answers for a type: the component of its OpenAPI that the type shows."""

    service: Service
    component: str


# What each type shows: the views of the services' OpenAPI documents.
VIEWS: Mapping[str, View] = {
    "Jurisdiction": View(ORG, "JurisdictionView"),
    "Organization": View(ORG, "OrganizationView"),
    "Incident": View(ORG, "IncidentView"),
    "ReportedFigure": View(ORG, "FigureView"),
    "Contradiction": View(ORG, "ValueView"),
    "Attention": View(ORG, "AttentionView"),
    "Command": View(ORG, "CommandView"),
    "CommandSection": View(ORG, "SectionView"),
    "Order": View(ORG, "OrderView"),
    "OrderMeasure": View(ORG, "OrderMeasureView"),
    "Receipt": View(ORG, "ReceiptView"),
    "Task": View(ORG, "TaskView"),
    "Obligation": View(ORG, "ObligationView"),
    "Notice": View(ORG, "NoticeView"),
    "LogEntry": View(ORG, "LogEntryView"),
    "SignalResponse": View(ORG, "SignalResponseView"),
    "Permission": View(ORG, "PermissionView"),
    "Activation": View(PLANS, "ActivationView"),
    "ResponseLevelInForce": View(PLANS, "ResponseLevelView"),
    "Content": View(PLANS, "ContentView"),
    "Measure": View(PLANS, "MeasureView"),
    "LegalAnswer": View(PLANS, "LegalView"),
    "Duty": View(PLANS, "DutyView"),
    "Override": View(PLANS, "OverrideView"),
    "OverrideFigures": View(PLANS, "OverrideFiguresView"),
    "Step": View(PLANS, "StepView"),
    "PlannedNeed": View(PLANS, "RequirementView"),
    "Explanation": View(PLANS, "ExplanationView"),
    "ConditionResult": View(PLANS, "ConditionView"),
    "LevelChange": View(PLANS, "LevelChangeView"),
    "Cause": View(PLANS, "CauseView"),
    "Call": View(PLANS, "CallView"),
    "Proposal": View(PLANS, "ProposalView"),
    "Lead": View(PLANS, "LeadView"),
    "Findings": View(PLANS, "FindingsView"),
    "Decision": View(PLANS, "EvaluationView"),
    "Supposed": View(PLANS, "SupposedView"),
    "Figure": View(PLANS, "FigureView"),
    "PlanVersion": View(PLANS, "PlanVersionView"),
    "PlanPlace": View(PLANS, "PlanPlaceView"),
    "Quality": View(PLANS, "QualityView"),
    "QualityFinding": View(PLANS, "FindingView"),
    "Evidence": View(PLANS, "EvidenceView"),
    "ExampleFact": View(PLANS, "ExampleView"),
    "CriterionResult": View(PLANS, "CriterionView"),
    "QualityPoint": View(PLANS, "QualityPointView"),
    "Conformity": View(PLANS, "ConformityView"),
    "Likeness": View(PLANS, "LikenessView"),
    "Exercise": View(PLANS, "ExerciseView"),
    "Objective": View(PLANS, "ObjectiveView"),
    "Wording": View(PLANS, "TextView"),
    "Provenance": View(PLANS, "ProvenanceView"),
    "Inject": View(PLANS, "InjectView"),
    "ScriptedFigure": View(PLANS, "StatedView"),
    "ScriptedSignal": View(PLANS, "SignalPartView"),
    "ScriptedIncident": View(PLANS, "IncidentPartView"),
    "ScriptedFigures": View(PLANS, "FiguresPartView"),
    "ScriptedReport": View(PLANS, "ReportPartView"),
    "ScriptedIndicator": View(PLANS, "IndicatorPartView"),
    "ExerciseScore": View(PLANS, "ScoreView"),
    "StepScore": View(PLANS, "StepScoreView"),
    "MeasureScore": View(PLANS, "MeasureScoreView"),
    "HandOffScore": View(PLANS, "HandOffScoreView"),
    "OutcomeCount": View(PLANS, "OutcomeCountView"),
    "StepRecord": View(PLANS, "StepRecordView"),
    "RevisionProposal": View(PLANS, "RevisionProposalView"),
    "Revision": View(PLANS, "RevisionView"),
    "CaseEvidence": View(PLANS, "CaseEvidenceView"),
    "Rate": View(PLANS, "RateView"),
    "Correction": View(PLANS, "CorrectionView"),
    "Signal": View(GUARANTEE, "SignalView"),
    "Warning": View(GUARANTEE, "WarningView"),
    "Requirement": View(GUARANTEE, "RequirementView"),
    "Resource": View(GUARANTEE, "ResourceView"),
    "DispatchStep": View(GUARANTEE, "StepView"),
    "Dispatch": View(GUARANTEE, "DispatchView"),
    "Situation": View(ANALYTICS, "SituationView"),
    "Reading": View(ANALYTICS, "ReadingView"),
    "Link": View(ANALYTICS, "LinkView"),
    "LoggedEvent": View(ANALYTICS, "EventView"),
    "Detection": View(ANALYTICS, "DetectionView"),
}
