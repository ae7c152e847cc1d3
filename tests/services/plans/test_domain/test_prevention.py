"""In force before the incident: marked as such, joined to it, and by how much."""

from dataclasses import replace
from datetime import datetime, timedelta

from services.plans import domain
from tests.harness import START
from tests.services.plans.city import CITY, RAINSTORM, SMALL
from tests.services.plans.player import CHEN, LEVEL_II, LEVEL_III, SIGNAL, Player
from vocabulary import Mode

DECLARED = domain.Cause(domain.CauseKind.INCIDENT, "inc_1", domain.News.ANNOUNCED)
REPORTED = domain.Cause(domain.CauseKind.INCIDENT, "inc_1", domain.News.REPORTED)


def incident(declared: int, *, id: str = "inc_1", occurred: int | None = None) -> domain.Incident:
    """An incident declared, and perhaps known to have occurred, so many minutes after the start."""
    return domain.Incident(
        id=id,
        number="410100-20260601-001",
        title="Water in the tunnel",
        mode=Mode.REAL,
        emergency_type=RAINSTORM,
        status="DECLARED",
        grade=None,
        grade_rule=None,
        jurisdiction=SMALL,
        place=None,
        figures=(),
        declared_at=at(declared),
        closed_at=None,
        as_of=at(declared),
        occurred_at=None if occurred is None else at(occurred),
    )


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def test_what_is_in_force_on_a_signal_before_any_incident_is_preventive():
    player = Player()

    player.weigh(SIGNAL, signal_orange_population_share=0.4)

    assert player.present.preventive
    assert player.present.lead is None


def test_the_incident_that_follows_is_joined_with_the_minutes_before_it():
    player = Player()
    player.weigh(SIGNAL, signal_orange_population_share=0.4)
    player.wait(95)

    player.incidents = (incident(95),)
    decision = player.weigh(DECLARED)

    (told,) = decision.events
    assert isinstance(told, domain.ActivationMaintained)
    assert told.activation.incident_id == "inc_1"
    assert told.activation.incidents == ("inc_1",)
    lead = told.activation.lead
    assert lead == domain.Lead("inc_1", START, at(95))
    assert (lead.to_declaration_minutes, lead.to_occurrence_minutes) == (95.0, None)


def test_when_it_is_known_when_it_happened_the_minutes_before_that_are_told_too():
    player = Player()
    player.weigh(SIGNAL, signal_orange_population_share=0.4)
    player.wait(95)
    player.incidents = (incident(95),)
    player.weigh(DECLARED)

    player.incidents = (incident(95, occurred=80),)
    player.weigh(REPORTED)

    lead = player.present.lead
    assert lead is not None
    assert (lead.to_declaration_minutes, lead.to_occurrence_minutes) == (95.0, 80.0)


def test_what_happened_before_the_response_has_a_lead_below_zero():
    player = Player(now=at(30))
    player.weigh(SIGNAL, signal_orange_population_share=0.4)
    player.wait(30)

    player.incidents = (incident(60, occurred=20),)
    player.weigh(DECLARED)

    lead = player.present.lead
    assert lead is not None
    assert lead.to_occurrence_minutes == -10.0


def test_what_starts_while_an_incident_is_open_is_a_response_and_no_prevention():
    player = Player(incidents=(incident(0),))

    player.weigh(DECLARED, deaths=0.0, rain_3h_mm=60.0)

    assert not player.present.preventive
    assert player.present.lead is None


def test_an_incident_declared_earlier_and_heard_later_was_not_prevented():
    player = Player(now=at(30))
    player.weigh(SIGNAL, signal_orange_population_share=0.4)

    player.incidents = (incident(10),)
    player.weigh(DECLARED)

    assert not player.present.preventive
    assert player.present.lead is None


def test_the_first_incident_is_the_one_and_a_second_changes_nothing():
    player = Player()
    player.weigh(SIGNAL, signal_orange_population_share=0.4)
    player.wait(40)
    player.incidents = (incident(40),)
    player.weigh(DECLARED)
    player.wait(40)

    player.incidents = (incident(40), incident(80, id="inc_2"))
    player.weigh(domain.Cause(domain.CauseKind.INCIDENT, "inc_2", domain.News.ANNOUNCED))

    assert player.present.lead == domain.Lead("inc_1", START, at(40))


def test_the_lead_counts_from_first_in_force_and_not_from_a_proposal_or_a_raise():
    player = Player()
    player.plan = replace(
        player.plan, levels=tuple(one for one in player.plan.levels if one.level is LEVEL_II)
    )
    player.weigh(SIGNAL, signal_red_population_share=0.4)
    player.wait(10)
    signed = domain.sign(player.plan, player.present, level=None, by=CHEN, on=player.situation())
    player.decided(signed)
    player.wait(20)

    player.incidents = (incident(30),)
    player.weigh(DECLARED)

    lead = player.present.lead
    assert lead is not None
    assert lead.to_declaration_minutes == 20.0


def test_what_is_over_before_the_incident_is_not_joined_to_it():
    player = Player()
    player.weigh(SIGNAL, signal_orange_population_share=0.4)
    player.weigh(signal_orange_population_share=0.0)
    player.wait(60)

    player.incidents = (incident(60),)
    player.weigh(DECLARED)

    assert player.stands == ("ENDED", None, None)
    assert player.present.lead is None


def test_an_incident_of_another_type_or_place_or_one_that_is_over_does_not_bear_on_the_plan():
    plan = Player().plan
    near = incident(0)

    assert plan.jurisdiction == CITY
    assert domain.bears_on(near, plan)
    assert not domain.bears_on(replace(near, emergency_type="12B01"), plan)
    assert not domain.bears_on(replace(near, jurisdiction="410200"), plan)
    assert not domain.bears_on(replace(near, status="CLOSED"), plan)


def test_what_is_shown_without_reasons_shows_no_lead():
    player = Player()
    player.weigh(SIGNAL, signal_orange_population_share=0.4)
    player.wait(95)
    player.incidents = (incident(95),)
    player.weigh(DECLARED)

    shown = domain.without_reasons(player.present)

    assert (shown.level, shown.lead, shown.incident_id) == (LEVEL_III, None, None)
