"""Aggregates as the policy sees them: where they lie, whose they are, who has to act on them.

What everybody may see (signals, the inventory, provisions) is `new`, so that a refusal says so.
"""

from chassis.policy import EVERYBODY, Target
from chassis.unit_of_work import Caller
from services.guarantee.domain.bulletin import Bulletin
from services.guarantee.domain.dispatch import Dispatch
from services.guarantee.domain.provision import Provision
from services.guarantee.domain.requirement import Requirement
from services.guarantee.domain.resource import Resource
from services.guarantee.domain.rumour import Rumour
from services.guarantee.domain.signal import Signal
from services.guarantee.domain.warning import Warning
from vocabulary import NATION, is_within


def of_message() -> Target:
    """A CAP message, before anybody has read where it speaks of."""
    return Target(kind="signal_message", id="new", area=NATION, new=True)


def of_signal(signal: Signal, caller: Caller, *, posted_by: str) -> Target:
    """The signal: its sender and whoever passed it on decide on it."""
    return Target(
        kind="signal",
        id=signal.id,
        area=ground(signal, [grant.area for grant in caller.grants]),
        owners=frozenset({signal.sender, posted_by}),
        mode=signal.mode,
        new=True,
    )


def ground(signal: Signal, held: list[str]) -> str:
    """Return where its sender has to hold the role: where the signal lies.

    Weather stops at no border: one that reaches beyond an area of `held`, and covers no division
    outside it, is a matter of that area.
    """
    for area in held:
        is_over_it = area != "" and is_within(area, signal.jurisdiction)
        if is_over_it and all(is_within(code, area) for code in signal.areas):
            return area
    return signal.jurisdiction


def of_warning(warning: Warning, *, is_new: bool = False) -> Target:
    """The warning: announced, everybody sees it; its author does not approve it."""
    seen_by = {warning.organization_id, EVERYBODY if warning.is_public else None}
    return Target(
        kind="warning",
        id=warning.id,
        area=warning.jurisdiction,
        organizations=frozenset(one for one in seen_by if one is not None),
        authors=frozenset({warning.drafted_by}),
        mode=warning.mode,
        new=is_new,
    )


def of_bulletin(bulletin: Bulletin, *, sealed: bool = False, is_new: bool = False) -> Target:
    """The bulletin: told, everybody sees it; not told, it is sealed with its incident."""
    seen_by = {bulletin.organization_id, EVERYBODY if bulletin.is_public else None}
    return Target(
        kind="bulletin",
        id=bulletin.id,
        area=bulletin.jurisdiction,
        organizations=frozenset(one for one in seen_by if one is not None),
        authors=frozenset({bulletin.drafted_by}),
        sealed=sealed and not bulletin.is_public,
        mode=bulletin.mode,
        new=is_new,
    )


def of_rumour(rumour: Rumour, *, sealed: bool, is_new: bool = False) -> Target:
    """The rumour, seen where it goes round, and sealed with its incident."""
    return Target(
        kind="rumour",
        id=rumour.id,
        area=rumour.jurisdiction,
        sealed=sealed,
        mode=rumour.mode,
        new=is_new,
    )


def of_provision(provision: Provision) -> Target:
    """The provision, which holds in its territory, or everywhere."""
    return Target(kind="provision", id=provision.id, area=provision.territory or NATION, new=True)


def of_resource(resource: Resource) -> Target:
    """The resource, kept by its owner's people."""
    return Target(
        kind="resource",
        id=resource.id,
        area=resource.jurisdiction,
        owners=frozenset({resource.owner}),
        new=True,
    )


def of_requirement(requirement: Requirement, *, sealed: bool) -> Target:
    """The requirement, seen where it is needed, and sealed with its incident."""
    return Target(
        kind="requirement",
        id=requirement.id,
        area=requirement.jurisdiction,
        sealed=sealed,
        mode=requirement.mode,
    )


def of_dispatch(dispatch: Dispatch, *, sealed: bool) -> Target:
    """The dispatch: seen where it goes, and by the owner of the resource, who reports on it.

    It is sealed with its incident.
    """
    return Target(
        kind="dispatch",
        id=dispatch.id,
        area=dispatch.jurisdiction,
        organizations=frozenset({dispatch.owner}),
        addressees=frozenset({dispatch.owner}),
        sealed=sealed,
        mode=dispatch.mode,
    )
