"""What every input has: a key for the repeat, and for updates the version that was seen."""

import strawberry

KEY = (
    "Same key, same input: same answer. Same key, other input: IDEMPOTENCY_KEY_REUSED. "
    "One for each mutation field, to be sent again with a repeat."
)


@strawberry.input
class Keyed:
    """What every input has."""

    idempotency_key: strawberry.ID = strawberry.field(description=KEY)


@strawberry.input
class Expecting(Keyed):
    """An update of what was seen."""

    expected_version: int = strawberry.field(
        description="As it was read; VERSION_CONFLICT says who was first."
    )


@strawberry.input
class Because(Expecting):
    """An update that says why."""

    reason: str
