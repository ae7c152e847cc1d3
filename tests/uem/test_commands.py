"""The command line: verbs found by name, tokens, digests compared, a doctor that tells the truth."""

import json
import subprocess
import sys
from pathlib import Path

import jwt
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uem import digest, doctor, issuer
from uem.__main__ import main
from uem.digest import Digest, ServiceDigest, TableDigest
from uem.home import Home, home
from uem.stack import process


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("UEM_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


def test_help_lists_every_verb_with_what_it_does(capsys):
    assert main([]) == 0

    said = capsys.readouterr().out
    for verb in ("up", "down", "status", "doctor", "digest", "token", "reset", "migrate"):
        assert f"\n  {verb} " in said


def test_an_unknown_verb_is_refused_with_the_list(capsys):
    assert main(["fly"]) == 2

    assert "no verb 'fly'" in capsys.readouterr().out


def test_a_problem_is_said_with_its_remedy(capsys):
    assert main(["digest"]) == 1

    said = capsys.readouterr().out
    assert "no stack is running" in said
    assert "→ uem up" in said


def test_down_with_nothing_running_is_no_error(capsys):
    assert main(["down"]) == 0

    assert "nothing was running" in capsys.readouterr().out


def test_a_token_says_who_its_bearer_is_and_is_signed_by_the_key_that_services_trust(
    capsys, own_home
):
    assert main(
        ["token", "--role", "commander", "--org", "org_a", "--area", "410100", "--post", "pst_a"]
    ) == 0  # fmt: skip

    token = capsys.readouterr().out.strip()
    keys = jwt.PyJWKSet.from_dict(json.loads((own_home / "secrets/jwks.json").read_text()))
    claims = jwt.decode(
        token,
        keys[jwt.get_unverified_header(token)["kid"]].key,
        algorithms=["EdDSA"],
        audience="uem",
        issuer=issuer.ISSUER,
    )
    assert claims["exp"] - claims["iat"] == 12 * 3600
    assert {name: claims.get(name) for name in ("org", "roles", "areas", "posts", "person")} == {
        "org": "org_a",
        "roles": ["commander"],
        "areas": ["410100"],
        "posts": ["pst_a"],
        "person": None,
    }


def test_the_issuers_key_is_kept_private_and_kept(own_home):
    first = issuer.Issuer(own_home / "secrets")
    again = issuer.Issuer(own_home / "secrets")

    assert first.jwks_file.read_text() == again.jwks_file.read_text()
    assert (own_home / "secrets/issuer.pem").stat().st_mode & 0o077 == 0
    assert '"d"' not in first.jwks_file.read_text()


def test_no_token_is_signed_beside_an_issuer_of_ones_own(monkeypatch, capsys):
    monkeypatch.setenv("UEM_JWKS_URL", "https://issuer.invalid/jwks")

    assert main(["token", "--role", "viewer"]) == 1

    assert "issuer of your own" in capsys.readouterr().out


def test_reset_forgets_only_what_is_the_stacks(own_home, capsys):
    (own_home / "postgres" / "data").mkdir(parents=True)
    (own_home / "notes.txt").write_text("mine")

    assert main(["reset", "--yes"]) == 0

    assert [path.name for path in own_home.iterdir()] == ["notes.txt"]


def test_reset_asks_and_takes_silence_for_no(own_home, monkeypatch, capsys):
    (own_home / "postgres").mkdir(parents=True)
    monkeypatch.setattr("builtins.input", lambda: "")

    assert main(["reset"]) == 1

    assert (own_home / "postgres").exists()


def test_a_second_stack_in_the_same_folder_is_refused(own_home, capsys):
    other = process.Child("up", [], folder=home().run)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as holder:
        home().run.mkdir(parents=True)
        other.adopt(holder.pid)

        assert main(["up"]) == 1

        said = capsys.readouterr().out.replace("\n", "")
        assert f"already running in {own_home} (pid {holder.pid})" in said
        assert other.pid == holder.pid
        holder.communicate(b"\n")


def test_the_doctor_names_a_pid_file_that_a_kill_left(own_home):
    folder = Home(own_home)
    folder.run.mkdir(parents=True)
    (folder.run / "org.pid").write_text("4194304 1\n")

    found = list(doctor.examine(folder))

    assert ("org.pid names a process that has gone", "uem down") in [
        (finding.what, finding.remedy) for finding in found
    ]


def digest_of(tables: dict[str, str]) -> Digest:
    found = [TableDigest(name=name, count=1, sha256=sha) for name, sha in sorted(tables.items())]
    services = {"org": ServiceDigest(sha256="-".join(sorted(tables.values())), tables=found)}
    return Digest(sha256=digest.total(services), services=services)


TABLES = st.dictionaries(st.sampled_from(["order", "task", "report"]), st.sampled_from("abc"))


@given(TABLES, TABLES)
def test_digests_differ_in_exactly_the_tables_that_differ(one, other):
    said = digest.differences(digest_of(one), digest_of(other))

    wanted = {name for name in one | other if one.get(name) != other.get(name)}
    assert {line.split(":")[0] for line in said} == {f"org.{name}" for name in wanted}


@given(TABLES)
def test_a_digest_survives_being_kept_in_a_file(tables):
    kept = msgspec.json.encode(digest_of(tables))

    assert msgspec.json.decode(kept, type=Digest) == digest_of(tables)
