"""The verbs that containers run: secrets laid out, a program served, a database migrated by file."""

import asyncio
import json
import signal
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest
import websockets
from sqlalchemy.engine import make_url

from chassis import settings
from tests.databases import Postgres
from uem import probe, secrets
from uem.__main__ import main
from uem.stack import ports, process
from uem.stack.nats import EmbeddedNats
from uem.stack.passwords import Passwords


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("secrets") / "made"
    secrets.lay_out(folder)
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_secrets_are_made_once_and_stay(laid_out: Path):
    before = files(laid_out)

    secrets.lay_out(laid_out)

    assert files(laid_out) == before
    assert {name.partition("/")[0] for name in before} == {*secrets.READERS, secrets.OPERATOR}


def test_each_service_gets_the_password_of_its_application_role_and_no_others(laid_out: Path):
    own = Passwords(laid_out / secrets.OPERATOR)

    assert (laid_out / "org" / "database-password").read_text() == own.get("postgres-org-app")
    assert own.get("postgres-org") not in b"".join(files(laid_out / "org").values()).decode()
    assert own.get("nats-plans") not in b"".join(files(laid_out / "org").values()).decode()
    assert "keys.json" not in files(laid_out / "plans")


def test_the_settings_of_a_container_are_read_from_its_folder(laid_out: Path, tmp_path: Path):
    found = settings.read(
        {
            "UEM_DEPLOYMENT": "rehearsal",
            "UEM_DATABASE_URL": "postgresql://uem_org_app@postgres:5432/uem_org",
            "UEM_DATABASE_PASSWORD_FILE": str(laid_out / "org" / "database-password"),
            "UEM_TOKEN_ISSUER": "uem-development",
            "UEM_JWKS_FILE": str(laid_out / "org" / "jwks.json"),
            "UEM_NATS_URL": "nats://nats:4222",
            "UEM_NATS_USER": "org",
            "UEM_NATS_PASSWORD_FILE": str(laid_out / "org" / "nats-password"),
            "UEM_AUDIT_KEY_FILE": str(laid_out / "org" / "audit.pem"),
            "UEM_KEYS_FILE": str(laid_out / "org" / "keys.json"),
            "UEM_DATA_DIR": str(tmp_path),
        }
    )

    password = (laid_out / "org" / "database-password").read_text()
    assert make_url(found.database_url).password == password


def test_a_password_in_the_address_and_one_in_a_file_do_not_go_together(laid_out: Path):
    with pytest.raises(settings.SettingsError, match="a password beside"):
        settings.read(
            {
                "UEM_DATABASE_URL": "postgresql://uem_org_app:9f2c71@postgres:5432/uem_org",
                "UEM_DATABASE_PASSWORD_FILE": str(laid_out / "org" / "database-password"),
            }
        )


@pytest.mark.parametrize("password", ["9f2c71", "a/b@c:d e%"])
def test_a_password_stands_in_an_address_as_it_is(password: str):
    url = settings.with_password("postgresql://uem@10.0.0.7:5433/uem?sslmode=require", password)

    assert make_url(url).password == password
    assert (make_url(url).host, make_url(url).port, make_url(url).username) == (
        *("10.0.0.7", 5433, "uem"),
    )


async def test_partners_come_by_their_listener_and_nobody_else_does(tmp_path: Path):
    partners = tmp_path / "partners.yaml"
    partners.write_text(
        "- {name: hospital, stream: PUB, durable: hospital, filters: [pub.live.>]}\n", "utf-8"
    )
    folder = tmp_path / "made"
    secrets.lay_out(folder, partners_file=partners)
    port, monitor, websocket = ports.free(3)
    config = (folder / "nats" / "nats.conf").read_text("utf-8")
    config = config.replace(f"port: {secrets.PARTNERS_PORT}", f"port: {websocket}")
    config = config.replace(f"http_port: {secrets.MONITOR_PORT}", f"http_port: {monitor}")
    config = config.replace(f'  store_dir: "{secrets.STORE}"\n', "")  # given on the command line
    config = config.replace("port: 4222\n", "")
    server = EmbeddedNats(tmp_path / "nats", port, config=config)
    server.start()
    own = Passwords(folder / secrets.OPERATOR)
    try:
        assert await signs_in(server.dsn, "org", own.get("nats-org"))
        assert not await signs_in(f"ws://127.0.0.1:{websocket}", "org", own.get("nats-org"))
        partner = ("partner-hospital", own.get("nats-partner-hospital"))
        assert await signs_in(f"ws://127.0.0.1:{websocket}", *partner)
        assert not await signs_in(server.dsn, *partner)
        assert probe.main([str(monitor), "/healthz"]) == 0
    finally:
        server.stop()


