"""Who told: personal data, kept apart and sealed, masked for readers, for as long as the case needs it."""

import dataclasses
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from chassis.errors import Conflict, Invalid, RateLimited
from services.org.domain.limit import RuleDataInvalid, civil_midnight
from vocabulary import Place

MASK = "**"
PHONE_INDEX = "reporter phone"  # what the index of numbers is derived for
_MOBILE = re.compile(r"1[3-9]\d{9}")
_NUMBER = re.compile(r"\+?\d{3,15}")  # E.164 has at most 15 digits, a short code at least 3
_FILLING = re.compile(r"[\s()./-]")
_HOME = re.compile(r"^(?:\+86|0086)(?=\d)")


class PhoneInvalid(Invalid):
    """That is no telephone number; which one it was is not repeated."""

    slug = "phone-invalid"


class PersonInSource(Invalid):
    """A source names a service; a person's number belongs to the reporter."""

    slug = "person-in-source"


class ReporterErased(Conflict):
    """The data was destroyed."""

    slug = "reporter-erased"


class ReporterOnHold(Conflict):
    """A legal hold keeps the data."""

    slug = "reporter-on-hold"


class ReporterNotOnHold(Conflict):
    """There is no hold to release."""

    slug = "reporter-not-on-hold"


class RevealedTooOften(RateLimited):
    """The person has looked at too many reporters within the hour."""

    slug = "revealed-too-often"


class Purpose(StrEnum):
    """What the whole data may be asked for."""

    CALL_BACK = "CALL_BACK"
    RESCUE = "RESCUE"
    INVESTIGATION = "INVESTIGATION"
    OWN_REQUEST = "OWN_REQUEST"  # the reporter asks what is kept: GB/T 35273-2020 §8.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What identifies who told; shown by no repr, so that no traceback or log line can hold it."""

    name: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    place: Place | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """What readers see of a person without a stated purpose."""

    name: str | None
    phone: str | None
    has_place: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """The sealed person of a report, under the report's id; `sealed` is absent once erased.

    `expires_at` is absent while the case is open. A hold outlasts it.
    """

    id: str
    version: int = 0
    jurisdiction: str
    sealed: bytes | None = field(default=None, repr=False)
    received_at: datetime
    expires_at: datetime | None = None
    hold_reason: str | None = None
    held_by: str | None = None
    erased_at: datetime | None = None
    erased_because: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule:
    """A version of how long reporters are kept, and how often one person may look."""

    id: str
    version: str
    effective_from: datetime
    source: str
    after_case: timedelta
    undecided: timedelta
    reveals_per_hour: int


def parse_retention_rule(raw: Mapping[str, Any]) -> RetentionRule:
    """Read one rule file. Raises RuleDataInvalid naming what is wrong."""
    try:
        rule = RetentionRule(
            id=raw["id"],
            version=str(raw["version"]),
            effective_from=civil_midnight(raw["effective_from"]),
            source=raw["source"],
            after_case=timedelta(days=int(raw["after_case_days"])),
            undecided=timedelta(days=int(raw["undecided_days"])),
            reveals_per_hour=int(raw["reveals_per_hour"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RuleDataInvalid(f"retention rule {raw.get('id')!r}: {error!r}") from error
    if min(rule.after_case, rule.undecided) <= timedelta(0) or rule.reveals_per_hour < 1:
        raise RuleDataInvalid(f"retention rule {rule.id}: days and looks are at least 1")
    return rule


def retention_rule(rules: Sequence[RetentionRule], at: datetime) -> RetentionRule:
    """The newest rule in force at `at`; before the first one, the first."""
    live = [one for one in rules if one.effective_from <= at]
    return (
        max(live, key=lambda one: one.effective_from)
        if live
        else min(rules, key=lambda one: one.effective_from)
    )


def identify(name: str | None, phone: str | None, place: Place | None) -> Person | None:
    """The person, their number normalised; None when nothing was told. Raises PhoneInvalid."""
    if name is None and phone is None and place is None:
        return None
    return Person(name=name, phone=None if phone is None else normal_phone(phone), place=place)


def normal_phone(text: str) -> str:
    """The number's digits without filling and without the country's own code. Raises PhoneInvalid."""
    number = _HOME.sub("", _FILLING.sub("", unicodedata.normalize("NFKC", text)))
    if not number.isascii() or not _NUMBER.fullmatch(number):
        raise PhoneInvalid(
            "That is not a telephone number.",
            field=("reporter", "phone"),
            remedy="Give its digits.",
        )
    return number


def check_source(*texts: str | None) -> None:
    """Pass when no text holds a mobile number: sources are named in events. Raises PersonInSource."""
    for text in texts:
        plain = _FILLING.sub("", unicodedata.normalize("NFKC", text or ""))
        if _MOBILE.search(plain):
            raise PersonInSource(
                "The source holds a telephone number.",
                field=("source",),
                remedy="Name the service that passed it on; the caller belongs in reporter.",
            )


def mask(person: Person) -> Masked:
    """What is shown by default: the family name's character, 138****1234. GB/T 35273-2020 §7.2."""
    return Masked(
        name=person.name[0] + MASK if person.name else None,
        phone=mask_phone(person.phone) if person.phone else None,
        has_place=person.place is not None,
    )


def mask_phone(phone: str) -> str:
    """Three digits, four stars and four digits of a mobile number; the last two of any other."""
    if _MOBILE.fullmatch(phone):
        return f"{phone[:3]}****{phone[-4:]}"
    return "*" * (len(phone) - 2) + phone[-2:]


def keep_until(reporter: Reporter, expires_at: datetime | None) -> Reporter:
    """Expire the data then; None keeps it while the case is open. Erased data stays erased."""
    if reporter.erased_at is not None or reporter.expires_at == expires_at:
        return reporter
    return dataclasses.replace(reporter, expires_at=expires_at)


def hold_reporter(reporter: Reporter, reason: str, *, by: str) -> Reporter:
    """Keep the data whatever falls due. Raises ReporterErased and ReporterOnHold."""
    expect_kept(reporter)
    _expect_free(reporter)
    return dataclasses.replace(reporter, hold_reason=reason, held_by=by)


def release_reporter(reporter: Reporter) -> Reporter:
    """Let the data expire again. Raises ReporterNotOnHold."""
    if reporter.hold_reason is None:
        raise ReporterNotOnHold("Nobody holds this data.")
    return dataclasses.replace(reporter, hold_reason=None, held_by=None)


def erase_reporter(reporter: Reporter, reason: str, *, now: datetime) -> Reporter:
    """Leave nothing of the person but that there was one. Raises ReporterErased, ReporterOnHold."""
    expect_kept(reporter)
    _expect_free(reporter)
    return dataclasses.replace(reporter, sealed=None, erased_at=now, erased_because=reason)


def is_due(reporter: Reporter, now: datetime) -> bool:
    """Whether the time is over and nothing holds the data."""
    if reporter.erased_at is not None or reporter.hold_reason is not None:
        return False
    return reporter.expires_at is not None and reporter.expires_at <= now


def expect_kept(reporter: Reporter) -> None:
    """Pass while there is something to read. Raises ReporterErased."""
    if reporter.erased_at is not None:
        raise ReporterErased(
            "The reporter's data was destroyed.", erasedAt=reporter.erased_at.isoformat()
        )


def _expect_free(reporter: Reporter) -> None:
    if reporter.hold_reason is not None:
        raise ReporterOnHold(
            "A legal hold keeps the reporter's data.", remedy="Release the hold first."
        )
