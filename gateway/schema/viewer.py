"""Who asks: what the token says, with the labels of what it names."""

import strawberry

from gateway import fields
from gateway.schema.places import Jurisdiction, Organization


@strawberry.type(description="The caller as the token tells.")
class Viewer:
    """Person, organization, roles, posts and areas of the caller."""

    subject: str
    person: str | None
    organization: Organization | None = fields.joined("Viewer.organization")
    roles: list[str]
    posts: list[str]
    areas: list[Jurisdiction | None] = fields.joined_many("Viewer.areas")
