"""Registering stations."""

from chassis.errors import VersionConflict
from chassis.unit_of_work import UnitOfWork
from services.analytics import domain, store
from services.analytics.commands import target


async def register_station(
    uow: UnitOfWork, station: domain.Station, *, expected_version: int | None
) -> domain.Station:
    """The station is registered as given, in place of what was registered under its id.

    The same again changes nothing.
    Raises StationInvalid, and VersionConflict when somebody else registered it meanwhile.
    """
    rules = domain.indicators_in_force(store.indicator_rules(), at=uow.now)
    before = await store.find_station(uow.db, station.id)
    registered = domain.register(before, station, known=rules.metric_names())
    for one in dict.fromkeys((target.of_station(before or station), target.of_station(station))):
        uow.authorize("register_station", one)
    _expect(before, expected_version)
    if registered == before:
        return before
    return await store.put_station(uow.db, registered)


def _expect(before: domain.Station | None, expected_version: int | None) -> None:
    present = before.version if before else 0
    if expected_version is not None and expected_version != present:
        raise VersionConflict(
            f"The station is at version {present}.",
            field=("expectedVersion",),
            remedy="Read it again and send its present version; 0 means not yet registered.",
            currentVersion=present,
        )
