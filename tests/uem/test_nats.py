"""The embedded NATS: JetStream kept over a kill, its faults said."""

from pathlib import Path

import nats
import pytest

from uem.problem import Problem
from uem.stack import ports
from uem.stack.nats import EmbeddedNats


@pytest.fixture
def server(tmp_path: Path):
    made = EmbeddedNats(tmp_path / "nats", ports.free(1)[0])
    yield made
    made.stop()


async def test_what_the_broker_acknowledged_survives_a_kill(server):
    server.start()
    connection = await nats.connect(server.dsn)
    await connection.jetstream().add_stream(name="KEPT", subjects=["kept.>"])
    ack = await connection.jetstream().publish("kept.one", b"said")
    await connection.close()

    server.kill()
    assert not server.is_ready()
    server.start()

    again = await nats.connect(server.dsn)
    found = await again.jetstream().get_msg("KEPT", seq=ack.seq)
    assert found.data == b"said"
    await again.close()


def test_every_write_is_synced_before_it_is_acknowledged(server):
    server.start()

    assert "sync_interval: always" in (server.folder / "nats.conf").read_text(encoding="utf-8")


def test_a_configuration_it_cannot_read_is_said_with_the_servers_own_words(tmp_path):
    server = EmbeddedNats(tmp_path, ports.free(1)[0], config="jetstream { nonsense: }")

    with pytest.raises(Problem, match=r"NATS did not start(?s:.*)nonsense") as refused:
        server.start()

    assert str(tmp_path) in refused.value.remedy
    assert server.pid is None
