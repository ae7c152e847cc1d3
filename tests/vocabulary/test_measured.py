"""What plans may decide on, somebody measures or reports: no indicator is registered that nobody says."""

import yaml

from services.analytics import store
from services.plans.domain import casualties
from tests.architecture import house
from vocabulary import INDICATORS

FIGURES = house.ROOT / "services" / "org" / "data" / "figures" / "casualties.yaml"
OF_THE_PLACE = {"population", "area_km2"}  # org's jurisdictions say them
MADE_IN_PLANS = {"incident_severity", casualties.DEAD_OR_MISSING}  # of what org's incidents say


def registered(source: str) -> set[str]:
    return {name for name, one in INDICATORS.items() if one.source == source}


def test_every_indicator_of_analytics_is_made_of_a_metric_that_it_takes():
    made = [{rule.indicator for rule in rules.indicators} for rules in store.indicator_rules()]

    assert made[-1] == registered("analytics")


def test_every_figure_of_org_is_one_that_incidents_may_state():
    metrics = set(yaml.safe_load(FIGURES.read_text(encoding="utf-8"))["metrics"])

    assert registered("org") - OF_THE_PLACE - MADE_IN_PLANS == metrics
