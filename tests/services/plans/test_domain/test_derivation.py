"""A district's draft from a superior's plan: what is the superior's is replaced, the rest kept."""

import json

import pytest
import yaml

from services.plans import domain
from tests.services.plans.city import FLOOD

WANTED = domain.Deriver("flood-410105", "2026.1", "410105", "org_410105_flood_command")
NAMES = [("郑州市", "金水区"), ("Zhengzhou", "Jinshui")]


def derived(text: str = FLOOD) -> str:
    return domain.derived(
        text, WANTED, of="flood-410100", version_id="flood-410100@2021.1", renamed=NAMES
    )


RISKY = FLOOD.rstrip() + "\nrisks:\n  - {zh: 京广隧道, en: the Jingguang tunnel}\n"


@pytest.mark.parametrize("text", [FLOOD, RISKY, json.dumps(yaml.safe_load(RISKY), default=str)])
def test_the_draft_is_the_districts_and_its_risks_are_to_be_written(text):
    draft = domain.parse(derived(text))

    assert (draft.id, draft.jurisdiction, draft.organization_id) == (
        "flood-410105@2026.1",
        "410105",
        "org_410105_flood_command",
    )
    assert (draft.superiors, draft.risks) == (("flood-410100",), ())
    assert draft.source == "derived from flood-410100@2021.1"
    assert "金水区" in draft.title_zh
    assert draft.levels == domain.parse(text).levels


def test_comments_and_all_else_stay_as_they_were_written():
    commented = FLOOD.replace("levels:", "# what the tunnel taught\nlevels:", 1)

    kept = derived(commented)

    assert "# what the tunnel taught" in kept
    assert kept[kept.index("\nlevels:") :] == FLOOD[FLOOD.index("\nlevels:") :]


def test_the_linter_says_that_the_risks_are_to_be_written_and_nothing_else_new():
    before = {one.slug for one in domain.lint(RISKY)}

    assert {one.slug for one in domain.lint(derived(RISKY))} - before == {"risks-not-named"}


def test_a_plan_written_in_braces_is_derived_too():
    braces = yaml.safe_dump(yaml.safe_load(FLOOD), default_flow_style=True, allow_unicode=True)

    assert braces.startswith("{")
    assert domain.parse(derived(braces)).effective_from == domain.parse(FLOOD).effective_from


@pytest.mark.parametrize(
    ("plan_id", "own"),
    [
        ("flood-410100", "flood-410105"),
        ("410100-flood", "410105-flood"),
        ("overall", "overall-410105"),
    ],
)
def test_the_id_bears_the_code_of_the_division(plan_id, own):
    assert domain.derived_id(plan_id, of="410100", jurisdiction="410105") == own
