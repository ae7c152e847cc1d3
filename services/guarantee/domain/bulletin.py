"""Bulletins: what the public is told; drafted, published by a second person, corrected, withdrawn (GUAR-6)."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chassis.errors import Conflict, Invalid
from vocabulary import Mode

# A person's mobile number and identity number, however they are spaced; a service's own lines
# (12345, 0371-…) are public.
_PERSONAL = re.compile(
    r"(?<!\d)(?:"
    r"(?:(?:00)?86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}"
    r"|\d{6}[\s-]?\d{8}[\s-]?\d{3}[\dXx]"
    r")(?!\d)"
)


class BulletinNotDraft(Conflict):
    """Only a draft can be published or laid aside."""

    slug = "bulletin-not-draft"


class BulletinNotPublished(Conflict):
    """Only what is published can be corrected or withdrawn."""

    slug = "bulletin-not-published"


class BulletinOfSealed(Conflict):
    """Nothing is told to the public of a sealed incident."""

    slug = "bulletin-of-sealed-incident"


class RumourOfOtherMode(Invalid):
    """An exercise's rumour is answered within the exercise, a real one for all."""

    slug = "rumour-of-other-mode"


class PersonalDataInText(Invalid):
    """A text for the public holds a person's number."""

    slug = "personal-data-in-text"


class BulletinKind(StrEnum):
    """What the public is told."""

    INITIAL = "INITIAL"
    UPDATE = "UPDATE"
    PRESS_CONFERENCE = "PRESS_CONFERENCE"
    GUIDANCE = "GUIDANCE"
    RUMOUR = "RUMOUR"
    FINAL = "FINAL"


class BulletinStatus(StrEnum):
    """CORRECTED was replaced by another bulletin that says so; nothing is edited."""

    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"
    CORRECTED = "CORRECTED"
    WITHDRAWN = "WITHDRAWN"
    REJECTED = "REJECTED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """One text for the public; `corrects` is the bulletin whose error it puts right."""

    id: str
    version: int = 0
    kind: BulletinKind
    status: BulletinStatus = BulletinStatus.DRAFT
    title_zh: str
    text_zh: str
    title_en: str | None = None
    text_en: str | None = None
    jurisdiction: str
    incident_id: str | None = None
    rumour_id: str | None = None
    mode: Mode
    organization_id: str | None = None
    corrects: str | None = None
    corrected_by: str | None = None
    drafted_at: datetime
    drafted_by: str
    approved_by: str | None = None
    published_at: datetime | None = None
    ended_at: datetime | None = None
    reason: str | None = None

    @property
    def is_public(self) -> bool:
        """Whether it was told, whatever came of it."""
        return self.published_at is not None


def expect_tellable(*, sealed: bool) -> None:
    """Pass unless what it is of is sealed. Raises BulletinOfSealed."""
    if sealed:
        raise BulletinOfSealed(
            "Nothing is told to the public of a sealed incident.",
            field=("incident",),
            remedy="Unseal it first, or leave the incident out.",
        )


def draft_bulletin(draft: Bulletin, *, sealed: bool) -> Bulletin:
    """Keep the draft for a second person. Raises PersonalDataInText and BulletinOfSealed."""
    expect_tellable(sealed=sealed)
    texts = {
        "titleZh": draft.title_zh,
        "textZh": draft.text_zh,
        "titleEn": draft.title_en,
        "textEn": draft.text_en,
    }
    _refuse_personal(texts)
    return draft


def publish_bulletin(draft: Bulletin, *, sealed: bool, by: str, now: datetime) -> Bulletin:
    """Tell the public. Raises BulletinNotDraft, and BulletinOfSealed when it was sealed since."""
    _expect(draft, BulletinStatus.DRAFT, BulletinNotDraft)
    expect_tellable(sealed=sealed)
    return replace(draft, status=BulletinStatus.PUBLISHED, approved_by=by, published_at=now)


def reject_bulletin(draft: Bulletin, *, reason: str, now: datetime) -> Bulletin:
    """Lay the draft aside. Raises BulletinNotDraft."""
    _expect(draft, BulletinStatus.DRAFT, BulletinNotDraft)
    return replace(draft, status=BulletinStatus.REJECTED, ended_at=now, reason=reason)


def correct_bulletin(wrong: Bulletin, *, by: str, now: datetime) -> Bulletin:
    """Mark what another bulletin puts right; it stays readable. Raises BulletinNotPublished."""
    expect_published(wrong)
    return replace(wrong, status=BulletinStatus.CORRECTED, corrected_by=by, ended_at=now)


def expect_published(bulletin: Bulletin) -> None:
    """Pass while the public is told it. Raises BulletinNotPublished."""
    _expect(bulletin, BulletinStatus.PUBLISHED, BulletinNotPublished)


def withdraw_bulletin(bulletin: Bulletin, *, reason: str, now: datetime) -> Bulletin:
    """Take it back with the reason, which the public reads.

    Raises BulletinNotPublished and PersonalDataInText.
    """
    expect_published(bulletin)
    _refuse_personal({"reason": reason})
    return replace(bulletin, status=BulletinStatus.WITHDRAWN, ended_at=now, reason=reason)


def _refuse_personal(texts: Mapping[str, str | None]) -> None:
    for field, text in texts.items():
        if text is not None and _PERSONAL.search(unicodedata.normalize("NFKC", text)):
            raise PersonalDataInText(
                "The text holds the number of a person.",
                field=(field,),
                remedy="Leave the number out; a service line is enough.",
            )


def _expect(bulletin: Bulletin, status: BulletinStatus, error: type[Conflict]) -> None:
    if bulletin.status is not status:
        raise error(f"The bulletin is {bulletin.status}.", currentStatus=bulletin.status)
