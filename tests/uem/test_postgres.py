"""The embedded PostgreSQL: as root and not, taken over, recovered, refused with a reason."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from uem.problem import Problem
from uem.stack import cluster, ports, privilege, process
from uem.stack.postgres import EmbeddedPostgres
from uem.stack.privilege import Mode

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


def query(dsn: str, sql: str) -> object:
    async def ask() -> object:
        connection = await asyncpg.connect(dsn)
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    return asyncio.run(ask())


@pytest.fixture
def server(tmp_path: Path):
    made = EmbeddedPostgres(tmp_path / "pg", ports.free(1)[0])
    yield made
    made.stop()


def test_a_cluster_is_utf8_in_utc_and_has_the_extension_that_bookings_need(server):
    server.start()

    assert server.is_ready()
    assert str(query(server.dsn, "SHOW server_version")).startswith("18.")
    assert query(server.dsn, "SHOW server_encoding") == "UTF8"
    assert query(server.dsn, "SHOW timezone") == "UTC"
    assert query(server.dsn, "SELECT lower('ÀÉ郑')") == "àé郑"
    query(server.dsn, "CREATE EXTENSION btree_gist")


def test_a_server_left_by_a_killed_command_is_found_and_taken_over(server, tmp_path):
    server.start()
    later = EmbeddedPostgres(tmp_path / "pg", ports.free(1)[0])

    assert later.pid == server.pid
    assert later.listens_on() == server.port
    later.start()

    assert later.pid != server.pid
    assert server.pid is None
    assert query(later.dsn, "SELECT 1") == 1
    later.stop()
    assert later.pid is None


def test_what_was_committed_survives_five_kills_in_a_row(server):
    server.start()
    query(server.dsn, "CREATE TABLE seen (n int)")

    for n in range(5):
        query(server.dsn, f"INSERT INTO seen VALUES ({n})")
        server.kill()
        server.start()

    assert query(server.dsn, "SELECT array_agg(n ORDER BY n) FROM seen") == list(range(5))


def test_a_lock_that_names_a_stranger_does_not_keep_the_server_down(server):
    server.start()
    server.kill()
    lock = server.data / "postmaster.pid"
    stranger = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    lines = lock.read_text(encoding="utf-8").splitlines()
    lock.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n", encoding="utf-8")

    server.start()

    assert query(server.dsn, "SELECT 1") == 1
    stranger.communicate()


def test_a_cluster_interrupted_while_it_was_made_is_made_again(server):
    (server.folder / "data.unfinished").mkdir(parents=True)
    (server.folder / "data.unfinished" / "PG_VERSION").write_text("18\n")

    server.start()

    assert query(server.dsn, "SELECT 1") == 1


def test_a_password_is_needed(server):
    server.start()

    with pytest.raises(asyncpg.InvalidPasswordError):
        query(server.dsn.replace(server.password, "guess"), "SELECT 1")
    assert (server.folder / "password").stat().st_mode & 0o077 == 0


def test_a_server_that_refuses_its_settings_says_why(tmp_path):
    wrong = EmbeddedPostgres(tmp_path, ports.free(1)[0], settings={"shared_buffers": "none"})

    with pytest.raises(Problem, match="shared_buffers"):
        wrong.start()

    assert wrong.pid is None


@as_root
def test_root_without_user_namespaces_runs_it_as_nobody(tmp_path_factory, monkeypatch):
    folder = reachable(tmp_path_factory)
    monkeypatch.setattr(privilege, "mode", lambda: Mode.NOBODY)
    server = EmbeddedPostgres(folder, ports.free(1)[0])

    server.start()

    assert query(server.dsn, "SELECT 1") == 1
    assert (server.data / "PG_VERSION").stat().st_uid == 65534
    assert f"Uid:\t{65534}\t" in Path(f"/proc/{server.pid}/status").read_text(encoding="ascii")
    server.stop()


@as_root
def test_nobody_is_not_sent_into_a_folder_that_is_closed_to_it(tmp_path, monkeypatch):
    tmp_path.chmod(0o700)
    monkeypatch.setattr(privilege, "mode", lambda: Mode.NOBODY)

    with pytest.raises(Problem, match="nobody, who cannot enter") as refused:
        EmbeddedPostgres(tmp_path / "pg", ports.free(1)[0]).start()

    assert "UEM_HOME" in refused.value.remedy


@as_root
def test_root_with_neither_way_is_told_what_to_do(monkeypatch):
    monkeypatch.setattr(privilege, "_works", lambda candidate: False)

    with pytest.raises(Problem, match="may not run as root") as refused:
        privilege.mode.__wrapped__()

    assert "UEM_POSTGRES_URL" in refused.value.remedy


def test_an_ordinary_user_runs_the_program_as_it_stands():
    assert privilege.wrap(["postgres", "-D", "data"], Mode.PLAIN) == ["postgres", "-D", "data"]


def test_a_throwaway_server_leaves_nothing_behind():
    with cluster.throwaway() as dsn:
        folder = Path(str(query(dsn, "SHOW data_directory")))
        pid = int((folder / "postmaster.pid").read_text(encoding="ascii").splitlines()[0])

    assert not folder.exists()
    assert process.identity(pid) is None


def reachable(factory: pytest.TempPathFactory) -> Path:
    """Return a new folder that nobody may reach: pytest's own are closed to others."""
    folder = factory.mktemp("open") / "pg"
    for parent in folder.parents:
        if parent.stat().st_uid == os.geteuid():
            parent.chmod(parent.stat().st_mode | 0o001)
    return folder
