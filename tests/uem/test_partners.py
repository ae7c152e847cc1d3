"""Partners of the embedded stack: what their file may say, and what it gives them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import nats
import nats.errors
import pytest

from chassis import nats_conf, partners
from chassis.partners import Partner, PartnersUnreadable
from tests.uem.conftest import PROBES
from uem.problem import Problem
from uem.stack import partners as embedded
from uem.stack.passwords import Passwords
from uem.stack.stack import Given, Stack
from uem.stack.supervisor import State, Step

HOSPITAL = """
- name: hospital
  stream: PUB_LIVE
  durable: hospital
  filters: [pub.live.log.warning.issued.v1.41.>]
"""
METRO = """
- name: metro
  stream: PUB_LIVE
  durable: metro
  filters: [pub.live.log.>, pubx.live.log.>]
"""


def described(folder: Path, text: str) -> Path:
    file = folder / "partners.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_file_describes_partners_and_none_is_none(tmp_path: Path):
    found = partners.read(described(tmp_path, HOSPITAL + METRO))

    assert found[0] == Partner(
        name="hospital",
        stream="PUB_LIVE",
        durable="hospital",
        filters=("pub.live.log.warning.issued.v1.41.>",),
    )
    assert [one.account for one in found] == ["PARTNER_HOSPITAL", "PARTNER_METRO"]
    assert partners.read(tmp_path / "absent.yaml") == ()


@pytest.mark.parametrize(
    ("instead", "of"),
    [
        ("[uem.>]", "[pub.live.log.warning.issued.v1.41.>]"),
        ("[publisher.>]", "[pub.live.log.warning.issued.v1.41.>]"),
        ("['>']", "[pub.live.log.warning.issued.v1.41.>]"),
        ("[]", "[pub.live.log.warning.issued.v1.41.>]"),
        ("hospital.>", "durable: hospital"),
        ("durable: '*'", "durable: hospital"),
        ("stream: PUB.*", "stream: PUB_LIVE"),
        ("name: Hospital", "name: hospital"),
        ("name: hospital\n  password: x", "name: hospital"),
        ("- [", "- name: hospital"),
    ],
)
def test_a_file_that_would_give_more_or_says_something_else_is_refused(
    tmp_path: Path, instead: str, of: str
):
    assert of in HOSPITAL

    with pytest.raises(PartnersUnreadable, match=r"partners\.yaml"):
        partners.read(described(tmp_path, HOSPITAL.replace(of, instead)))


@pytest.mark.parametrize(
    ("second", "shared"),
    [
        (METRO.replace("name: metro", "name: hospital"), "account PARTNER_HOSPITAL"),
        (METRO.replace("durable: metro", "durable: hospital"), "durable hospital"),
    ],
)
def test_two_partners_share_neither_account_nor_durable(tmp_path: Path, second: str, shared: str):
    with pytest.raises(PartnersUnreadable, match=shared):
        partners.read(described(tmp_path, HOSPITAL + second))


def test_a_file_that_cannot_be_used_is_said_before_the_broker_is_started(tmp_path: Path):
    for file in (tmp_path / "absent.yaml", described(tmp_path, "- name: 1")):
        with pytest.raises(Problem) as refused:
            embedded.config({}, {}, file=str(file), secrets=str(tmp_path))
        assert str(file) in str(refused.value)


@dataclass(slots=True)
class Shared:
    stack: Stack
    steps: list[Step] = field(default_factory=list)

    def password(self, user: str) -> str:
        return Passwords(self.stack.home.secrets).get(f"nats-{user}")


@pytest.fixture(scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shared]:
    """A stack whose file names a partner of a stream that nobody has made."""
    folder = tmp_path_factory.mktemp("partners")
    given = Given(partners_file=described(folder, HOSPITAL))
    steps: list[Step] = []
    gateway = PROBES[1:]
    async with Stack(folder / "state", applications=gateway, given=given, tell=steps.append) as up:
        yield Shared(up, steps)


async def test_a_partner_signs_in_with_the_password_made_for_it_and_may_nothing_else(
    shared: Shared,
):
    refused: list[str] = []

    async def on_error(error: Exception) -> None:
        refused.append(str(error).lower())

    client = await nats.connect(
        shared.stack.nats_url,
        user="partner-hospital",
        password=shared.password("partner-hospital"),
        inbox_prefix=b"_INBOX.partner-hospital",
        error_cb=on_error,
        allow_reconnect=False,
    )
    with pytest.raises(nats.errors.TimeoutError):
        await client.request("$JS.API.STREAM.NAMES", b"", timeout=0.3)
    await client.flush()
    await client.close()

    assert "permissions violation for publish" in refused[0]


async def test_what_a_partner_waits_for_is_said(shared: Shared):
    (said,) = [step for step in shared.steps if step.server == "partners"]

    assert said.state is State.READY
    assert said.detail == "hospital waits: there is no stream PUB_LIVE"


def test_without_a_file_nobody_but_ours_is_known_to_the_broker(booted):
    written = (booted.stack.home.nats / "nats.conf").read_text(encoding="utf-8")

    assert "PARTNER" not in written
    assert nats_conf.PROVISIONER not in written
