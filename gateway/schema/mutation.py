"""The roots of changing: each is one command of one service."""

import strawberry

from gateway import reading
from gateway.context import Info
from gateway.fields import FieldOf
from gateway.schema.inputs import (
    coordination,
    disclosure,
    exercise,
    guarantee,
    org,
    override,
    plan_life,
    plans,
)
from gateway.schema.payload import (
    ActivationPayload,
    BulletinPayload,
    ConsultationPayload,
    CoordinationRequestPayload,
    DispatchPayload,
    ExercisePayload,
    IncidentPayload,
    LogEntryPayload,
    ObligationPayload,
    OrderPayload,
    OverridePayload,
    PlanPayload,
    RevisionProposalPayload,
    RumourPayload,
    SignalResponsePayload,
    SituationReportPayload,
    TaskPayload,
    WarningPayload,
)
from gateway.upstream import Json


def _sent(input_type: type) -> FieldOf:
    """The command that COMMANDS declares under the field's name, with what the input says."""

    async def resolve(info: Info, input: Json) -> Json:
        return await reading.command(info.field_name, info, input)

    resolve.__annotations__["input"] = input_type
    return strawberry.mutation(resolver=resolve, description=input_type.__doc__)


@strawberry.type(
    description="A payload with `errors` means that nothing has changed. A null payload has an "
    "error beside it: it is not known what happened, send it again with the same idempotencyKey."
)
class Mutation:
    """What can be done."""

    declare_incident: IncidentPayload | None = _sent(org.DeclareIncidentInput)
    record_facts: IncidentPayload | None = _sent(org.RecordFactsInput)
    confirm_figure: IncidentPayload | None = _sent(org.ConfirmFigureInput)
    change_incident_status: IncidentPayload | None = _sent(org.ChangeIncidentStatusInput)
    merge_incident: IncidentPayload | None = _sent(org.MergeIncidentInput)
    unmerge_incident: IncidentPayload | None = _sent(org.UnmergeIncidentInput)
    close_incident: IncidentPayload | None = _sent(org.CloseIncidentInput)
    answer_signal: SignalResponsePayload | None = _sent(org.AnswerSignalInput)
    confirm_obligation: ObligationPayload | None = _sent(org.ConfirmObligationInput)
    report_obligation: ObligationPayload | None = _sent(org.ReportObligationInput)
    waive_obligation: ObligationPayload | None = _sent(org.WaiveObligationInput)
    issue_order: OrderPayload | None = _sent(org.IssueOrderInput)
    receipt_order: OrderPayload | None = _sent(org.ReceiptOrderInput)
    lift_order: OrderPayload | None = _sent(org.LiftOrderInput)
    revise_situation_report: SituationReportPayload | None = _sent(org.ReviseSituationReportInput)
    phone_situation_report: SituationReportPayload | None = _sent(org.PhoneSituationReportInput)
    sign_situation_report: SituationReportPayload | None = _sent(org.SignSituationReportInput)
    send_situation_report: SituationReportPayload | None = _sent(org.SendSituationReportInput)
    receipt_situation_report: SituationReportPayload | None = _sent(org.ReceiptSituationReportInput)
    request_coordination: CoordinationRequestPayload | None = _sent(
        coordination.RequestCoordinationInput
    )
    acknowledge_request: CoordinationRequestPayload | None = _sent(
        coordination.AcknowledgeRequestInput
    )
    accept_request: CoordinationRequestPayload | None = _sent(coordination.AcceptRequestInput)
    decline_request: CoordinationRequestPayload | None = _sent(coordination.DeclineRequestInput)
    complete_request: CoordinationRequestPayload | None = _sent(coordination.CompleteRequestInput)
    withdraw_request: CoordinationRequestPayload | None = _sent(coordination.WithdrawRequestInput)
    direct_request: CoordinationRequestPayload | None = _sent(coordination.DirectRequestInput)
    acknowledge_task: TaskPayload | None = _sent(org.AcknowledgeTaskInput)
    complete_task: TaskPayload | None = _sent(org.CompleteTaskInput)
    decline_task: TaskPayload | None = _sent(org.DeclineTaskInput)
    add_log_entry: LogEntryPayload | None = _sent(org.AddLogEntryInput)
    strike_log_entry: LogEntryPayload | None = _sent(org.StrikeLogEntryInput)
    start_activation: ActivationPayload | None = _sent(plans.StartActivationInput)
    sign_activation: ActivationPayload | None = _sent(plans.SignActivationInput)
    decline_activation: ActivationPayload | None = _sent(plans.DeclineActivationInput)
    raise_activation: ActivationPayload | None = _sent(plans.RaiseActivationInput)
    lower_activation: ActivationPayload | None = _sent(plans.LowerActivationInput)
    end_activation: ActivationPayload | None = _sent(plans.EndActivationInput)
    ask_override: OverridePayload | None = _sent(override.AskOverrideInput)
    override_measure: OverridePayload | None = _sent(override.OverrideMeasureInput)
    decline_override: OverridePayload | None = _sent(override.DeclineOverrideInput)
    end_override: OverridePayload | None = _sent(override.EndOverrideInput)
    submit_plan: PlanPayload | None = _sent(plan_life.SubmitPlanInput)
    return_plan: PlanPayload | None = _sent(plan_life.ReturnPlanInput)
    approve_plan: PlanPayload | None = _sent(plan_life.ApprovePlanInput)
    publish_plan: PlanPayload | None = _sent(plan_life.PublishPlanInput)
    file_plan: PlanPayload | None = _sent(plan_life.FilePlanInput)
    trigger_revision: PlanPayload | None = _sent(plan_life.TriggerRevisionInput)
    begin_revision: PlanPayload | None = _sent(plan_life.BeginRevisionInput)
    end_revision: PlanPayload | None = _sent(plan_life.EndRevisionInput)
    retire_plan: PlanPayload | None = _sent(plan_life.RetirePlanInput)
    record_drill: PlanPayload | None = _sent(plan_life.RecordDrillInput)
    record_review: PlanPayload | None = _sent(plan_life.RecordReviewInput)
    derive_plan: PlanPayload | None = _sent(plan_life.DerivePlanInput)
    comment_on_plan: ConsultationPayload | None = _sent(plan_life.CommentOnPlanInput)
    resolve_comment: ConsultationPayload | None = _sent(plan_life.ResolveCommentInput)
    answer_consultation: ConsultationPayload | None = _sent(plan_life.AnswerConsultationInput)
    plan_exercise: ExercisePayload | None = _sent(exercise.PlanExerciseInput)
    start_exercise: ExercisePayload | None = _sent(exercise.StartExerciseInput)
    complete_exercise: ExercisePayload | None = _sent(exercise.CompleteExerciseInput)
    cancel_exercise: ExercisePayload | None = _sent(exercise.CancelExerciseInput)
    enter_result: ExercisePayload | None = _sent(exercise.EnterResultInput)
    accept_revision: RevisionProposalPayload | None = _sent(exercise.AcceptRevisionInput)
    reject_revision: RevisionProposalPayload | None = _sent(exercise.RejectRevisionInput)
    draft_bulletin: BulletinPayload | None = _sent(disclosure.DraftBulletinInput)
    publish_bulletin: BulletinPayload | None = _sent(disclosure.PublishBulletinInput)
    reject_bulletin: BulletinPayload | None = _sent(disclosure.RejectBulletinInput)
    correct_bulletin: BulletinPayload | None = _sent(disclosure.CorrectBulletinInput)
    withdraw_bulletin: BulletinPayload | None = _sent(disclosure.WithdrawBulletinInput)
    note_rumour: RumourPayload | None = _sent(disclosure.NoteRumourInput)
    decide_rumour: RumourPayload | None = _sent(disclosure.DecideRumourInput)
    draft_warning: WarningPayload | None = _sent(guarantee.DraftWarningInput)
    approve_warning: WarningPayload | None = _sent(guarantee.ApproveWarningInput)
    reject_warning: WarningPayload | None = _sent(guarantee.RejectWarningInput)
    cancel_warning: WarningPayload | None = _sent(guarantee.CancelWarningInput)
    acknowledge_dispatch: DispatchPayload | None = _sent(guarantee.AcknowledgeDispatchInput)
    report_en_route: DispatchPayload | None = _sent(guarantee.ReportEnRouteInput)
    report_on_scene: DispatchPayload | None = _sent(guarantee.ReportOnSceneInput)
    report_unable: DispatchPayload | None = _sent(guarantee.ReportUnableInput)
    release_dispatch: DispatchPayload | None = _sent(guarantee.ReleaseDispatchInput)
    return_dispatch: DispatchPayload | None = _sent(guarantee.ReturnDispatchInput)
