"""The law gives one answer: with what it rests on and obliges to, or what is missing and who holds it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import vocabulary
from vocabulary import (
    Duty,
    DutyKind,
    LegalAnswer,
    LegalGap,
    LegalVerdict,
    OrganizationKind,
    Provision,
    ResponseLevel,
    law,
)

NOW = datetime(2021, 7, 20, 8, 0, tzinfo=UTC)
COMMAND, ENTERPRISE = OrganizationKind.SPECIAL_COMMAND, OrganizationKind.ENTERPRISE
COMMITTEE = OrganizationKind.COMMITTEE
LEVEL_I, LEVEL_II, LEVEL_III, LEVEL_IV = ResponseLevel
TELL = Duty(DutyKind.NOTICE, "告知业主", "tell the owner", 60)
PAY = Duty(DutyKind.COMPENSATION, "给予补偿", "compensate the owner")


def provision(**changes: object) -> Provision:
    base: dict[str, Any] = {
        "id": "prov_1",
        "instrument": "Emergency Response Law (2024)",
        "article": "art. 73",
        "measures": ("suspend_classes",),
        "held_by": (COMMAND,),
        "minimum_level": LEVEL_II,
        "territory": "410100",
        "maximum_duration_minutes": None,
        "valid_from": NOW - timedelta(days=1),
        "valid_to": None,
        "source": "test",
    }
    return Provision(**(base | changes))


def ask(provisions: list[Provision], **changes: Any) -> LegalAnswer:
    question: dict[str, Any] = {
        "kind": COMMAND,
        "level": LEVEL_I,
        "area": "410105",
        "at": NOW,
    } | changes
    return vocabulary.may("suspend_classes", provisions=provisions, **question)


def test_a_live_provision_held_by_the_organization_allows_the_measure_and_is_cited():
    answer = ask([provision()])

    assert answer.verdict is LegalVerdict.ALLOWED
    assert answer.provisions == ("Emergency Response Law (2024) art. 73",)


def test_leave_tells_every_duty_of_what_it_cites_once():
    answer = ask([provision(duties=(TELL, PAY)), provision(id="prov_2", duties=(PAY,))])

    assert answer.duties == (TELL, PAY)


def test_leave_tells_the_longest_duration_of_what_it_cites():
    bounded = [provision(maximum_duration_minutes=minutes) for minutes in (60, 180)]

    assert ask(bounded).longest_minutes == 180
    assert ask([*bounded, provision()]).longest_minutes is None


def test_a_measure_rests_only_on_provisions_that_let_it_last_so_long():
    short = provision(article="art. 1", maximum_duration_minutes=60, duties=(TELL,))
    long = provision(article="art. 2", maximum_duration_minutes=180)

    answer = ask([short, long], minutes=120)

    assert answer.provisions == ("Emergency Response Law (2024) art. 2",)
    assert (answer.duties, answer.longest_minutes) == ((), 180)


@pytest.mark.parametrize(("minutes", "verdict"), [(180, "ALLOWED"), (181, "REFUSED")])
def test_a_measure_that_lasts_longer_than_any_provision_allows_is_refused_for_that(
    minutes: int, verdict: str
):
    bounded = [provision(maximum_duration_minutes=longest) for longest in (60, 180)]

    answer = ask(bounded, minutes=minutes)

    assert (answer.verdict, answer.longest_minutes) == (verdict, 180)
    if verdict == "REFUSED":
        assert answer.gap is LegalGap.TOO_LONG
        assert answer.missing == "suspend_classes may last 180 min at most"


def test_no_provisions_loaded_is_unknown_and_never_a_refusal():
    answer = ask([])

    assert (answer.verdict, answer.gap) == (LegalVerdict.UNKNOWN, LegalGap.NOTHING_LOADED)


@pytest.mark.parametrize(
    ("changes", "question", "gap"),
    [
        ({"measures": ("close_tunnel",)}, {}, "NO_PROVISION"),
        ({"valid_to": NOW}, {}, "NOT_IN_FORCE"),
        ({"valid_from": NOW + timedelta(seconds=1)}, {}, "NOT_IN_FORCE"),
        ({"territory": "410300"}, {}, "OUTSIDE_TERRITORY"),
        ({}, {"area": "410000"}, "OUTSIDE_TERRITORY"),
        ({}, {"kind": ENTERPRISE}, "NOT_HELD"),
        ({}, {"level": LEVEL_III}, "LEVEL_TOO_LOW"),
        ({}, {"level": None}, "LEVEL_TOO_LOW"),
        ({"maximum_duration_minutes": 30}, {"minutes": 31}, "TOO_LONG"),
    ],
)
def test_a_measure_beyond_the_provision_is_refused_saying_what_is_missing(changes, question, gap):
    answer = ask([provision(**changes)], **question)

    assert (answer.verdict, answer.gap) == (LegalVerdict.REFUSED, gap)
    assert answer.missing


def test_a_refusal_for_the_level_names_the_least_severe_level_asked_for():
    least = [provision(minimum_level=LEVEL_I), provision(minimum_level=LEVEL_II)]

    assert ask(least, level=LEVEL_III).missing == "suspend_classes asks for LEVEL_II or more severe"


def test_a_refusal_names_who_holds_the_authority():
    assert ask([provision()], kind=ENTERPRISE).who_may_grant == (COMMAND,)


def test_a_refusal_names_rather_who_may_at_this_level_than_who_may_not_either():
    strict = provision(held_by=(COMMAND, ENTERPRISE), minimum_level=LEVEL_I)
    wide = provision(held_by=(COMMITTEE,), minimum_level=LEVEL_IV)

    assert ask([strict, wide], level=LEVEL_III).who_may_grant == (COMMITTEE,)


def test_a_refusal_names_the_units_that_could_take_the_measure():
    units = [("org_firm", ENTERPRISE, "410100"), ("org_command", COMMAND, "410100")]

    assert ask([provision()], kind=ENTERPRISE, units=units).holders == ("org_command",)


def test_nobody_holds_an_authority_that_no_provision_gives():
    assert ask([provision(measures=("close_tunnel",))]).who_may_grant == ()


def test_holders_are_of_the_kinds_in_the_area_or_around_it_the_nearest_first():
    units = [
        ("org_410000", COMMITTEE, "410000"),
        ("org_410100_b", COMMAND, "410100"),
        ("org_410100_a", COMMITTEE, "410100"),
        ("org_410100_firm", ENTERPRISE, "410100"),
        ("org_410105", COMMAND, "410105"),
        ("org_410300", COMMITTEE, "410300"),
        ("org_nation", COMMITTEE, "000000"),
    ]

    found = law.holders((COMMITTEE, COMMAND), units, "410100")

    assert found == ("org_410100_a", "org_410100_b", "org_410000", "org_nation")


days = st.integers(-3, 3).map(lambda count: NOW + timedelta(days=count))
provisions = st.lists(
    st.builds(
        provision,
        measures=st.sampled_from([("suspend_classes",), ("close_tunnel",)]),
        held_by=st.sets(st.sampled_from([COMMAND, ENTERPRISE, COMMITTEE]), min_size=1).map(tuple),
        minimum_level=st.sampled_from([None, *ResponseLevel]),
        territory=st.sampled_from([None, "410000", "410100", "410300"]),
        maximum_duration_minutes=st.sampled_from([None, 60, 180]),
        valid_from=days,
        valid_to=st.none() | days,
        duties=st.sampled_from([(), (TELL,), (TELL, PAY)]),
    ),
    min_size=1,
    max_size=5,
)
questions = st.fixed_dictionaries(
    {
        "kind": st.sampled_from([COMMAND, ENTERPRISE]),
        "level": st.sampled_from([None, *ResponseLevel]),
        "minutes": st.sampled_from([None, 30, 60, 61, 180, 181]),
    }
)


@given(provisions, questions)
def test_a_kind_that_may_grant_may_take_the_measure_whenever_any_kind_may(laws, question):
    answers = {kind: ask(laws, **question | {"kind": kind}) for kind in OrganizationKind}
    able = {kind for kind, one in answers.items() if one.verdict is LegalVerdict.ALLOWED}

    refused = [one for one in answers.values() if one.verdict is LegalVerdict.REFUSED]

    for one in refused:
        assert one.gap is not None
        assert not able or set(one.who_may_grant) == able


@given(provisions, provisions, questions)
def test_more_law_never_takes_leave_away(laws, more, question):
    allowed = ask(laws, **question).verdict is LegalVerdict.ALLOWED

    assert not allowed or ask([*laws, *more], **question).verdict is LegalVerdict.ALLOWED


@given(provisions, questions)
def test_an_allowed_measure_may_last_as_long_as_its_answer_says_and_no_longer(laws, question):
    answer = ask(laws, **question)
    if answer.verdict is not LegalVerdict.ALLOWED or answer.longest_minutes is None:
        return
    longest = answer.longest_minutes

    verdicts = [ask(laws, **question | {"minutes": longest + more}).verdict for more in (0, 1)]

    assert verdicts == [LegalVerdict.ALLOWED, LegalVerdict.REFUSED]


@given(provisions, questions, st.randoms(use_true_random=False))
def test_the_order_of_provisions_changes_no_verdict(laws, question, chance):
    shuffled = chance.sample(laws, len(laws))

    first, second = ask(laws, **question), ask(shuffled, **question)

    assert (first.verdict, first.gap, first.missing) == (second.verdict, second.gap, second.missing)
    assert set(first.duties) == set(second.duties)
