"""What loads the sample and what plays the demo stays below the rates of a single caller."""

from collections import Counter

import pytest
import yaml

from chassis import rates
from chassis.clock import Clock
from chassis.rates import Class, Rates
from chassis.unit_of_work import Caller
from uem import sample
from uem.demo import city


class Standing(Clock):
    """Monotonic time does not pass: a burst is all that there is."""

    def monotonic(self) -> float:
        return 0.0


def of(method: str, path: str, *roles: str) -> Class:
    caller = Caller(subject="one", roles=frozenset({*roles, "viewer"}))
    return rates.class_of(method, path, caller, intake={"/v1/reports"})


def test_a_city_is_loaded_at_once_by_one_operator():
    taken, sent = {service: Rates(Standing()) for service in city.SERVICES}, Counter[str]()
    for kind in sample.KINDS:
        for record in yaml.safe_load((sample.CITY / kind.file).read_text("utf-8")):
            path = kind.path.format(record[kind.key])
            taken[kind.service].take("operator", of("PUT", path, *kind.roles))
            sent[kind.service] += 1
    for file in (sample.CITY / "plans").glob("*.yaml"):
        paths = [("/v1/plans", sample.PLANNER)]
        paths += [
            (f"/v1/plans/{file.stem}/versions/1/{step}", who) for step, who in sample.STEPS.values()
        ]
        for path, roles in paths:
            taken["plans"].take(roles[0], of("POST", path, *roles))
            sent["plans"] += 1

    assert set(sent) == set(city.SERVICES)
    # ten such cities one after the other would be taken as well
    assert max(sent.values()) * 10 < rates.RATES[Class.RESPONDER].burst


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/v1/rehearsal/progress"), ("PUT", "/v1/rehearsal/clock")]
)
def test_the_player_may_look_for_ever_whether_all_is_at_rest(method, path):
    class_ = of(method, path, "operator")

    assert class_ is Class.COMMAND
    assert rates.RATES[class_].per_s >= 2 / city.POLL_S
