"""Settings: all that is wrong is said at once, and example secrets start nothing."""

import json
from datetime import timedelta
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
    found = settings.read(
        complete
        | {"UEM_DATABASE_POOL": "3", "UEM_LOG_LEVEL": "debug"}
        | {"UEM_IN_WORK": "64", "UEM_RATE_FACTOR": "10"}
    )

    assert found.deployment is Deployment.REHEARSAL
    assert (found.in_work, found.rate_factor) == (64, 10)
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
        ("UEM_IN_WORK", "3", "a whole number from 4"),
        ("UEM_RATE_FACTOR", "0", "a whole number from 1"),
        ("UEM_DRAIN_S", "soon", "a whole number from 0"),
        ("UEM_LOG_LEVEL", "LOUD", "must be DEBUG"),
        ("UEM_NATS_PASSWORD_FILE", "/nowhere/password", "does not exist"),
    ],
)
def test_a_wrong_value_is_refused_with_its_reason(complete, name, value, reason):
    with pytest.raises(SettingsError, match=f"{name}.*{reason}"):
        settings.read(complete | {name: value})


@pytest.mark.parametrize(
    "secret", ["Secret\n", "", "change-me", "Password123!", "<secret>", "toy", "nats-password"]
)
def test_a_password_file_with_an_example_password_is_refused(complete, secret):
    Path(complete["UEM_NATS_PASSWORD_FILE"]).write_text(secret)

    with pytest.raises(SettingsError, match="UEM_NATS_PASSWORD_FILE holds an example"):
        settings.read(complete)


DEVELOPMENT = {"UEM_TOKEN_ISSUER": "uem-development"}


@pytest.mark.parametrize(
    "where", [{"UEM_DEPLOYMENT": "rehearsal"}, {"UEM_DEPLOYMENT": "production", "UEM_EMBEDDED": "true"}]
)  # fmt: skip
def test_the_development_issuer_is_believed_in_rehearsals_and_in_the_embedded_stack(
    complete, where
):
    (issuer,) = settings.read(complete | DEVELOPMENT | where).issuers

    assert (issuer.name, issuer.longest_life) == ("uem-development", timedelta(hours=24))


def test_a_production_deployment_does_not_start_with_the_development_issuer_or_its_key(complete):
    production = complete | {"UEM_DEPLOYMENT": "production"}
    settings.read(production)

    with pytest.raises(SettingsError, match="TOKEN_ISSUER is the development issuer"):
        settings.read(production | DEVELOPMENT)
    Path(complete["UEM_JWKS_FILE"]).write_text('{"keys": [{"kid": "development-a1"}]}')
    with pytest.raises(SettingsError, match="TOKEN_ISSUER is the development issuer, or has its"):
        settings.read(production)


def without_issuer(complete: dict[str, str], **instead: str) -> dict[str, str]:
    kept = {
        name: value
        for name, value in complete.items()
        if name not in ("UEM_TOKEN_ISSUER", "UEM_JWKS_FILE")
    }
    return kept | {f"UEM_{name}": value for name, value in instead.items()}


def test_an_issuer_that_is_discovered_needs_only_its_name(complete):
    (issuer,) = settings.read(without_issuer(complete, OIDC_ISSUER="https://id.city/")).issuers

    assert issuer.discovery_url == "https://id.city/.well-known/openid-configuration"
    assert (issuer.jwks_file, issuer.jwks_url) == (None, None)
    assert issuer.longest_life == timedelta(minutes=15)


@pytest.mark.parametrize(
    "instead",
    [
        {"OIDC_ISSUER": "http://id.city"},
        {"OIDC_ISSUER": "id.city"},
        {"TOKEN_ISSUER": "https://id.city", "JWKS_URL": "http://id.city/jwks"},
    ],
)
def test_keys_are_fetched_only_where_nobody_can_swap_them(complete, instead):
    with pytest.raises(SettingsError, match="must be https"):
        settings.read(without_issuer(complete, **instead))


def test_several_issuers_are_a_file(complete, tmp_path):
    file = tmp_path / "issuers.json"
    described = [
        {"issuer": "https://city.test", "jwks_file": "jwks.json", "algorithms": ["ES256"]},
        {"issuer": "https://province.test", "longest_minutes": 5, "realm": "province"},
    ]
    file.write_text(json.dumps(described))

    found = settings.read(without_issuer(complete, ISSUERS_FILE=str(file))).issuers

    assert [one.name for one in found] == ["https://city.test", "https://province.test"]
    assert [one.realm for one in found] == [None, "province"]
    assert found[0].algorithms == ("ES256",)
    assert (found[0].jwks_file, found[1].longest_life) == (
        tmp_path / "jwks.json",
        timedelta(minutes=5),
    )


@pytest.mark.parametrize(
    ("described", "reason"),
    [
        ("[", "cannot be read"),
        ('[{"issuer": "https://a", "secret": "x"}]', "cannot be read"),
        ('[{"issuer": "https://a", "algorithms": ["HS256"]}]', "may be EdDSA, ES256, RS256"),
        ('[{"issuer": "https://a", "algorithms": []}]', "may be EdDSA, ES256, RS256"),
        ('[{"issuer": "https://a", "longest_minutes": 600}]', "longer than"),
        ('[{"issuer": "https://a", "jwks_file": "absent"}]', "does not exist"),
        ('[{"issuer": "https://a"}, {"issuer": "https://a"}]', "names an issuer twice"),
        ('[{"issuer": "https://a"}, {"issuer": "https://b"}]', "realm"),
        (
            '[{"issuer": "https://a", "realm": "x"}, {"issuer": "https://b", "realm": "x"}]',
            "realm",
        ),
        ('[{"issuer": "https://a", "realm": "x@y"}]', "realm that is not"),
    ],
)
def test_a_file_of_issuers_that_would_weaken_anything_is_refused(
    complete, tmp_path, described, reason
):
    file = tmp_path / "issuers.json"
    file.write_text(described)

    with pytest.raises(SettingsError, match=reason):
        settings.read(without_issuer(complete, ISSUERS_FILE=str(file)))


def test_secrets_are_not_shown(complete):
    assert "9f2c71" not in repr(settings.read(complete))
