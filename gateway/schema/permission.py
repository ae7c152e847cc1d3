"""What the viewer may do to an object."""

import strawberry


@strawberry.type(description="Whether the viewer may do one thing to one object.")
class Permission:
    """The decision that the command would get, without its being sent."""

    action: str = strawberry.field(description="e.g. close_incident; a refusal names it too.")
    allowed: bool
    reason: str | None = strawberry.field(description="Why not; null when it is allowed.")
    grantable_by: str | None = strawberry.field(
        description="Who could give the viewer that role; null when nobody can, or nobody has to."
    )
