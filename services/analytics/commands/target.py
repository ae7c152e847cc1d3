"""What analytics keeps as the policy sees it: where it lies; everybody may see it."""

from chassis.policy import Target
from services.analytics import domain
from vocabulary import NATION


def of_batch() -> Target:
    """Observations that came together, before anybody has read where they were made."""
    return Target(kind="observation", id="new", area=NATION, new=True)


def of_observation(jurisdiction: str) -> Target:
    """An observation that was made there."""
    return Target(kind="observation", id="new", area=jurisdiction, new=True)


def of_station(station: domain.Station) -> Target:
    """The station, which measures where it stands."""
    return Target(kind="station", id=station.id, area=station.jurisdiction, new=True)
