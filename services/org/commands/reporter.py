"""Commands on reporters: sealed, revealed for a purpose, held, expired, destroyed; nothing is said of them."""

from datetime import datetime, timedelta

import msgspec

from chassis import documents, sealing
from chassis.sealing import Ring
from chassis.unit_of_work import UnitOfWork
from services.org import domain, store
from services.org.commands import log_entry, target

_AT_ONCE = 200  # keys rewrapped in one unit of work: a second of locks


async def take_reporter(
    uow: UnitOfWork, report: domain.Report, person: domain.Person, *, ring: Ring
) -> domain.Reporter:
    """Seal who told under the report's id; it expires should nobody ever decide on the report.

    The number is looked up nowhere, so that no answer can depend on whether it is known.
    """
    plain = msgspec.json.encode(person)
    sealed, wrapped = sealing.seal(ring, plain, bound_to=report.id)
    reporter = await store.put_reporter(
        uow.db,
        domain.Reporter(
            id=report.id,
            jurisdiction=report.jurisdiction,
            sealed=sealed,
            received_at=report.received_at,
        ),
    )
    await store.put_key(uow.db, _key_row(report.id, person, wrapped, ring))
    return await _expire_at(uow, reporter, uow.now + _rule(uow).undecided)


async def decide_reporter(
    uow: UnitOfWork, report_id: str, incident: domain.Incident | None
) -> None:
    """Keep who told while the case is open; without one, or after its end, for the time of the rule."""
    reporter = await store.find_reporter(uow.db, report_id, lock=True)
    if reporter is None:
        return
    open_case = incident is not None and incident.closed_at is None
    await _expire_at(uow, reporter, None if open_case else uow.now + _rule(uow).after_case)


async def end_case(uow: UnitOfWork, incident: domain.Incident) -> None:
    """Let everyone who told of the incident, or of one that is part of it, expire after the rule's time."""
    case = await store.incidents_within(uow.db, incident.id)
    expires_at = uow.now + _rule(uow).after_case
    for report_id in await store.reports_of_incidents(uow.db, case):
        reporter = await store.find_reporter(uow.db, report_id, lock=True)
        if reporter is not None:
            await _expire_at(uow, reporter, expires_at)


async def reveal_reporter(
    uow: UnitOfWork, report_id: str, purpose: domain.Purpose, *, ring: Ring
) -> domain.Person:
    """Return who told, for that purpose; who asked and why stands in the duty log, without the data.

    Raises NotFound, ReporterErased, RevealedTooOften, KeyNotHeld.
    """
    reporter = await _get(uow, "reveal_reporter", report_id)
    by = uow.caller.person or uow.caller.subject
    await store.hold(uow.db, f"reveal/{by}")
    most = _rule(uow).reveals_per_hour
    if await store.reveals_since(uow.db, by, uow.now - timedelta(hours=1)) >= most:
        raise domain.RevealedTooOften(
            f"{most} reporters within the hour are the most that one person may see.",
            remedy="Ask a second officer, or wait.",
        )
    domain.expect_kept(reporter)
    person = await unseal(uow, reporter, ring=ring)
    await store.put_reveal(uow.db, report_id, by=by, purpose=purpose, at=uow.now)
    report = await store.get_report(uow.db, report_id)
    text = (
        f"{by} 查看报告 {report_id} 的报告人:{purpose}",
        f"{by} saw who told {report_id}: {purpose}",
    )
    await log_entry.note(
        uow,
        text,
        at=uow.now,
        jurisdiction=report.jurisdiction,
        mode=report.mode,
        exercise_id=report.exercise_id,
        incident_id=report.incident_id,
        organization_id=uow.caller.organization,
    )
    return person


async def unseal(uow: UnitOfWork, reporter: domain.Reporter, *, ring: Ring) -> domain.Person:
    """Return the person. Raises NotFound once the key is destroyed, KeyNotHeld, SealBroken."""
    key = await store.get_key(uow.db, reporter.id)
    plain = sealing.unseal(ring, reporter.sealed or b"", key.wrapped, bound_to=reporter.id)
    return msgspec.json.decode(plain, type=domain.Person)


