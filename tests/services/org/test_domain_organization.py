"""Who is accountable, who commands, who is on duty."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.org import domain
from vocabulary import Mode, OrganizationKind, is_within

CODES = ["410000", "410100", "410105", "410106", "420000", "000000"]
NOW = datetime(2021, 7, 19, 13, 59, tzinfo=UTC)
organizations = st.lists(
    st.builds(
        domain.Organization,
        id=st.sampled_from([f"org_{n}" for n in range(12)]),
        name_zh=st.just("z"),
        name_en=st.just("e"),
        kind=st.sampled_from(list(OrganizationKind)),
        jurisdiction=st.sampled_from(CODES),
        functions=st.lists(st.sampled_from(["a", "b"]), max_size=2, unique=True).map(tuple),
        emergency_types=st.lists(st.sampled_from(["11", "11B", "12"]), max_size=2).map(tuple),
    ),
    unique_by=lambda one: one.id,
    max_size=12,
)


@given(organizations, st.sampled_from(CODES))
def test_a_function_has_one_accountable_organization_of_the_nearest_division(known, code) -> None:
    found = domain.accountable(known, "a", code)

    holders = [
        one for one in known if "a" in one.functions and one.jurisdiction in domain.lineage(code)
    ]
    if found.organization is None:
        assert holders == []
        return
    assert is_within(code, found.organization.jurisdiction)
    nearest = domain.lineage(code).index(found.organization.jurisdiction)
    assert all(domain.lineage(code).index(one.jurisdiction) >= nearest for one in holders)
    rivals = {one.id for one in holders if one.jurisdiction == found.organization.jurisdiction} - {
        found.organization.id
    }
    assert set(found.rivals) == rivals


@given(organizations, st.sampled_from(CODES), st.randoms())
def test_who_commands_does_not_depend_on_the_order_of_reading(known, code, random) -> None:
    shuffled = list(known)
    random.shuffle(shuffled)

    assert domain.commanding(known, code, "11B03") == domain.commanding(shuffled, code, "11B03")


def test_a_special_command_goes_before_the_office_and_the_narrower_before_the_wider() -> None:
    def organization(id: str, kind: OrganizationKind, *types: str) -> domain.Organization:
        return domain.Organization(
            id=id, name_zh=id, name_en=id, kind=kind, jurisdiction="410100", emergency_types=types
        )

    office = organization("a", OrganizationKind.COMMITTEE_OFFICE)
    wide = organization("b", OrganizationKind.SPECIAL_COMMAND, "11")
    narrow = organization("c", OrganizationKind.SPECIAL_COMMAND, "11B03")

    known = (office, wide, narrow)
    found = {kind: domain.commanding(known, "410105", kind) for kind in ("11B03", "11A01", "12A01")}
    assert found == {"11B03": narrow, "11A01": wide, "12A01": office}


shifts = st.lists(
    st.tuples(st.integers(0, 100), st.integers(1, 50)).map(
        lambda pair: domain.Shift(
            person="p",
            starts=NOW + timedelta(hours=pair[0]),
            ends=NOW + timedelta(hours=pair[0] + pair[1]),
        )
    ),
    min_size=1,
    max_size=8,
)


@given(shifts)
def test_the_next_gap_is_the_first_hour_that_nobody_holds(roster) -> None:
    post = domain.Post(
        id="p",
        organization="o",
        title_zh="z",
        title_en="e",
        rung=0,
        channels=("phone",),
        modes=(Mode.REAL,),
        roster=tuple(roster),
    )

    gap = domain.next_gap(post, NOW)

    assert gap is not None
    assert not domain.is_held(post, gap.starts)
    hours = int((gap.starts - NOW) / timedelta(hours=1))
    assert all(domain.is_held(post, NOW + timedelta(hours=hour)) for hour in range(hours))
    assert gap.ends is None or domain.is_held(post, gap.ends)


@given(organizations, st.sampled_from(CODES), st.sampled_from(["11B03", "12A01"]))
def test_whoever_supervises_never_commands(known, code, emergency_type) -> None:
    found = domain.commanding(known, code, emergency_type)

    assert found is None or found.kind is not OrganizationKind.SUPERVISION_ORGANIZATION
