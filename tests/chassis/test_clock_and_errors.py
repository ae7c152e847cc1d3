"""Time, ids and refusals."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis import clock, errors
from chassis.clock import Clock, RehearsalClock

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def test_ids_carry_their_prefix_and_never_repeat():
    rehearsal = RehearsalClock(NOON)

    ids = [rehearsal.new_id("inc") for _ in range(5000)]

    assert len(set(ids)) == 5000
    assert all(len(one) == 36 and one.startswith("inc_") for one in ids)


def test_ids_sort_by_the_order_of_their_making():
    rehearsal = RehearsalClock(NOON)

    early = [rehearsal.new_id("inc") for _ in range(100)]
    rehearsal.set(NOON + timedelta(milliseconds=1))
    late = rehearsal.new_id("inc")

    assert [*early, late] == sorted([*early, late])


def test_an_id_is_a_version_7_uuid_of_business_time():
    from uuid import UUID

    one = UUID(RehearsalClock(NOON).new_id("inc").removeprefix("inc_"))

    assert (one.version, one.variant) == (7, "specified in RFC 4122")
    assert one.int >> 80 == int(NOON.timestamp() * 1000)


def test_a_rehearsal_follows_the_wall_until_it_is_set_then_stands_still():
    rehearsal = RehearsalClock(None)

    before = rehearsal.now()
    rehearsal.set(NOON - timedelta(days=2000))

    assert abs(before - rehearsal.wall()) < timedelta(minutes=1)
    assert rehearsal.now() == rehearsal.now() == NOON - timedelta(days=2000)


def test_business_time_never_goes_back():
    rehearsal = RehearsalClock(NOON)

    with pytest.raises(ValueError, match="cannot go back"):
        rehearsal.set(NOON - timedelta(seconds=1))

    assert rehearsal.now() == NOON


def test_the_clock_of_a_production_cannot_be_set():
    with pytest.raises(RuntimeError):
        Clock().set(NOON)


def test_instants_are_kept_in_utc_and_naive_ones_refused():
    beijing = timezone(timedelta(hours=8))

    assert clock.aware(datetime(2026, 6, 1, 20, 0, tzinfo=beijing)).isoformat() == NOON.isoformat()
    with pytest.raises(ValueError, match="offset"):
        clock.aware(datetime(2026, 6, 1, 20, 0))  # noqa: DTZ001


@given(attempt=st.integers(1, 10_000))
def test_waits_double_up_to_the_cap_and_differ_by_at_most_a_quarter(attempt):
    first, cap = timedelta(seconds=1), timedelta(seconds=60)

    wait = clock.backoff(attempt, first=first, cap=cap)

    full = min(cap, first * 2 ** min(attempt - 1, 10))
    assert full * 0.75 <= wait <= full


def test_a_refusal_carries_what_the_caller_needs():
    refusal = errors.VersionConflict(
        "Too late.", field=["version"], remedy="Read.", currentVersion=3
    )

    assert (refusal.kind, refusal.slug) == (errors.Kind.CONFLICT, "version-conflict")
    assert (refusal.field, refusal.remedy, refusal.extra) == (
        ("version",),
        "Read.",
        {"currentVersion": 3},
    )


def test_what_is_missing_is_named_in_the_slug():
    refusal = errors.missing("duty_post", "pst_1")

    assert isinstance(refusal, errors.NotFound)
    assert refusal.slug == "duty-post-not-found"
    assert "pst_1" in refusal.message
