"""User errors: refusals as data, with what the screen needs beside the stable code."""

from datetime import datetime

import strawberry

from gateway import fields
from gateway.schema.places import IncidentRef
from gateway.upstream import Row


@strawberry.interface(
    description="If `errors` is not empty nothing has changed and the result is null."
)
class UserError:
    """Why a command was refused, and what to do next."""

    code: str = strawberry.field(
        description="Stable; the problem slug in upper snake case. Never parse `message`."
    )
    message: str
    field: list[str] = strawberry.field(description="Path into the input, empty for the whole.")
    remedy: str | None = strawberry.field(description="What to do next.")

    @classmethod
    def resolve_type(cls, source: Row, _info: object, _abstract: object) -> str:
        """Name of the subtype that the refusal was made as."""
        return str(source["__typename"])

    @classmethod
    def is_type_of(cls, source: Row, _info: object) -> bool:
        """Whether the refusal was made as this subtype."""
        return bool(source["__typename"] == cls.__name__)


@strawberry.type(description="The input cannot be meant.")
class InputError(UserError):
    """Something in the input is wrong."""


@strawberry.type(description="The present state does not allow it.")
class StateError(UserError):
    """The object is not where the command needs it to be."""

    current_status: str | None


@strawberry.type(description="Somebody else was first.")
class VersionConflict(UserError):
    """The object changed since it was read."""

    current_version: int
    changed_by: str | None
    changed_at: datetime | None


@strawberry.type(description="The caller may not do this.")
class NotAuthorized(UserError):
    """Which action was refused, why, and who could help."""

    action: str | None = strawberry.field(
        description="As `viewerPermissions` names it; null where a role alone decides."
    )
    reason: str | None
    needs: str | None = strawberry.field(description="Who may, in words.")
    grantable_by: str | None = strawberry.field(
        description="Who could give the viewer that role; null when nobody can."
    )
    roles: list[str] = fields.listed("roles", description="Any one of these may.")


@strawberry.type(description="An organization that holds the authority that is wanted.")
class AuthorityHolder:
    """Whom to ask, and whether somebody is there."""

    organization: strawberry.ID
    post: strawberry.ID | None
    title_zh: str | None
    title_en: str | None
    on_duty: bool = strawberry.field(description="Somebody holds the post at this moment.")


@strawberry.type(description="The law gives no leave for the measure.")
class LegalBasisMissing(UserError):
    """What is missing, who may grant it, and who of them is on duty: propose it to them."""

    measure: str | None
    missing: str | None
    who_may_grant: list[str] = fields.listed("whoMayGrant", description="Kinds of organization.")
    holders: list[AuthorityHolder] = fields.listed("holders", description="The nearest first.")


@strawberry.type(description="The same event seems to be open already.")
class PossibleDuplicate(UserError):
    """Incidents near in space, time and type."""

    candidates: list[IncidentRef | None] = fields.joined_many("PossibleDuplicate.candidates")
