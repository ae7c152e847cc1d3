"""What is said of accounts: their whole state, newest wins."""

from chassis.messages import Message, Published
from contracts.org import v1 as contract
from services.org import domain
from services.org.events import wire

PUBLISHED = (
    Published(
        aggregate="account",
        event="state",
        body=contract.AccountState,
        meaning="An account is disabled since the time told, or stands again.",
        state=True,
    ),
)


def account_stated(said: domain.AccountStated) -> Message:
    """Whether the account is disabled; why, and by whom, stays here."""
    one = said.account
    body = contract.Account(id=one.id, subject=one.subject, disabled_since=one.disabled_since)
    return wire.message(
        contract.AccountState(account=body),
        aggregate="account",
        event="state",
        id=one.id,
        area=domain.NATION,
        state=True,
    )


MESSAGES = {domain.AccountStated: account_stated}
