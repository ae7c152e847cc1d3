"""The roots of changing: each is one command of one service."""

import strawberry

from gateway import reading
from gateway.context import Info
from gateway.fields import FieldOf
from gateway.schema import inputs
from gateway.schema.payload import ActivationPayload, WarningPayload
from gateway.upstream import Json


def _sent(input_type: type) -> FieldOf:
    """The command that COMMANDS declares under the field's name, with what the input says."""

    async def resolve(info: Info, input: Json) -> Json:
        return await reading.command(info.field_name, info, input)

    resolve.__annotations__["input"] = input_type
    return strawberry.mutation(resolver=resolve, description=input_type.__doc__)


@strawberry.type
class Mutation:
    """What can be done. null with an error beside it: repeat with the same idempotencyKey."""

    sign_activation: ActivationPayload | None = _sent(inputs.SignActivationInput)
    decline_activation: ActivationPayload | None = _sent(inputs.DeclineActivationInput)
    raise_activation: ActivationPayload | None = _sent(inputs.RaiseActivationInput)
    lower_activation: ActivationPayload | None = _sent(inputs.LowerActivationInput)
    end_activation: ActivationPayload | None = _sent(inputs.EndActivationInput)
    draft_warning: WarningPayload | None = _sent(inputs.DraftWarningInput)
    approve_warning: WarningPayload | None = _sent(inputs.ApproveWarningInput)
    reject_warning: WarningPayload | None = _sent(inputs.RejectWarningInput)
    cancel_warning: WarningPayload | None = _sent(inputs.CancelWarningInput)
