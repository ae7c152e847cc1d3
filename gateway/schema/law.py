"""What the law says to a measure, and what taking it obliges to."""

import strawberry

from gateway import fields
from gateway.schema.places import Organization
from vocabulary import DutyKind, LegalGap, LegalVerdict, OrganizationKind


@strawberry.type(description="What taking a measure obliges to.")
class Duty:
    """To tell somebody, or to make good."""

    kind: DutyKind
    text: str = fields.label("text")
    within_minutes: int | None = strawberry.field(description="null: the article sets no time.")


@strawberry.type(description="The answer to 'may this be done?'.")
class LegalAnswer:
    """What a measure rests on and obliges to, or what is missing and who may grant it."""

    verdict: LegalVerdict
    provisions: list[str] = fields.listed("provisions")
    missing: str | None
    gap: LegalGap | None = strawberry.field(description="What is missing, as a code.")
    who_may_grant: list[OrganizationKind] = fields.listed("whoMayGrant")
    holders: list[Organization | None] = fields.joined_many(
        "LegalAnswer.holders",
        description="Organizations of these kinds here or above, the nearest first; their `posts` "
        "say who is on duty.",
    )
    duties: list[Duty] = fields.listed("duties")
    longest_minutes: int | None = strawberry.field(
        description="How long the measure may last at most; null: nothing bounds it."
    )
