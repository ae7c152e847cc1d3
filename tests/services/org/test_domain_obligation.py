"""The clock on another object: whatever happens in whatever order, it stays honest."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.org import domain, store
from vocabulary import Mode, WarningColour

NOW = datetime(2021, 7, 19, 13, 59, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def owed() -> domain.Obligation:
    draft = domain.Obligation(
        id="obl_1",
        key="k",
        kind=domain.ObligationKind.ANSWER_SIGNAL,
        state=domain.ObligationState.OWED,
        owed_by="org_1",
        subject=domain.Subject(domain.SubjectKind.SIGNAL, "sig_1"),
        title_zh="t",
        title_en="t",
        created_at=NOW,
        due_at=NOW,
        rule="",
        ladder=(),
        mode=Mode.REAL,
        jurisdiction="410100",
    )
    limit = domain.limit_for(
        store.limit_rules(),
        domain.ObligationKind.ANSWER_SIGNAL,
        jurisdiction="410100",
        at=NOW,
        colour=WarningColour.RED,
    )
    return domain.owe(draft, limit)[0]


def notice(rung: int, at: datetime, failure: str | None = None) -> domain.Notice:
    return domain.Notice(
        post=f"pst_{rung}",
        organization_id="org_1",
        channel="phone",
        rung=rung,
        sent_at=at,
        failure=failure,
    )


@pytest.mark.parametrize("kind", list(domain.ObligationKind))
def test_every_kind_has_a_limit_and_a_ladder_from_data(kind: domain.ObligationKind) -> None:
    limit = domain.limit_for(store.limit_rules(), kind, jurisdiction="410105", at=NOW)

    assert limit.minutes > 0
    assert limit.ladder[0].after_minutes == 0


def test_no_rule_in_force_is_an_error_and_never_a_guess() -> None:
    with pytest.raises(domain.LimitMissing):
        domain.limit_for(
            store.limit_rules(),
            domain.ObligationKind.ANSWER_SIGNAL,
            jurisdiction="410100",
            at=datetime(2001, 1, 1, tzinfo=UTC),
        )


def rule(version: str, start: int, minutes: int, code: str = "000000") -> domain.LimitRule:
    return domain.parse_limit_rule(
        {
            "id": "r",
            "version": version,
            "jurisdiction": code,
            "effective_from": datetime(start, 1, 1, tzinfo=UTC).date(),
            "source": "test",
            "ladders": {"l": [{"after_minutes": 0}]},
            "limits": [{"kind": "ANSWER_SIGNAL", "minutes": minutes, "ladder": "l"}],
        }
    )


@given(st.permutations([rule("1", 2010, 60), rule("2", 2020, 30), rule("3", 2010, 15, "410100")]))
def test_the_nearest_jurisdiction_and_then_the_latest_version_set_the_limit(rules) -> None:
    def minutes(code: str, year: int) -> int:
        at = datetime(year, 6, 1, tzinfo=UTC)
        kind = domain.ObligationKind.ANSWER_SIGNAL
        return domain.limit_for(rules, kind, jurisdiction=code, at=at).minutes

    assert (minutes("410105", 2021), minutes("420100", 2021), minutes("420100", 2015)) == (
        15,
        30,
        60,
    )


@pytest.mark.parametrize("steps", [[], [{"after_minutes": 5}], [{"after_minutes": 0}] * 2])
def test_a_ladder_that_does_not_climb_is_refused(steps) -> None:
    raw = {
        "id": "r",
        "version": "1",
        "effective_from": NOW.date(),
        "source": "test",
        "ladders": {"l": steps},
        "limits": [],
    }

    with pytest.raises(domain.RuleDataInvalid):
        domain.parse_limit_rule(raw)


steps = st.lists(
    st.tuples(
        st.sampled_from(["tell", "fail", "skip", "confirm", "answer", "overdue", "waive"]),
        st.integers(1, 20),
    ),
    max_size=25,
)


def apply(one: domain.Obligation, step: str, now: datetime) -> domain.Obligation:
    rung = domain.next_rung(one)
    if step in {"tell", "fail", "skip"}:
        if rung is None:
            return one
        if step == "skip":
            return domain.skip(one, rung)
        failure = "no answer" if step == "fail" else None
        return domain.tell(one, notice(rung.rung, now, failure))[0]
    if step == "confirm":
        told = [each.post for each in one.notices if each.failure is None]
        return domain.confirm(one, post=told[-1], person="p", now=now)[0] if told else one
    if step == "answer":
        return domain.answer(one, at=now, by="x", system_was_up=True)[0]
    if step == "overdue":
        return domain.run_overdue(one, now=now, system_was_up=True)[0]
    return domain.waive(one, "r")[0]


@given(steps)
def test_an_obligation_stays_honest_whatever_happens(happenings) -> None:
    one, now = owed(), NOW
    for step, minutes in happenings:
        now += minutes * MINUTE
        before, one = one, apply(one, step, now)

        rungs = [each.rung for each in one.notices]
        assert rungs == sorted(rungs)
        assert len(one.notices) >= len(before.notices)
        assert one.due_at == before.due_at
        if not domain.is_open(before):
            assert one.state is before.state
            assert domain.climb_due_at(one) is None
        if one.state is domain.ObligationState.OVERDUE:
            assert now >= one.due_at
        confirmed = any(each.confirmed_at for each in one.notices)
        assert (domain.reached(one) is domain.Reached.CONFIRMED) == confirmed
        if domain.is_climbing(one):
            assert domain.next_rung(one) is not None


@given(steps)
def test_overdue_is_raised_at_most_once(happenings) -> None:
    one, now, raised = owed(), NOW, 0
    for step, minutes in [*happenings, ("overdue", 60), ("overdue", 60)]:
        now += minutes * MINUTE
        if step == "overdue":
            one, said = domain.run_overdue(one, now=now, system_was_up=None)
            raised += said is not None
        else:
            one = apply(one, step, now)

    assert raised <= 1


@given(st.lists(st.integers(1, 500), max_size=8), st.integers(0, 500), st.integers(0, 500))
def test_an_outage_is_seen_exactly_when_it_overlaps(gaps, start, length) -> None:
    beats = [NOW]
    outages = []
    for seconds in gaps:
        now = beats[-1] + timedelta(seconds=seconds)
        found = domain.silence(beats[-1], now)
        outages += [found] if found else []
        beats.append(now)
    begin = NOW + timedelta(seconds=start)
    end = begin + timedelta(seconds=length)

    silent = any(
        later - earlier > domain.SILENCE and earlier < end and begin < later
        for earlier, later in itertools.pairwise(beats)
    )
    assert domain.was_up(outages, begin, end) is not silent
