"""Who acts, as plans record it."""

from chassis.unit_of_work import Caller
from services.plans import domain


def officer_of(caller: Caller) -> domain.Officer:
    """Organization and post of the caller; the subject stands in for a post that is not held."""
    post = caller.posts[0] if caller.posts else caller.subject
    by = f"{caller.organization}/{post}" if caller.organization else post
    return domain.Officer(subject=caller.subject, by=by)