async def signs_in(address: str, user: str, password: str) -> bool:
    """Whether the broker lets the user in there, in the words of its protocol."""
    hello = json.dumps({"user": user, "pass": password, "verbose": False, "pedantic": False})
    asked = f"CONNECT {hello}\r\nPING\r\n".encode()
    if address.startswith("ws"):
        async with websockets.connect(address, proxy=None) as socket:
            assert bytes(await socket.recv(decode=False)).startswith(b"INFO")
            await socket.send(asked)
            return bytes(await socket.recv(decode=False)).startswith(b"PONG")
    reader, writer = await asyncio.open_connection(*address.removeprefix("nats://").split(":"))
    try:
        assert (await reader.readline()).startswith(b"INFO")
        writer.write(asked)
        return (await reader.readline()).startswith(b"PONG")
    finally:
        writer.close()
        await writer.wait_closed()


async def test_databases_are_made_and_migrated_with_the_superusers_password_from_a_file(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
):
    given = make_url(postgres.dsn)
    (tmp_path / "superuser").write_text(str(given.password))
    monkeypatch.setenv("UEM_HOME", str(tmp_path))
    monkeypatch.setenv("UEM_DEPLOYMENT", "rehearsal")
    monkeypatch.setenv("UEM_POSTGRES_PASSWORD_FILE", str(tmp_path / "superuser"))
    without = f"postgresql://{given.username}@{given.host}:{given.port}/{given.database}"
    monkeypatch.setenv("UEM_POSTGRES_URL", without)

    for _ in range(2):  # it may run again, as a Job does
        assert process_of("migrate", "guarantee") == 0

    password = Passwords(tmp_path / "secrets").get("postgres-guarantee-app")
    connection = await asyncpg.connect(
        f"postgresql://uem_guarantee_app:{password}@{given.host}:{given.port}/uem_guarantee"
    )
    try:
        assert await connection.fetchval("SELECT deployment FROM stamp") == "rehearsal"
    finally:
        await connection.close()


def process_of(*words: str) -> int:
    """Run a verb in a process of its own: it has a loop of its own."""
    return subprocess.run(
        [sys.executable, "-m", "uem", *words], capture_output=True, check=False
    ).returncode


def test_a_program_is_served_in_the_foreground_until_it_is_asked_to_end(tmp_path: Path):
    jwks = tmp_path / "jwks.json"
    jwks.write_text(json.dumps({"keys": []}))
    port = ports.free(1)[0]
    environment = {
        "PATH": "/usr/bin:/bin",
        "UEM_TOKEN_ISSUER": "https://issuer.test",
        "UEM_JWKS_FILE": str(jwks),
        **{f"UEM_{name}_URL": "http://127.0.0.1:9" for name in ("ORG", "PLANS")},
        **{f"UEM_{name}_URL": "http://127.0.0.1:9" for name in ("GUARANTEE", "ANALYTICS")},
    }
    words = ["serve", "gateway", "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(
        [sys.executable, "-m", "uem", *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as served:
        assert process.wait_until(lambda: probe.main([str(port)]) == 0, 60)
        served.terminate()
        assert served.wait(30) in (0, -signal.SIGTERM)  # the server ends by the signal it got
    assert probe.main([str(port)]) == 1


def test_a_program_whose_settings_are_wrong_says_all_that_is(capsys):
    done = subprocess.run(
        [sys.executable, "-m", "uem", "serve", "gateway", "--port", "1"],
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "UEM_ORG_URL is missing" in " ".join((done.stdout + done.stderr).split())


def test_the_verbs_are_listed(capsys):
    main([])

    assert {"secrets", "serve", "migrate"} <= set(capsys.readouterr().out.split())
