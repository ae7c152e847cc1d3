"""Settings: all that is wrong is said at once, and example secrets start nothing."""

from pathlib import Path

import pytest

from chassis import settings
from chassis.settings import Deployment, SettingsError


@pytest.fixture
def complete(tmp_path: Path) -> dict[str, str]:
    jwks, password = tmp_path / "jwks.json", tmp_path / "nats"
    jwks.write_text("{}")
    password.write_text("f3c1a9\n")
    return {
        "UEM_DATABASE_URL": "postgresql://toy:9f2c71@127.0.0.1:5432/toy",
        "UEM_DEPLOYMENT": "rehearsal",
        "UEM_TOKEN_ISSUER": "https://issuer.test",
        "UEM_JWKS_FILE": str(jwks),
        "UEM_DATA_DIR": str(tmp_path),
        "UEM_NATS_URL": "nats://127.0.0.1:4222",
        "UEM_NATS_USER": "toy",
        "UEM_NATS_PASSWORD_FILE": str(password),
    }


def test_complete_settings_are_read(complete):
    found = settings.read(complete | {"UEM_DATABASE_POOL": "3", "UEM_LOG_LEVEL": "debug"})

    assert found.deployment is Deployment.REHEARSAL
    assert found.nats_password == "f3c1a9"
    assert (found.database_pool, found.log_level, found.token_audience) == (3, "DEBUG", "uem")


def test_everything_missing_is_named_at_once():
    with pytest.raises(SettingsError) as refused:
        settings.read({})

    named = {line.split()[0] for line in str(refused.value).splitlines()[1:]}
    assert named == {
        "UEM_DATABASE_URL",
        "UEM_DEPLOYMENT",
        "UEM_TOKEN_ISSUER",
        "UEM_DATA_DIR",
        "UEM_NATS_URL",
        "UEM_JWKS_FILE",
    }


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("UEM_DATABASE_URL", "mysql://a:b@c/d", "must begin with postgresql://"),
        ("UEM_DATABASE_URL", "postgresql://toy:changeme@127.0.0.1/toy", "an example password"),
        ("UEM_DEPLOYMENT", "staging", "must be production or rehearsal"),
        ("UEM_JWKS_FILE", "/nowhere/jwks.json", "names a file that does not exist"),
        ("UEM_DATABASE_POOL", "0", "a whole number from 1"),
        ("UEM_DRAIN_S", "soon", "a whole number from 0"),
        ("UEM_LOG_LEVEL", "LOUD", "must be DEBUG"),
        ("UEM_NATS_PASSWORD_FILE", "/nowhere/password", "does not exist"),
    ],
)
def test_a_wrong_value_is_refused_with_its_reason(complete, name, value, reason):
    with pytest.raises(SettingsError, match=f"{name}.*{reason}"):
        settings.read(complete | {name: value})


def test_a_password_file_with_an_example_password_is_refused(complete):
    Path(complete["UEM_NATS_PASSWORD_FILE"]).write_text("Secret\n")

    with pytest.raises(SettingsError, match="UEM_NATS_PASSWORD_FILE holds an example"):
        settings.read(complete)


def test_secrets_are_not_shown(complete):
    assert "9f2c71" not in repr(settings.read(complete))
