"""Situation reports as pure decisions: drafted from facts, frozen by a signature, never summed."""

import dataclasses
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.org import domain, store
from tests.harness import START
from vocabulary import Grade, Mode, OrganizationKind, Place

RULES = store.reporting_rules()
FIGURES = store.figure_rule()
TIMES = domain.ReportingTimes(
    grade=None,
    phone_minutes=30,
    written_minutes=120,
    follow_up_minutes=120,
    final_minutes=1440,
    ahead_minutes=30,
    rule="test@1",
)
SOURCES = ("health", "public-security", "media")


def fact(metric: str, value: float | None, source: str = "health", **more: Any) -> domain.Fact:
    defaults: dict[str, Any] = {
        "id": f"fig_{metric}_{source}_{value}",
        "unit": "1",
        "observed_at": START,
        "recorded_at": START,
        "recorded_by": "wang",
    }
    return domain.Fact(metric=metric, value=value, source=source, **defaults | more)


def incident(*facts: domain.Fact, **more: Any) -> domain.Incident:
    preferred = domain.preferred(FIGURES, facts)
    defaults: dict[str, Any] = {
        "id": "inc_1",
        "number": "410100-20260601-001",
        "mode": Mode.REAL,
        "title": "collapse in a pit",
        "emergency_type": "12A01",
        "place": Place(longitude=113.62, latitude=34.75),
        "jurisdiction": "410100",
        "facts": facts,
        "preferred": tuple(one.id for one in preferred.values()),
        "declared_at": START,
        "declared_by": "wang",
        "updated_at": START,
    }
    return domain.Incident(**defaults | more)


def content(*facts: domain.Fact, before: domain.Content | None = None, **more: Any):
    return domain.draft_content(
        incident(*facts, **more), FIGURES, measures=(), before=before, now=START
    )


def report(*facts: domain.Fact, **more: Any) -> domain.SituationReport:
    drafted, _ = domain.draft_report(
        "sit_1",
        incident(*facts),
        stage=domain.ReportStage.INITIAL,
        ordinal=0,
        content=content(*facts),
        organization_id="org_city",
        recipient_id="org_province",
        times=TIMES,
        due_at=START + timedelta(hours=2),
        now=START,
    )
    return dataclasses.replace(drafted, **more)


CALL = domain.Call(at=START, to="provincial duty post", by="wang")


def organization(id: str, code: str) -> domain.Organization:
    kind = OrganizationKind.COMMITTEE_OFFICE
    return domain.Organization(id=id, name_zh=id, name_en=id, kind=kind, jurisdiction=code)


PROVINCE = organization("org_province", "410000")
NATION = organization("org_nation", "000000")


@given(
    values=st.lists(
        st.tuples(st.sampled_from(SOURCES), st.integers(0, 300)), min_size=1, max_size=8
    )
)
def test_a_stated_figure_is_always_one_that_a_source_said_and_never_a_sum(values):
    facts = [
        fact(
            "deaths", float(value), source, id=f"fig_{n}", observed_at=START + timedelta(minutes=n)
        )
        for n, (source, value) in enumerate(values)
    ]

    [stated] = content(*facts).figures

    assert (stated.source, stated.value) in {(one.source, one.value) for one in facts}


def test_what_is_not_known_contradicted_unconfirmed_or_fallen_is_named():
    before = content(fact("deaths", 9))
    waiting = fact("serious_injured", 90, "citizen", id="fig_w", state=domain.FactState.UNCONFIRMED)

    said = content(
        fact("deaths", 6, correction_reason="counted twice"),
        fact("deaths", 11, "media", id="fig_m"),
        waiting,
        before=before,
    )

    doubts = {(one.about, one.why, one.detail) for one in said.unclear}
    assert {
        ("occurredAt", domain.Doubt.UNKNOWN, ""),
        ("grade", domain.Doubt.UNKNOWN, ""),
        ("affected", domain.Doubt.UNKNOWN, ""),
        ("deaths", domain.Doubt.CONTRADICTED, "media 11"),
        ("deaths", domain.Doubt.DECREASED, "9"),
        ("serious_injured", domain.Doubt.UNCONFIRMED, "citizen 90"),
    } <= doubts
    assert said.figures[0].was == 9


