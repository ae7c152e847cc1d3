"""Decisions on single objects."""

from datetime import UTC, datetime, timedelta

import pytest

from chassis.errors import NotFound, missing
from chassis.policy import Grant, NotPermitted, Policy, PolicyError, SecondPersonRequired, Target
from chassis.unit_of_work import Caller
from vocabulary import area

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
POLICY = Policy.load("tests.chassis.toy", areas=area)
JAR = Target(kind="jar", id="jar_1", area="410105", organizations=frozenset({"org_a"}))


def ali(*grants: Grant, subject: str = "ali") -> Caller:
    return Caller(subject=subject, grants=grants)


def keeper(area: str = "410100", **about: object) -> Grant:
    return Grant(role="keeper", area=area, **about)  # type: ignore[arg-type]


def test_who_holds_nothing_may_nothing():
    decision = POLICY.decide(ali(), "fill", JAR, now=NOW)

    assert (decision.allowed, decision.policies, decision.grant) == (False, (), None)
    assert decision.grantable_by == "the head of the pantry"
    assert "the role keeper" in decision.reason


def test_a_role_reaches_all_areas_within_its_own():
    allowed = POLICY.decide(ali(keeper("410000")), "fill", JAR, now=NOW)
    refused = POLICY.decide(ali(keeper("420000")), "fill", JAR, now=NOW)

    assert (allowed.allowed, allowed.policies) == (True, ("fill-jar",))
    assert allowed.grant == keeper("410000")
    assert not refused.allowed


@pytest.mark.parametrize("area", ["", "nowhere", "410105; DROP", "4101"])
def test_what_is_no_area_covers_nothing(area):
    assert not POLICY.decide(ali(keeper(area)), "fill", JAR, now=NOW).allowed


def test_a_role_and_an_area_of_two_grants_do_not_make_a_third():
    both = ali(keeper("420000"), Grant(role="viewer", area="410100"))

    assert not POLICY.decide(both, "fill", JAR, now=NOW).allowed


def test_a_grant_holds_from_its_first_instant_until_just_before_its_last():
    hour = timedelta(hours=1)
    grant = keeper(valid_from=NOW, valid_to=NOW + hour)
    moments = [NOW - timedelta(microseconds=1), NOW, NOW + hour]

    found = [POLICY.decide(ali(grant), "fill", JAR, now=at).allowed for at in moments]

    assert found == [False, True, False]


def test_a_service_acts_in_its_own_name_and_no_token_can_take_it():
    service = POLICY.decide(Caller.service("toy"), "fill", JAR, now=NOW)
    other = POLICY.decide(Caller.service("finder"), "fill", JAR, now=NOW)
    bearer = POLICY.decide(ali(subject="service:toy"), "fill", JAR, now=NOW)

    assert (service.allowed, other.allowed, bearer.allowed) == (True, False, False)


def test_whoever_did_the_step_before_is_told_that_a_second_person_must():
    jar = Target(kind="jar", id="jar_1", area="410105", authors=frozenset({"ali"}))
    decision = POLICY.decide(ali(keeper()), "check", jar, now=NOW)

    refusal = POLICY.refusal(ali(keeper()), decision, now=NOW)

    assert isinstance(refusal, SecondPersonRequired)
    assert decision.policies == ("second-person",)
    assert POLICY.decide(ali(keeper(), subject="bo"), "check", jar, now=NOW).allowed


def test_what_a_viewer_sees_but_may_not_touch_is_refused_with_the_reason():
    viewer = ali(Grant(role="viewer", area="410100"))

    refusal = POLICY.refusal(viewer, POLICY.decide(viewer, "fill", JAR, now=NOW), now=NOW)

    assert isinstance(refusal, NotPermitted)
    assert refusal.extra["action"] == "fill"
    assert refusal.extra["grantableBy"] == "the head of the pantry"


def test_what_a_caller_may_not_see_is_not_there():
    stranger = ali(keeper("420000"))

    refusal = POLICY.refusal(stranger, POLICY.decide(stranger, "fill", JAR, now=NOW), now=NOW)

    same = missing("jar", "jar_1")
    assert isinstance(refusal, NotFound)
    assert (refusal.slug, refusal.message, refusal.remedy, refusal.extra, refusal.field) == (
        same.slug,
        same.message,
        same.remedy,
        same.extra,
        same.field,
    )


def test_what_would_only_be_created_is_refused_and_not_missing():
    stranger = ali(keeper("420000"))
    jar = Target(kind="jar", id="jar_2", area="410105", new=True)

    refusal = POLICY.refusal(stranger, POLICY.decide(stranger, "open", jar, now=NOW), now=NOW)

    assert isinstance(refusal, NotPermitted)


def test_what_is_sealed_is_shown_to_those_cleared_for_its_place_or_organization():
    sealed = Target(
        kind="jar", id="jar_1", area="410105", organizations=frozenset({"org_a"}), sealed=True
    )
    here = Grant(role="sealed_reader", area="410100")
    elsewhere = Grant(role="sealed_reader", area="420000")
    inside = Grant(role="sealed_reader", area="", organization="org_a")

    def sees(*grants: Grant) -> bool:
        return POLICY.decide(ali(*grants), "view", sealed, now=NOW).allowed

    assert [sees(keeper()), sees(keeper(), elsewhere)] == [False, False]
    assert [sees(here), sees(inside), sees(keeper(), inside)] == [True, True, True]
    cleared = ali(keeper(), here)
    assert POLICY.decide(cleared, "fill", sealed, now=NOW).allowed


def test_an_action_that_no_policy_speaks_of_is_a_bug():
    with pytest.raises(LookupError, match="fil"):
        POLICY.decide(ali(keeper()), "fil", JAR, now=NOW)


def test_permissions_say_why_not_and_who_could_grant_it():
    viewer = ali(Grant(role="viewer", area="410100"))

    view, fill = POLICY.permissions(viewer, JAR, ["view", "fill"], now=NOW)

    assert (view.allowed, view.reason, view.grantable_by) == (True, None, None)
    assert (fill.allowed, fill.grantable_by) == (False, "the head of the pantry")


FORBID = "forbid (principal, action, resource) when { resource.colour == 1 };"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (f'@id("a") {FORBID}', "a: "),
        (FORBID, r"\(none\)"),
        ('@id("sealed") permit (principal, action, resource);', "sealed"),
    ],
)
def test_policies_that_would_silently_not_hold_are_refused_at_the_start(text, fault):
    with pytest.raises(PolicyError, match=fault):
        Policy(text, areas=area)
