"""How measures went: what org says of orders."""

from chassis.unit_of_work import UnitOfWork
from services.plans import domain, store


async def keep_measures(uow: UnitOfWork, heard: domain.HeardOrder) -> None:
    """The records of the order's measures are as org last said it; one of no activation is left out."""
    activation = await store.find_activation(uow.db, heard.activation_id)
    if activation is None:
        return
    kept = await store.measures_of_order(uow.db, heard.id)
    for record in domain.measure_records(heard, kept, activation):
        await store.put_measure_record(uow.db, record)