def test_zero_is_known_and_unknown_is_not_zero():
    said = content(fact("deaths", 0), fact("affected", None))

    unknown = {one.about for one in said.unclear if one.why is domain.Doubt.UNKNOWN}
    assert "deaths" not in unknown
    assert "affected" in unknown
    text = domain.text_en(report(fact("deaths", 0), fact("affected", None)))
    assert "- deaths 0 (source: health" in text
    assert "- people affected unknown (source: health" in text


@pytest.mark.parametrize(
    ("emergency_type", "grade", "phone", "written", "rule"),
    [
        ("11B03", Grade.GRADE_I, 30, 120, "reporting-national@2024.1"),
        ("11B03", Grade.GRADE_IV, None, 240, "reporting-national@2024.1"),
        ("11B03", None, None, 120, "reporting-national@2024.1"),
        ("12A01", Grade.GRADE_IV, None, 120, "reporting-work-accidents@2007.1"),
        ("13", Grade.GRADE_II, 30, 120, "reporting-public-health@2003.1"),
    ],
)
def test_times_are_those_of_the_narrowest_rule_for_type_and_grade(
    emergency_type, grade, phone, written, rule
):
    times = domain.reporting_times(
        RULES, emergency_type, grade=grade, jurisdiction="410105", at=START
    )

    assert times is not None
    assert (times.phone_minutes, times.written_minutes, times.rule) == (phone, written, rule)


def test_before_a_rule_is_in_force_it_gives_no_times():
    long_ago = START.replace(year=2000)

    assert (
        domain.reporting_times(RULES, "12A01", grade=None, jurisdiction="410100", at=long_ago)
        is None
    )


@pytest.mark.parametrize(
    "change",
    [
        {"times": [{"grade": "GRADE_I", "written_minutes": 1, "follow_up_minutes": 60}]},
        {
            "times": [
                {"grade": "GRADE_I"}
                | dict.fromkeys(("written_minutes", "follow_up_minutes", "final_minutes"), 60)
            ]
        },
        {
            "times": [
                {"phone_minutes": 90}
                | dict.fromkeys(("written_minutes", "follow_up_minutes", "final_minutes"), 60)
            ]
        },
        {"ahead_minutes": 600},
    ],
    ids=["no final time", "nothing for no grade", "call after paper", "drafted before its time"],
)
def test_a_rule_file_that_does_not_say_all_is_refused(change):
    whole = {
        "id": "r",
        "version": 1,
        "emergency_types": ["11"],
        "effective_from": START.date(),
        "source": "s",
        "ahead_minutes": 30,
        "times": [dict.fromkeys(("written_minutes", "follow_up_minutes", "final_minutes"), 60)],
    }
    assert domain.parse_reporting_rule(whole).times[0].phone_minutes is None

    with pytest.raises(domain.RuleDataInvalid):
        domain.parse_reporting_rule(whole | change)


@given(deaths=st.integers(0, 50), later=st.integers(51, 90))
def test_a_signature_covers_what_was_signed_and_facts_no_longer_move_it(deaths, later):
    draft = report(fact("deaths", deaths))
    signed, _ = domain.sign_report(draft, by="org_city/leader", now=START)
    news = content(fact("deaths", later))

    kept, said = domain.follow_facts(signed, news, times=TIMES, due_at=START)
    followed, _ = domain.follow_facts(draft, news, times=TIMES, due_at=draft.due_at)

    assert (kept, said) == (signed, None)
    assert signed.digest == domain.digest_of(signed) == domain.digest_of(draft)
    assert domain.digest_of(followed) != signed.digest


def test_new_words_make_a_signed_report_a_draft_again_and_a_sent_one_refuses_them():
    signed, _ = domain.sign_report(report(), by="l", now=START)

    revised, _ = domain.revise_report(signed, content(), note="rain goes on", by="li", now=START)

    assert (revised.status, revised.signed_by, revised.digest) == ("DRAFT", None, None)
    sent, _ = domain.send_report(dataclasses.replace(signed, calls=(CALL,)), by="wang", now=START)
    with pytest.raises(domain.SituationReportStatusWrong):
        domain.revise_report(sent, content(), note="x", by="li", now=START)


def test_an_urgent_report_is_phoned_before_it_is_sent():
    signed, _ = domain.sign_report(report(), by="l", now=START)
    assert signed.is_urgent

    with pytest.raises(domain.PhoneFirst):
        domain.send_report(signed, by="wang", now=START)

    phoned, _ = domain.phone_report(signed, CALL)
    sent, _ = domain.send_report(phoned, by="wang", now=START)
    assert sent.status is domain.SituationReportStatus.SENT


