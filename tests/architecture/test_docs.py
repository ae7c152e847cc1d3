"""Documents are true: every mission id has a row, every decision a number, every link a target."""

import re

import pytest

from tests.architecture import house

DOCS = house.ROOT / "docs"
ADRS = sorted((DOCS / "adr").glob("[0-9]*.md"))
MISSION_IDS = {
    *(f"ORG-{n}" for n in range(1, 14)),
    *(f"PLAN-{n}" for n in range(1, 9)),
    *(f"GUAR-{n}" for n in range(1, 14)),
    *(f"DATA-{n}" for n in range(1, 7)),
    *(f"LINK-{n}" for n in range(1, 11)),
}
HEADINGS = ("Context", "Decision", "Consequences", "Alternatives", "Guarded by")


def test_every_mission_id_has_one_row_with_a_state():
    rows = re.findall(
        r"^\| ([A-Z]+-\d+) \| (\w+) \|", (DOCS / "status.md").read_text("utf-8"), re.M
    )

    assert sorted(name for name, _ in rows) == sorted(MISSION_IDS)
    assert {state for _, state in rows} <= {"works", "partly", "missing"}


def test_a_row_that_works_names_a_test_or_command_that_exists():
    for line in (DOCS / "status.md").read_text("utf-8").splitlines():
        for path in re.findall(r"`((?:tests|bench|services|scenarios)/[\w./-]+)", line):
            assert (house.ROOT / path).exists(), f"{path} in: {line}"


@pytest.mark.parametrize("path", ADRS, ids=lambda path: path.stem)
def test_a_decision_is_short_and_has_its_headings(path):
    text = path.read_text("utf-8")

    assert len(text.split()) <= 400
    assert all(f"## {heading}" in text for heading in HEADINGS)


def test_decisions_are_numbered_without_gaps_and_indexed():
    index = (DOCS / "adr/README.md").read_text("utf-8")

    assert [int(path.name[:4]) for path in ADRS] == list(range(1, len(ADRS) + 1))
    assert all(path.name in index for path in ADRS)


@pytest.mark.parametrize(
    "path", [*DOCS.rglob("*.md"), *house.ROOT.glob("*.md")], ids=lambda path: path.name
)
def test_links_between_documents_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text("utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), target


@pytest.mark.parametrize("service", house.SERVICES)
def test_each_service_publishes_its_openapi(service):
    assert (DOCS / "openapi" / f"{service}.json").exists()


def test_locks_name_no_registry():
    for lock in (house.ROOT / "requirements").glob("*.lock"):
        text = lock.read_text("utf-8")
        assert "--hash=sha256:" in text
        assert "://" not in text, lock.name
