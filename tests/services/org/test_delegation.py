"""Delegation and accounts as decisions: never to oneself, never wider, gone when taken back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.org import domain
from vocabulary import is_within

NOW = datetime(2026, 7, 20, 8, 0, tzinfo=UTC)
ROLES = st.sampled_from(["viewer", "commander", "operator"])
ORGANIZATIONS = st.sampled_from([None, "org_a", "org_b"])
AREAS = st.sampled_from(["", "000000", "410000", "410100", "410105", "420000"])
DATES = st.none() | st.integers(-5, 9).map(lambda hours: NOW + timedelta(hours=hours))


@st.composite
def scopes(draw: st.DrawFn) -> domain.Scope:
    return domain.Scope(
        role=draw(ROLES),
        organization=draw(ORGANIZATIONS),
        area=draw(AREAS),
        valid_from=draw(DATES),
        valid_to=draw(DATES),
    )


@st.composite
def wishes(draw: st.DrawFn) -> domain.Grant:
    start = draw(st.integers(-3, 4))
    return wish(
        role=draw(ROLES),
        organization=draw(ORGANIZATIONS),
        area=draw(AREAS.filter(bool)),
        valid_from=NOW + timedelta(hours=start),
        valid_to=NOW + timedelta(hours=max(start, 0) + draw(st.integers(1, 8))),
    )


def wish(**about: object) -> domain.Grant:
    values = {
        "id": "grt_1",
        "subject": "deputy",
        "role": "commander",
        "organization": "org_a",
        "area": "410105",
        "valid_from": NOW,
        "valid_to": NOW + timedelta(hours=8),
        "reason": "night shift",
        "granted_by": "chief",
        "granted_at": NOW,
    }
    return domain.Grant(**values | about)  # type: ignore[arg-type]


OWN = domain.Held(scope=domain.Scope(role="commander", organization="org_a", area="410100"))


def gave(wanted: domain.Grant, *held: domain.Held) -> domain.Grant:
    grant, stated = domain.give_grant(wanted, held=held, rules_apply_to="chief", now=NOW)
    assert stated == domain.GrantStated(grant)
    return grant


@settings(max_examples=200)
@given(wishes(), st.lists(scopes(), max_size=3))
def test_nobody_gives_more_than_one_thing_they_hold(wanted, own):
    held = [domain.Held(scope=scope) for scope in own]

    covered = [
        one
        for one in own
        if one.role == wanted.role
        and (one.organization is None or one.organization == wanted.organization)
        and one.area
        and is_within(wanted.area, one.area)
        and (one.valid_from is None or one.valid_from <= wanted.valid_from)
        and (one.valid_to is None or wanted.valid_to <= one.valid_to)
    ]
    if covered:
        assert gave(wanted, *held).subject == "deputy"
    else:
        with pytest.raises(domain.GrantWiderThanOwn):
            gave(wanted, *held)


@st.composite
def within(draw: st.DrawFn, scope: domain.Scope) -> domain.Grant:
    """What may be given further of a scope."""
    starts = max(scope.valid_from or NOW, NOW) + timedelta(minutes=draw(st.integers(0, 30)))
    latest = scope.valid_to or NOW + timedelta(days=9)
    assume(starts < latest)
    ends = starts + draw(st.floats(0.1, 1)) * (latest - starts)
    inside = [code for code in ("410000", "410100", "410105") if is_within(code, scope.area)]
    return wish(
        role=scope.role,
        organization=scope.organization or draw(ORGANIZATIONS),
        area=draw(st.sampled_from(inside)),
        valid_from=starts,
        valid_to=ends,
    )


@given(st.sampled_from(["000000", "410000", "410100"]), ROLES, ORGANIZATIONS, DATES, st.data())
def test_what_is_given_further_never_goes_beyond_where_it_began(area, role, own, until, data):
    root = domain.Scope(role=role, organization=own, area=area, valid_to=until)
    first = gave(data.draw(within(root)), domain.Held(scope=root))
    through = domain.Held(scope=domain.scope_of(first), id="grt_0", chain=first.chain)

    second = gave(data.draw(within(through.scope)), through)
    third = gave(
        data.draw(within(domain.scope_of(second))),
        domain.Held(scope=domain.scope_of(second), id="grt_1", chain=second.chain),
    )

    assert not domain.beyond(domain.scope_of(third), root)
    assert third.chain == ("grt_0", "grt_1")


def test_what_the_token_gives_begins_the_chain():
    assert gave(wish(), OWN).chain == ()


def test_nobody_gives_themselves_anything():
    with pytest.raises(domain.GrantToOneself):
        gave(wish(subject="chief"), OWN)


@pytest.mark.parametrize(
    ("about", "beyond"),
    [
        ({"role": "operator"}, ["role"]),
        ({"organization": None}, ["organizationId"]),
        ({"organization": "org_b"}, ["organizationId"]),
        ({"area": "410000"}, ["area"]),
    ],
)
def test_a_refusal_says_in_what_it_goes_beyond(about, beyond):
    with pytest.raises(domain.GrantWiderThanOwn) as refused:
        gave(wish(**about), OWN)

    assert refused.value.extra == {"beyond": beyond}


@pytest.mark.parametrize(
    "about",
    [
        {"valid_to": NOW},
        {"valid_to": NOW - timedelta(seconds=1), "valid_from": NOW - timedelta(hours=1)},
        {"valid_from": NOW + timedelta(hours=9)},
    ],
)
def test_a_delegation_ends_after_it_begins_and_after_now(about):
    with pytest.raises(domain.GrantDatesInvalid):
        gave(wish(**about), OWN)


def test_a_delegation_gives_something_only_between_its_dates_and_until_it_is_revoked():
    grant = gave(wish(), OWN)
    revoked, _ = domain.revoke_grant(grant, by="chief", because="back", now=NOW)

    at = {hours: domain.is_grant_live(grant, NOW + timedelta(hours=hours)) for hours in (-1, 0, 8)}
    assert at == {-1: False, 0: True, 8: False}
    assert not domain.is_grant_live(revoked, NOW)
    with pytest.raises(domain.GrantRevokedAlready):
        domain.revoke_grant(revoked, by="chief", because="again", now=NOW)


def test_an_account_is_disabled_and_enabled_by_another():
    account, _ = domain.disable_account(None, "auth0|7", by="op", because="lost phone", now=NOW)
    again, stated = domain.enable_account(account, "auth0|7", by="op", because="found")

    assert account.disabled_since == NOW
    assert (account.id, account.id) == (again.id, domain.account_id("auth0|7"))
    assert stated.account.disabled_since is None
    with pytest.raises(domain.AccountDisabledAlready):
        domain.disable_account(account, "auth0|7", by="op", because="x", now=NOW)
    with pytest.raises(domain.AccountNotDisabled):
        domain.enable_account(again, "auth0|7", by="op", because="x")
    with pytest.raises(domain.OwnAccount):
        domain.disable_account(None, "op", by="op", because="x", now=NOW)
    with pytest.raises(domain.OwnAccount):
        domain.enable_account(account, "auth0|7", by="auth0|7", because="x")
