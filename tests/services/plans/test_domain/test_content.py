"""What a level sets going: needs in numbers, and measures as far as the law goes."""

from services.plans import domain
from tests.harness import START
from tests.services.plans.city import COMMAND
from tests.services.plans.player import LEVEL_II, LEVEL_III, LEVEL_IV, Player, figure, flood
from vocabulary import LegalVerdict, OrganizationKind, Provision, ResponseLevel

PLAN = flood()
HOLDER = domain.Organization(
    id=COMMAND,
    name_zh="指挥部",
    name_en="command",
    kind=OrganizationKind.SPECIAL_COMMAND,
    jurisdiction="410100",
    as_of=START,
)


def provision(measure: str, minimum: ResponseLevel | None = None) -> domain.Provision:
    law = Provision(
        id=measure,
        instrument="Flood Control Law",
        article="45",
        measures=(measure,),
        held_by=(OrganizationKind.SPECIAL_COMMAND,),
        minimum_level=minimum,
        territory=None,
        maximum_duration_minutes=None,
        valid_from=START,
        valid_to=None,
        source="test",
    )
    return domain.Provision(id=measure, law=law)


def contents(*provisions: domain.Provision, **figures: float | None):
    facts = domain.Facts({name: figure(name, value) for name, value in figures.items()})
    law = domain.Law(provisions, HOLDER)
    return domain.contents(PLAN, facts, law=law, now=START)


def test_a_need_is_counted_by_its_formula_in_whole_units():
    found = contents(population=10_500_000.0)

    assert [one.quantity for one in found[LEVEL_III].requirements] == [11.0]
    assert [one.quantity for one in found[LEVEL_II].requirements] == [21.0]


def test_a_need_whose_inputs_nobody_knows_is_unknown_and_not_zero():
    assert [one.quantity for one in contents()[LEVEL_III].requirements] == [None]


def test_an_allowed_measure_takes_effect_by_itself_where_the_plan_says_so():
    (measure,) = contents(provision("inspect_tunnels"))[LEVEL_IV].measures

    assert measure.legal.verdict is LegalVerdict.ALLOWED
    assert measure.automatic
    assert measure.legal.provisions == ("Flood Control Law 45",)


def test_a_measure_that_the_law_refuses_never_takes_effect_by_itself():
    (measure,) = contents(provision("suspend_classes"))[LEVEL_IV].measures

    assert measure.legal.verdict is LegalVerdict.REFUSED
    assert not measure.automatic
    assert measure.legal.missing == "no provision authorises inspect_tunnels"


def test_without_provisions_the_law_is_unknown_and_a_person_must_sign():
    (measure,) = contents()[LEVEL_IV].measures

    assert measure.legal.verdict is LegalVerdict.UNKNOWN
    assert not measure.automatic


def test_without_its_organization_a_plan_has_no_authority_yet():
    player = Player(law=domain.Law((provision("inspect_tunnels"),), None))

    (measure,) = player.situation().contents[LEVEL_IV].measures

    assert measure.legal.verdict is LegalVerdict.UNKNOWN


def test_a_measure_is_asked_about_at_the_level_that_it_belongs_to():
    found = contents(provision("inspect_tunnels", minimum=LEVEL_II))

    verdicts = {level: found[level].measures[0].legal.verdict for level in (LEVEL_IV, LEVEL_II)}

    assert verdicts == {LEVEL_IV: LegalVerdict.REFUSED, LEVEL_II: LegalVerdict.ALLOWED}
