"""Duty posts of organizations, the roster of who holds them when, and the hours nobody does."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis.errors import Forbidden, Invalid
from vocabulary import Mode

LOOK_AHEAD = timedelta(
    hours=24
)  # a gap is owed to the roster keeper a day ahead, users.md §7 no. 14


class ShiftInvalid(Invalid):
    """A shift ends before it begins."""

    slug = "shift-invalid"


class PostNotHeld(Forbidden):
    """Only whoever holds a post speaks for it."""

    slug = "post-not-held"


class PostChannelsMissing(Invalid):
    """A post that nobody can reach is no post."""

    slug = "post-channels-missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """`person` holds the post from `starts` (inclusive) to `ends` (exclusive)."""

    person: str
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A duty post: rung 0 is the post on duty, higher rungs stand above it.

    `phone` and the persons of the roster never leave this service. A post without a roster is a
    standing one (a mayor is always mayor). Exercises reach only posts that list that mode.
    """

    id: str
    version: int = 0
    organization: str
    title_zh: str
    title_en: str
    rung: int
    channels: tuple[str, ...]
    phone: str | None = None
    modes: tuple[Mode, ...] = (Mode.REAL,)
    roster: tuple[Shift, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """Nobody is on duty from `starts`; `ends` is absent when the roster just stops."""

    starts: datetime
    ends: datetime | None


def define_post(present: Post | None, wanted: Post) -> Post:
    """Make the post as `wanted`. Raises ShiftInvalid and PostChannelsMissing."""
    for shift in wanted.roster:
        if shift.ends <= shift.starts:
            raise ShiftInvalid(
                f"The shift of {shift.starts.isoformat()} ends before it begins.", field=("roster",)
            )
    if not wanted.channels:
        raise PostChannelsMissing("A post needs at least one channel.", field=("channels",))
    return dataclasses.replace(wanted, version=0 if present is None else present.version)


def is_held(post: Post, at: datetime) -> bool:
    """Whether somebody is on duty in this post."""
    return not post.roster or holder(post, at) is not None


def holder(post: Post, at: datetime) -> str | None:
    """The person on duty; None for a standing post and in a gap of the roster."""
    for shift in post.roster:
        if shift.starts <= at < shift.ends:
            return shift.person
    return None


def next_gap(post: Post, after: datetime) -> Gap | None:
    """The first time from `after` on at which nobody holds a rostered post; None for a standing one."""
    if not post.roster:
        return None
    covered_to = after
    for shift in sorted(post.roster, key=lambda one: one.starts):
        if shift.ends <= covered_to:
            continue
        if shift.starts > covered_to:
            return Gap(covered_to, shift.starts)
        covered_to = shift.ends
    return Gap(covered_to, None)


def posts_among(posts: Sequence[Post], organizations: frozenset[str] | None) -> list[Post]:
    """The posts of those organizations; of any when nobody is named."""
    return [post for post in posts if organizations is None or post.organization in organizations]


def post_at_rung(
    posts: Sequence[Post], organizations: Sequence[str], *, rung: int, mode: Mode
) -> Post | None:
    """The post of that rung in the first of `organizations` that has one open to `mode`."""
    for organization in organizations:
        found = [
            post
            for post in posts
            if post.organization == organization and post.rung == rung and mode in post.modes
        ]
        if found:
            return min(found, key=lambda post: post.id)
    return None


def lowest_post(posts: Sequence[Post], organizations: Sequence[str], mode: Mode) -> Post | None:
    """The post on duty (lowest rung) of the first of `organizations` that has a post open to `mode`."""
    for organization in organizations:
        found = [p for p in posts if p.organization == organization and mode in p.modes]
        if found:
            return min(found, key=lambda post: (post.rung, post.id))
    return None


def on_duty(
    posts: Sequence[Post], organization: str, *, mode: Mode, at: datetime
) -> tuple[Post | None, bool]:
    """The lowest post of the organization that somebody holds, and True; else its lowest, and False."""
    found = [post for post in posts if post.organization == organization and mode in post.modes]
    ordered = sorted(found, key=lambda post: (post.rung, post.id))
    held = next((post for post in ordered if is_held(post, at)), None)
    if held is not None:
        return held, True
    return next(iter(ordered), None), False


def highest_post(posts: Sequence[Post], organization: str) -> Post | None:
    """The post that leads the organization: its highest rung."""
    found = [post for post in posts if post.organization == organization]
    return max(found, key=lambda post: (post.rung, post.id)) if found else None
