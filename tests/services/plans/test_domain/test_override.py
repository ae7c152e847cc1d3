"""Overrides as pure decisions: who may be asked, how long, and what is left for one to do."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import DomainError
from services.plans import domain, store
from services.plans.domain.override import OverrideTooLong
from services.plans.domain.rule import RuleDataInvalid
from tests.harness import START
from tests.services.plans.player import CHEN, Player
from vocabulary import LegalAnswer, LegalGap, LegalVerdict, OrganizationKind

COMMAND, COMMITTEE, OFFICE, PROVINCE = "org_command", "org_committee", "org_office", "org_province"
LI = domain.Signature(by="org_committee/mayor", reason="lives are at risk")
HOUR = timedelta(hours=1)


def unit(id: str, kind: str, *, parent: str | None = None, area: str = "410100"):
    return domain.Organization(
        id=id,
        name_zh=id,
        name_en=id,
        kind=OrganizationKind(kind),
        jurisdiction=area,
        as_of=START,
        parent=parent,
    )


TREE = (
    unit(COMMAND, "SPECIAL_COMMAND", parent=OFFICE),
    unit(OFFICE, "COMMITTEE_OFFICE", parent=COMMITTEE),
    unit(COMMITTEE, "COMMITTEE"),
    unit(PROVINCE, "COMMITTEE", area="410000"),
    unit("org_other_city", "COMMITTEE", area="410200"),
)
RULE = domain.parse_override_rule(
    {
        "id": "test",
        "version": "1",
        "effective_from": datetime(2020, 1, 1, tzinfo=UTC).date(),
        "source": "test",
        "longest_minutes": 600,
        "longest_for": {"requisition": 60},
        "where_nobody_holds": ["COMMITTEE"],
    }
)


def refused(*kinds: str) -> LegalAnswer:
    gap = LegalGap.NOT_HELD if kinds else LegalGap.NO_PROVISION
    return LegalAnswer(
        LegalVerdict.REFUSED,
        missing="no",
        who_may_grant=tuple(map(OrganizationKind, kinds)),
        gap=gap,
    )


@cache
def in_force() -> domain.Activation:
    player = Player()
    player.weigh(rain_3h_mm=60.0)
    assert player.activation is not None
    return player.activation


def activation(legal: LegalAnswer | None = None) -> domain.Activation:
    """An activation in force, with this answer of the law to its measures."""
    measures = tuple(
        replace(one, legal=legal or refused("COMMITTEE")) for one in in_force().content.measures
    )
    return replace(in_force(), content=domain.Content(measures=measures))


def ask(present: domain.Activation | None = None, **changes: Any):
    about: dict[str, Any] = {
        "standing": None,
        "rule": RULE,
        "organizations": TREE,
        "now": START,
    } | changes
    asking = domain.Asking("inspect_tunnels", about.pop("minutes", 120), CHEN, "account-1")
    override, _ = domain.ask_override(
        domain.OverrideId("ovr_1"), present or activation(), asking, **about
    )
    return override


def grant(override: domain.Override, now: datetime = START, minutes: int | None = None):
    granted, _ = domain.grant_override(
        override, activation(), by=LI, authority=COMMITTEE, minutes=minutes, now=now
    )
    return granted


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (("COMMITTEE",), (COMMITTEE, PROVINCE)),
        (("COMMITTEE_OFFICE",), (OFFICE, COMMITTEE)),
        (("SPECIAL_COMMAND",), (COMMAND, OFFICE, COMMITTEE)),
        ((), (COMMITTEE, PROVINCE)),  # where nobody holds it, whom the rule names
    ],
)
def test_who_holds_the_authority_is_asked_and_then_its_superiors(kinds, expected):
    assert ask(activation(refused(*kinds))).authorities == expected


def test_a_tree_that_runs_in_a_circle_is_walked_once():
    circle = (
        unit("org_a", "COMMITTEE", parent="org_b"),
        unit("org_b", "DEPARTMENT", parent="org_a"),
    )

    assert ask(organizations=circle).authorities == ("org_a", "org_b")


@given(st.integers(1, 600), st.integers(1, 600))
def test_an_override_never_lasts_longer_than_was_asked(minutes, wanted):
    override = ask(minutes=minutes)

    if wanted > minutes:
        with pytest.raises(OverrideTooLong):
            grant(override, minutes=wanted)
        return

    assert grant(override, minutes=wanted).until == START + timedelta(minutes=wanted)


@given(st.timedeltas(timedelta(), 5 * HOUR))
def test_an_override_expires_at_its_end_whenever_that_is_noticed(late):
    granted = grant(ask())

    expired, event = domain.expire_override(granted, START + late)

    assert (event is not None) == (late >= 2 * HOUR)
    if event is not None:
        assert (expired.state, expired.ended_at) == ("EXPIRED", granted.until)
        assert domain.expire_override(expired, START + 9 * HOUR) == (expired, None)


def test_what_nobody_granted_does_not_expire():
    assert domain.expire_override(ask(), START + 99 * HOUR)[1] is None


def test_a_measure_has_its_own_limit():
    assert (RULE.longest("requisition"), RULE.longest("evacuate")) == (60, 600)


def test_nothing_is_overridden_where_no_rule_holds():
    with pytest.raises(DomainError) as refusal:
        ask(rule=None)

    assert refusal.value.slug == "override-not-provided"


def test_what_is_granted_is_refused_once_the_law_allows_it():
    override = ask()
    allowed = activation(LegalAnswer(LegalVerdict.ALLOWED, provisions=("law art. 1",)))

    with pytest.raises(DomainError) as refusal:
        domain.grant_override(
            override, allowed, by=LI, authority=COMMITTEE, minutes=None, now=START
        )

    assert refusal.value.slug == "override-not-needed"


@pytest.mark.parametrize(
    ("granted", "verdict", "over"),
    [(False, "ALLOWED", True), (True, "ALLOWED", False), (False, "REFUSED", False)],
)
def test_an_override_that_is_only_asked_for_is_over_when_the_law_allows_the_measure(
    granted, verdict, over
):
    override = grant(ask()) if granted else ask()
    now = activation(LegalAnswer(LegalVerdict(verdict)))

    assert (domain.outlived(override, now) is not None) == over


def test_an_override_is_over_with_its_measure():
    without = replace(activation(), content=domain.Content())

    assert domain.outlived(ask(), without) == "the level in force does not have the measure"


def test_overrides_come_to_figures_of_what_is_over():
    first, _ = domain.expire_override(grant(ask()), START + 3 * HOUR)
    second, _ = domain.end_override(grant(ask()), "calm", START + HOUR / 2)
    third, _ = domain.decline_override(ask(), by=LI, authority=COMMITTEE, now=START)
    withdrawn, _ = domain.end_override(ask(), "not needed", START + HOUR)

    found = domain.override_figures([first, second, third, withdrawn, grant(ask()), ask()])

    assert found == domain.OverrideFigures(
        asked=6, waiting=1, granted=3, declined=1, in_force=1, minutes=150.0
    )


def test_the_rules_on_overrides_name_their_source_and_hold_from_their_date():
    rules = store.override_rules()
    before, after = (domain.override_rule(rules, "410105", at) for at in (LONG_AGO, START))

    assert before is None
    assert after is not None
    assert after.edition.source
    assert after.longest("requisition") < after.longest("inspect_tunnels")


LONG_AGO = datetime(1999, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "wrong",
    [
        {"longest_minutes": 0},
        {"longest_for": {"evacuate": -1}},
        {"where_nobody_holds": ["MINISTRY"]},
        {"longest_minutes": None},
    ],
)
def test_a_rule_that_says_nothing_sensible_is_refused(wrong):
    raw = {
        "id": "test",
        "version": "1",
        "effective_from": START.date(),
        "source": "test",
        "longest_minutes": 60,
        "where_nobody_holds": ["COMMITTEE"],
    }

    with pytest.raises(RuleDataInvalid, match="test"):
        domain.parse_override_rule(raw | wrong)
