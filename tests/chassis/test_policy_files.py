"""Every service's policies fit the one schema, strictly: a forbid that errs would vanish."""

from pathlib import Path

import pytest

import services
from chassis.policy import Policy
from vocabulary import area

FILES = [
    *Path(services.__path__[0]).glob("*/data/policy.cedar"),
    Path(__file__).parent / "toy/data/policy.cedar",
]
SHARED = {rule.id for rule in Policy("", areas=area).rules}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.parent.name)
def test_a_policy_file_fits_and_says_what_each_permit_needs(file: Path):
    policy = Policy(file.read_text(encoding="utf-8"), areas=area)

    silent = [
        rule.id
        for rule in policy.rules
        if rule.id not in SHARED and rule.concerns_people and "needs" not in rule.annotations
    ]
    assert silent == []
