"""How legal provisions are told to others: whole, on the state stream."""

from chassis.messages import Message, Published
from contracts.guarantee import v1
from contracts.vocabulary import v1 as shared
from services.guarantee.domain.provision import Provision

NATION = "000000"
PUBLISHED = (
    Published(
        aggregate="provision",
        event="state",
        body=v1.ProvisionState,
        meaning="A legal provision as it stands.",
        state=True,
    ),
)


def provision_state(provision: Provision) -> Message:
    """Tell the whole provision."""
    told = v1.Provision(
        id=provision.id,
        instrument=provision.instrument,
        article=provision.article,
        measures=provision.measures,
        held_by=provision.held_by,
        minimum_level=provision.minimum_level,
        territory=provision.territory,
        maximum_duration_minutes=provision.maximum_duration_minutes,
        valid_from=provision.valid_from,
        valid_to=provision.valid_to,
        source=provision.source,
        duties=tuple(
            shared.Duty(
                kind=one.kind,
                text_zh=one.text_zh,
                text_en=one.text_en,
                within_minutes=one.within_minutes,
            )
            for one in provision.duties
        ),
    )
    return Message(
        aggregate="provision",
        event="state",
        id=provision.id,
        area=provision.territory or NATION,
        body=v1.ProvisionState(provision=told),
        state=True,
    )
