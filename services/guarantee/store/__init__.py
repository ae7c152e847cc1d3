"""Rows of guarantee: get_x locks and raises, find_x may find nothing, put_x stores."""

from services.guarantee.store.activation import find_activation, put_activation
from services.guarantee.store.allocation import put_allocation
from services.guarantee.store.bulletin import get_bulletin, put_bulletin
from services.guarantee.store.dispatch import (
    book_part,
    book_whole,
    dispatches_of,
    end_booking,
    get_dispatch,
    held,
    in_ledger,
    put_dispatch,
    requirement_of,
)
from services.guarantee.store.incident import (
    find_incident,
    is_sealed,
    places_of,
    put_incident,
    seal_with,
)
from services.guarantee.store.jurisdiction import (
    all_jurisdictions,
    find_jurisdiction,
    put_jurisdiction,
)
from services.guarantee.store.organization import (
    all_organizations,
    find_organization,
    organizations_of,
    put_organization,
)
from services.guarantee.store.provision import find_provision, put_provision
from services.guarantee.store.requirement import (
    get_requirement,
    lock_requirements,
    put_requirement,
    requirements_of,
    see_requirement,
    wanting,
    wanting_ledgers,
    wanting_pools,
)
from services.guarantee.store.resource import (
    find_resource,
    lock_resources,
    put_resource,
    resources_able,
    resources_after,
)
from services.guarantee.store.rule import (
    colour_rules,
    dispatch_rules,
    emergency_type_rules,
    tier_rules,
)
from services.guarantee.store.rumour import get_rumour, put_rumour
from services.guarantee.store.signal import (
    find_message,
    find_signals,
    get_signal,
    lock_chain,
    messages_about,
    original,
    put_message,
    put_signal,
    standing_in,
)
from services.guarantee.store.tables import metadata, require_current
from services.guarantee.store.warning import (
    active_from,
    announced_in,
    drafts_from,
    find_warnings,
    get_warning,
    put_warning,
)

__all__ = [
    "active_from",
    "all_jurisdictions",
    "all_organizations",
    "announced_in",
    "book_part",
    "book_whole",
    "colour_rules",
    "dispatch_rules",
    "dispatches_of",
    "drafts_from",
    "emergency_type_rules",
    "end_booking",
    "find_activation",
    "find_incident",
    "find_jurisdiction",
    "find_message",
    "find_organization",
    "find_provision",
    "find_resource",
    "find_signals",
    "find_warnings",
    "get_bulletin",
    "get_dispatch",
    "get_requirement",
    "get_rumour",
    "get_signal",
    "get_warning",
    "held",
    "in_ledger",
    "is_sealed",
    "lock_chain",
    "lock_requirements",
    "lock_resources",
    "messages_about",
    "metadata",
    "organizations_of",
    "original",
    "places_of",
    "put_activation",
    "put_allocation",
    "put_bulletin",
    "put_dispatch",
    "put_incident",
    "put_jurisdiction",
    "put_message",
    "put_organization",
    "put_provision",
    "put_requirement",
    "put_resource",
    "put_rumour",
    "put_signal",
    "put_warning",
    "require_current",
    "requirement_of",
    "requirements_of",
    "resources_able",
    "resources_after",
    "seal_with",
    "see_requirement",
    "standing_in",
    "tier_rules",
    "wanting",
    "wanting_ledgers",
    "wanting_pools",
]
