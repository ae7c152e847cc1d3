"""Rows of guarantee: get_x locks and raises, find_x may find nothing, put_x stores."""

from services.guarantee.store.activation import find_activation, put_activation
from services.guarantee.store.incident import find_incident, places_of, put_incident
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
from services.guarantee.store.rule import (
    colour_rules,
    dispatch_rules,
    emergency_type_rules,
    tier_rules,
)
from services.guarantee.store.signal import (
    find_message,
    find_signals,
    get_signal,
    lock_chain,
    messages_about,
    original,
    put_message,
    put_signal,
)
from services.guarantee.store.tables import metadata
from services.guarantee.store.warning import (
    active_from,
    drafts_from,
    find_warnings,
    get_warning,
    put_warning,
)

__all__ = [
    "active_from",
    "all_jurisdictions",
    "find_activation",
    "put_activation",
    "find_incident",
    "places_of",
    "put_incident",
    "all_organizations",
    "colour_rules",
    "dispatch_rules",
    "drafts_from",
    "emergency_type_rules",
    "find_jurisdiction",
    "find_message",
    "find_organization",
    "find_signals",
    "find_warnings",
    "get_signal",
    "get_warning",
    "lock_chain",
    "messages_about",
    "metadata",
    "organizations_of",
    "original",
    "put_jurisdiction",
    "put_message",
    "put_organization",
    "put_signal",
    "put_warning",
    "tier_rules",
]