async def hold_reporter(
    uow: UnitOfWork, report_id: str, *, reason: str, expected_version: int
) -> domain.Reporter:
    """Keep the data whatever falls due. Raises NotFound, VersionConflict, ReporterErased, ReporterOnHold."""
    reporter = await _get(uow, "hold_reporter", report_id, expected_version=expected_version)
    by = uow.caller.person or uow.caller.subject
    return await store.put_reporter(uow.db, domain.hold_reporter(reporter, reason, by=by))


async def release_reporter(
    uow: UnitOfWork, report_id: str, *, expected_version: int
) -> domain.Reporter:
    """Let the data expire again: at once, if its time is over.

    Raises NotFound, VersionConflict, ReporterNotOnHold.
    """
    reporter = await _get(uow, "release_reporter", report_id, expected_version=expected_version)
    reporter = await store.put_reporter(uow.db, domain.release_reporter(reporter))
    if domain.is_due(reporter, uow.now):
        return await _erase(uow, reporter, "its time was over")
    return reporter


async def erase_reporter(
    uow: UnitOfWork, report_id: str, *, reason: str, expected_version: int
) -> domain.Reporter:
    """Destroy the key: nothing opens the record any more.

    Raises NotFound, VersionConflict, ReporterErased, ReporterOnHold.
    """
    reporter = await _get(uow, "erase_reporter", report_id, expected_version=expected_version)
    return await _erase(uow, reporter, reason)


async def expire_reporter(uow: UnitOfWork, report_id: str) -> None:
    """Destroy the key when the time is over; not under a hold, nor while the case is open again."""
    reporter = await store.find_reporter(uow.db, report_id, lock=True)
    if reporter is None or not domain.is_due(reporter, uow.now):
        return
    report = await store.get_report(uow.db, report_id)
    case = await store.case_of(uow.db, report.incident_id) if report.incident_id else None
    if case is not None and case.closed_at is None:
        await _expire_at(uow, reporter, None)
        return
    await _erase(uow, reporter, "its time was over")


async def rewrap_reporters(uow: UnitOfWork, *, ring: Ring) -> int:
    """Wrap up to 200 keys anew under the current one and return how many; 0 means that all are.

    A key of the ring under which nothing is wrapped can be taken from the file. Raises KeyNotHeld.
    """
    rows = await store.keys_not_under(uow.db, ring.current, limit=_AT_ONCE)
    for row in rows:
        reporter = await store.get_reporter(uow.db, row.report_id)
        person = await unseal(uow, reporter, ring=ring)
        wrapped = sealing.rewrap(ring, row.wrapped, bound_to=row.report_id)
        await store.put_key(uow.db, _key_row(row.report_id, person, wrapped, ring))
    return len(rows)


async def _get(
    uow: UnitOfWork, action: str, report_id: str, *, expected_version: int | None = None
) -> domain.Reporter:
    """The reporter, locked, whom the caller may do this to."""
    reporter = await store.get_reporter(uow.db, report_id)
    uow.authorize(action, await target.of_reporter(uow.db, reporter))
    await documents.current(uow.db, store.tables.reporter, reporter, expected_version)
    return reporter


async def _erase(uow: UnitOfWork, reporter: domain.Reporter, reason: str) -> domain.Reporter:
    erased = domain.erase_reporter(reporter, reason, now=uow.now)
    await store.destroy_key(uow.db, reporter.id)
    await uow.unschedule(_timer(reporter.id))
    return await store.put_reporter(uow.db, erased)


async def _expire_at(
    uow: UnitOfWork, reporter: domain.Reporter, at: datetime | None
) -> domain.Reporter:
    kept = domain.keep_until(reporter, at)
    if kept == reporter:
        return reporter
    if at is None:
        await uow.unschedule(_timer(reporter.id))
    else:
        payload = {"report": reporter.id}
        await uow.schedule(
            _timer(reporter.id), due_at=at, command="expire_reporter", payload=payload
        )
    return await store.put_reporter(uow.db, kept)


def _key_row(
    report_id: str, person: domain.Person, wrapped: sealing.Wrapped, ring: Ring
) -> store.KeyRow:
    index = None
    if person.phone is not None:
        index = sealing.blind(ring, person.phone, purpose=domain.PHONE_INDEX)[wrapped.key_id]
    return store.KeyRow(report_id=report_id, wrapped=wrapped, phone_index=index)


def _rule(uow: UnitOfWork) -> domain.RetentionRule:
    return domain.retention_rule(store.retention_rules(), uow.now)


def _timer(report_id: str) -> str:
    return f"reporter/{report_id}"
