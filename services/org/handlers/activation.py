"""What is heard of activations."""

from chassis.messages import Incoming, Subscription
from chassis.unit_of_work import UnitOfWork
from contracts.plans import v1 as plans
from services.org import commands, domain
from vocabulary import Duty, DutyKind

_IN_FORCE = "IN_FORCE"  # an answer to a measure of the level in force, not of a proposal


async def on_activation_proposed(
    uow: UnitOfWork, event: Incoming[plans.ActivationProposed]
) -> None:
    """A signature is owed, and the order waits as a draft."""
    await commands.propose_activation(uow, _heard(event.body.activation), event.time)


async def on_activation_started(uow: UnitOfWork, event: Incoming[plans.ActivationStarted]) -> None:
    """Tasks, orders and answers follow."""
    respond = domain.AnswerKind.RESPOND
    await commands.start_activation(uow, _heard(event.body.activation), event.time, respond)


async def on_activation_raised(uow: UnitOfWork, event: Incoming[plans.ActivationRaised]) -> None:
    """What the higher level adds follows."""
    respond = domain.AnswerKind.RESPOND
    await commands.start_activation(uow, _heard(event.body.activation), event.time, respond)


async def on_activation_maintained(
    uow: UnitOfWork, event: Incoming[plans.ActivationMaintained]
) -> None:
    """What is in force stands: that is an answer."""
    await commands.maintain_activation(uow, _heard(event.body.activation), event.time)


async def on_activation_declined(
    uow: UnitOfWork, event: Incoming[plans.ActivationDeclined]
) -> None:
    """A person said no: that is an answer."""
    await commands.decline_activation(uow, _heard(event.body.activation), event.time)


async def on_activation_lowered(uow: UnitOfWork, event: Incoming[plans.ActivationLowered]) -> None:
    """What the lower level does not have is taken back."""
    await commands.lower_activation(uow, _heard(event.body.activation), event.time)


async def on_activation_ended(uow: UnitOfWork, event: Incoming[plans.ActivationEnded]) -> None:
    """Nothing of it is owed any more."""
    await commands.end_activation(uow, _heard(event.body.activation), event.time)


async def on_activation_reanswered(
    uow: UnitOfWork, event: Incoming[plans.ActivationReanswered]
) -> None:
    """What is allowed is not what it was: in the draft, and on orders that bind."""
    answers = {one.code: _legal(one.after) for one in event.body.answers if one.of == _IN_FORCE}
    await commands.reanswer_activation(uow, _heard(event.body.activation), answers, event.time)


def _heard(said: plans.Activation) -> domain.Activation:
    return domain.Activation(
        id=said.id,
        plan_id=said.plan_id,
        plan_version=said.plan_version,
        plan_title_zh=said.plan_title_zh or said.plan_id,
        plan_title_en=said.plan_title_en or said.plan_id,
        emergency_type=said.emergency_type,
        jurisdiction=said.jurisdiction,
        mode=said.mode,
        exercise_id=said.exercise_id,
        state=said.state,
        level=said.level,
        proposed_level=said.proposed_level,
        cause_kind=said.cause.kind,
        cause_id=said.cause.id,
        incident_id=said.incident_id,
        measures=tuple(measure(one) for one in said.measures),
        steps=tuple(_step(one) for one in said.steps),
        sign_before=said.sign_before,
        proposed_at=said.proposed_at,
        decided_by=said.decided_by,
        reason=said.reason,
        organization_id=said.organization_id,
    )


def measure(said: plans.Measure) -> domain.Measure:
    """The measure as this service knows it."""
    return domain.Measure(
        code=said.code,
        text_zh=said.text_zh,
        text_en=said.text_en,
        addressee_functions=said.addressee_functions,
        automatic=bool(said.automatic),
        duration_minutes=said.duration_minutes,
        legal=_legal(said.legal),
    )


def _legal(said: plans.LegalAnswer | None) -> domain.Legal:
    """No answer is unknown, which is neither leave nor refusal."""
    if said is None:
        return domain.Legal()
    return domain.Legal(
        verdict=domain.Verdict(said.answer),
        provisions=said.provisions,
        missing=said.missing,
        who_may_grant=said.who_may_grant,
        duties=tuple(
            Duty(DutyKind(one.kind), one.text_zh, one.text_en, one.within_minutes)
            for one in said.duties
        ),
        longest_minutes=said.longest_minutes,
    )


def _step(said: plans.Step) -> domain.Step:
    return domain.Step(
        id=said.id,
        title_zh=said.title_zh,
        title_en=said.title_en,
        function=said.function,
        time_limit_minutes=said.time_limit_minutes,
        after=said.after,
    )


SUBSCRIPTIONS = (
    Subscription(
        service="plans",
        aggregate="activation",
        on={
            "proposed.v1": (plans.ActivationProposed, on_activation_proposed),
            "started.v1": (plans.ActivationStarted, on_activation_started),
            "raised.v1": (plans.ActivationRaised, on_activation_raised),
            "maintained.v1": (plans.ActivationMaintained, on_activation_maintained),
            "declined.v1": (plans.ActivationDeclined, on_activation_declined),
            "lowered.v1": (plans.ActivationLowered, on_activation_lowered),
            "ended.v1": (plans.ActivationEnded, on_activation_ended),
            "reanswered.v1": (plans.ActivationReanswered, on_activation_reanswered),
        },
    ),
)
