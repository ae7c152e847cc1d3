"""Lists of case data show exactly the rows that the policy lets the reader view."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from chassis.policy import VIEW, Grant, Target, enter
from chassis.unit_of_work import Caller, UnitOfWork
from services.org import domain, store
from services.org.commands import target
from tests.harness import START, Harness
from vocabulary import Mode, Place

AREAS = ("410000", "410100", "410105", "420000")
ORGANIZATIONS = ("org_a", "org_b", "org_c")
TABLES = (
    *("incident", "order", "task", "obligation", "log_entry"),
    *("report", "reporter", "incident_command"),
)

grants = st.builds(
    Grant,
    role=st.sampled_from(["viewer", "commander", "sealed_reader"]),
    area=st.sampled_from((*AREAS, "000000", "")),
    organization=st.none() | st.sampled_from(ORGANIZATIONS),
)


@dataclass(frozen=True)
class Case:
    """One incident with one row of every kind that belongs to it."""

    area: str
    owner: str
    addressees: tuple[str, ...]
    sealed: bool
    sealed_after: bool  # sealed with all that was there, or there when all else comes


cases = st.builds(
    Case,
    area=st.sampled_from(AREAS),
    owner=st.sampled_from(ORGANIZATIONS),
    addressees=st.lists(st.sampled_from(ORGANIZATIONS), max_size=2, unique=True).map(tuple),
    sealed=st.booleans(),
    sealed_after=st.booleans(),
)


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(held=st.lists(grants, max_size=3), told=st.lists(cases, min_size=1, max_size=2))
async def test_a_list_shows_the_rows_that_the_policy_lets_the_reader_view(
    empty: Harness, held: list[Grant], told: list[Case]
) -> None:
    policy = empty.runtime.policy
    assert policy is not None
    caller = Caller(subject="ali", grants=tuple(held))
    targets = await empty.run(put_all, told)
    permitted = {
        (one.kind, one.id) for one in targets if policy.decide(caller, VIEW, one, now=START).allowed
    }

    scope = policy.scope(caller, now=START)
    async with empty.runtime.engine.begin() as db:
        await enter(db, scope)
        left = {
            (name, row.id)
            for name in TABLES
            for row in await db.execute(select(store.metadata.tables[name].c.id))
        }

    assert left == permitted


async def put_all(uow: UnitOfWork, told: Sequence[Case]) -> list[Target]:
    for name in TABLES:
        await uow.db.execute(delete(store.metadata.tables[name]))
    return [one for number, case in enumerate(told) for one in await put(uow, case, number)]


async def put(uow: UnitOfWork, case: Case, number: int) -> list[Target]:
    incident = incident_of(uow, case, number)
    if case.sealed_after:
        incident = await store.put_incident(uow.db, replace(incident, sealed=False))
    else:
        incident = await store.put_incident(uow.db, incident)
    order = await store.put_order(uow.db, order_of(uow, case, incident))
    task = await store.put_task(uow.db, task_of(uow, case, incident))
    owed = await store.put_obligation(uow.db, obligation_of(uow, case, incident))
    line = await store.put_log_entry(uow.db, line_of(uow, case, incident))
    report = report_of(uow, case, incident)
    # told before anybody knew of what, as always
    await store.put_report(uow.db, replace(report, incident_id=None))
    told = domain.Reporter(id=report.id, jurisdiction=case.area, received_at=START)
    told = await store.put_reporter(uow.db, told)
    report = await store.put_report(uow.db, replace(report, version=1))
    command = await store.put_command(uow.db, command_of(uow, case, incident))
    if case.sealed_after:
        incident = await store.put_incident(uow.db, replace(incident, sealed=case.sealed))
        await store.seal_with(uow.db, incident)
    db = uow.db
    return [
        target.of_incident(incident),
        await target.of_order(db, order),
        await target.of_task(db, task),
        await target.of_obligation(db, owed),
        await target.of_log_entry(db, line),
        await target.of_report(db, report),
        await target.of_reporter(db, told),
        Target(
            kind="incident_command",
            id=command.id,
            area=case.area,
            organizations=frozenset({case.owner}),
            sealed=incident.sealed,
        ),
    ]


def incident_of(uow: UnitOfWork, case: Case, number: int) -> domain.Incident:
    return domain.Incident(
        id=uow.new_id("inc"),
        number=f"{number}",
        mode=Mode.REAL,
        title="collapse",
        emergency_type="12A01",
        place=Place(113.6, 34.7),
        jurisdiction=case.area,
        declared_at=START,
        declared_by="wang",
        updated_at=START,
        sealed=case.sealed,
    )


def order_of(uow: UnitOfWork, case: Case, incident: domain.Incident) -> domain.Order:
    return domain.Order(
        id=uow.new_id("ord"),
        jurisdiction=case.area,
        organization_id=case.owner,
        incident_id=incident.id,
        mode=Mode.REAL,
        title_zh="令",
        title_en="order",
        measures=(),
        receipts=tuple(domain.Receipt(organization_id=one) for one in case.addressees),
        drafted_at=START,
    )


def task_of(uow: UnitOfWork, case: Case, incident: domain.Incident) -> domain.Task:
    id = uow.new_id("tsk")
    return domain.Task(
        id=id,
        activation_id="act_1",
        incident_id=incident.id,
        step=id,
        title_zh="步",
        title_en="step",
        organization_id=case.addressees[0] if case.addressees else None,
        function="education",
        created_at=START,
        due_at=START + timedelta(hours=1),
        mode=Mode.REAL,
        jurisdiction=case.area,
    )


def obligation_of(uow: UnitOfWork, case: Case, incident: domain.Incident) -> domain.Obligation:
    id = uow.new_id("obl")
    notices = tuple(
        domain.Notice(
            post="pst_1",
            organization_id=one,
            channel="phone",
            rung=0,
            sent_at=START,
            failure=failure,
        )
        for one, failure in zip(case.addressees, (None, "nobody-on-duty"), strict=False)
    )
    return domain.Obligation(
        id=id,
        key=id,
        kind=domain.ObligationKind.FORM_COMMAND,
        state=domain.ObligationState.OWED,
        owed_by=case.owner,
        subject=domain.Subject(domain.SubjectKind.INCIDENT, incident.id),
        title_zh="欠",
        title_en="owed",
        created_at=START,
        due_at=START,
        rule="r",
        ladder=(),
        notices=notices,
        mode=Mode.REAL,
        jurisdiction=case.area,
        incident_id=incident.id,
    )


def line_of(uow: UnitOfWork, case: Case, incident: domain.Incident) -> domain.LogEntry:
    return domain.LogEntry(
        id=uow.new_id("log"),
        at=START,
        recorded_at=START,
        kind=domain.LogKind.NOTE,
        text="x",
        by="wang",
        organization_id=case.owner,
        jurisdiction=case.area,
        incident_id=incident.id,
        mode=Mode.REAL,
    )


def report_of(uow: UnitOfWork, case: Case, incident: domain.Incident) -> domain.Report:
    return domain.Report(
        id=uow.new_id("rep"),
        source="hotline",
        jurisdiction=case.area,
        text="x",
        observed_at=START,
        received_at=START,
        mode=Mode.REAL,
        incident_id=incident.id,
    )


def command_of(uow: UnitOfWork, case: Case, incident: domain.Incident) -> domain.IncidentCommand:
    return domain.IncidentCommand(
        id=uow.new_id("cmd"),
        incident_id=incident.id,
        organization_id=case.owner,
        commander_post="pst_1",
        held_by=case.area,
        jurisdiction=case.area,
        mode=Mode.REAL,
        sections=(),
        span_of_control=0,
        formed_at=START,
    )