def test_a_report_without_a_recipient_is_not_sent():
    signed, _ = domain.sign_report(report(recipient_id=None, calls=(CALL,)), by="l", now=START)

    with pytest.raises(domain.RecipientMissing):
        domain.send_report(signed, by="wang", now=START)


def test_a_level_is_skipped_upward_with_a_reason_and_gets_a_copy():
    draft = report()
    with pytest.raises(domain.SkipReasonMissing):
        domain.address_report(draft, NATION, present=PROVINCE, reason=None)
    below = organization("org_district", "410105")
    with pytest.raises(domain.RecipientNotAbove):
        domain.address_report(draft, below, present=PROVINCE, reason="x")

    skipped = domain.address_report(draft, NATION, present=PROVINCE, reason="lines are down")

    assert (skipped.recipient_id, skipped.skipped_id) == ("org_nation", "org_province")
    assert "lines are down" in domain.text_en(skipped)
    assert "越级上报" in domain.text_zh(skipped)


def test_another_office_of_the_next_level_skips_nobody():
    office = organization("org_province_office", "410000")

    addressed = domain.address_report(report(), office, present=PROVINCE, reason=None)

    assert (addressed.recipient_id, addressed.skipped_id) == (office.id, None)


def test_it_is_seen_above_only_once_it_is_sent():
    signed, _ = domain.sign_report(report(calls=(CALL,)), by="l", now=START)
    sent, _ = domain.send_report(signed, by="w", now=START)

    assert domain.report_parties(signed) == ("org_city",)
    assert domain.report_parties(sent) == ("org_city", "org_province")


def test_a_receipt_counts_once_and_not_before_it_is_sent():
    signed, _ = domain.sign_report(report(calls=(CALL,)), by="l", now=START)
    with pytest.raises(domain.SituationReportStatusWrong):
        domain.receipt_report(signed, by="p", reference=None, now=START)
    sent, _ = domain.send_report(signed, by="w", now=START)

    received, said = domain.receipt_report(sent, by="p", reference="豫值〔2026〕7", now=START)
    again, silence = domain.receipt_report(received, by="q", reference="other", now=START)

    assert said is not None
    assert (again, silence) == (received, None)


@given(sooner=st.integers(-300, 300))
def test_a_due_time_only_ever_moves_nearer(sooner):
    draft = report(fact("deaths", 1))
    due = draft.due_at + timedelta(minutes=sooner)

    followed, _ = domain.follow_facts(draft, content(fact("deaths", 2)), times=TIMES, due_at=due)

    assert followed.due_at == min(due, draft.due_at)


def test_nothing_new_is_no_event():
    draft = report(fact("deaths", 1))
    same = dataclasses.replace(draft.content, as_of=START + timedelta(minutes=5))

    assert domain.follow_facts(draft, same, times=TIMES, due_at=draft.due_at) == (draft, None)


def test_an_exercise_says_so_in_both_languages():
    drill = report(mode=Mode.EXERCISE)

    assert domain.heading(drill) == (
        "【演练】collapse in a pit初报",
        "[EXERCISE] collapse in a pit: initial report",
    )


@given(people=st.integers(0, 1_400_000_000))
def test_a_figure_is_printed_whole_and_never_rounded(people):
    before = content(fact("affected", float(people + 1)))
    said = content(
        fact("affected", float(people)),
        fact("affected", float(people + 7), "media", id="fig_m"),
        before=before,
    )
    printed = dataclasses.replace(report(), content=said)

    for text in (domain.text_zh(printed), domain.text_en(printed)):
        words = text.replace("(", " ").replace(")", " ").replace(";", " ").split()
        assert {str(people), str(people + 1), str(people + 7)} <= set(words)


def test_the_final_report_of_a_false_alarm_says_that_it_was_one():
    said = content(fact("deaths", 0), status=domain.IncidentStatus.FALSE_ALARM)
    final = report(stage=domain.ReportStage.FINAL, ordinal=1, content=said)

    assert "状态:误报" in domain.text_zh(final)
    assert "Status: false alarm" in domain.text_en(final)


@pytest.mark.parametrize("status", list(domain.IncidentStatus))
def test_every_status_of_an_incident_has_words(status):
    said = report(content=content(status=status))

    assert f"Status: {status.value.lower().replace('_', ' ')}" in domain.text_en(said)
    assert "状态:" in domain.text_zh(said)
