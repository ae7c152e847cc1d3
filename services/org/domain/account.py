"""Accounts: whose tokens are refused everywhere, however long they are still valid."""

import dataclasses
import hashlib
from dataclasses import dataclass
from datetime import datetime

from chassis.errors import Conflict, Forbidden


class OwnAccount(Forbidden):
    """Nobody disables or enables themselves: the last operator would lock the house."""

    slug = "own-account"


class AccountDisabledAlready(Conflict):
    """The account is disabled."""

    slug = "account-disabled-already"


class AccountNotDisabled(Conflict):
    """The account is not disabled."""

    slug = "account-not-disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A subject that was disabled at some time.

    While `disabled_since` is present every token of it is refused. Subjects are the issuer's words
    and may hold anything, so the id is made from them.
    """

    id: str
    version: int = 0
    subject: str
    disabled_since: datetime | None = None
    changed_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class AccountStated:
    """The account is now as told."""

    account: Account


def account_id(subject: str) -> str:
    """The id of the subject's account, the same each time."""
    return f"acc_{hashlib.sha256(subject.encode()).hexdigest()[:32]}"


def disable_account(
    present: Account | None, subject: str, *, by: str, because: str, now: datetime
) -> tuple[Account, AccountStated]:
    """Refuse every token of the subject from `now` on. Raises OwnAccount, AccountDisabledAlready."""
    _expect_other(subject, by)
    if present is not None and present.disabled_since is not None:
        raise AccountDisabledAlready(
            f"{present.changed_by} disabled it.", disabledSince=present.disabled_since
        )
    return _stated(present, subject, by=by, because=because, disabled_since=now)


def enable_account(
    present: Account | None, subject: str, *, by: str, because: str
) -> tuple[Account, AccountStated]:
    """Accept the subject's tokens again. Raises OwnAccount and AccountNotDisabled."""
    _expect_other(subject, by)
    if present is None or present.disabled_since is None:
        raise AccountNotDisabled("The account is not disabled.")
    return _stated(present, subject, by=by, because=because, disabled_since=None)


def _expect_other(subject: str, by: str) -> None:
    if subject == by:
        raise OwnAccount("Nobody does this to their own account.", remedy="Ask another operator.")


def _stated(
    present: Account | None,
    subject: str,
    *,
    by: str,
    because: str,
    disabled_since: datetime | None,
) -> tuple[Account, AccountStated]:
    before = present or Account(
        id=account_id(subject), subject=subject, changed_by=by, reason=because
    )
    account = dataclasses.replace(
        before, disabled_since=disabled_since, changed_by=by, reason=because
    )
    return account, AccountStated(account)
