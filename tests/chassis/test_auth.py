"""Tokens: who is believed, who is not, and what happens while the issuer is away."""

import base64
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from chassis import auth, issuers, keys
from chassis.auth import Verifier
from chassis.clock import Clock
from chassis.errors import Forbidden, Unauthenticated
from chassis.keys import Keys
from chassis.policy import Grant
from chassis.unit_of_work import Caller
from tests import tokens
from tests.tokens import KEY_ID, Issuer


class Stopwatch(Clock):
    """A monotonic clock that moves when the test says so."""

    seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds


def verifier(source: Path | str, clock: Clock | None = None, **about: Any) -> Verifier:
    place = {"jwks_file" if isinstance(source, Path) else "jwks_url": source}
    issuer = issuers.Issuer(**{"name": tokens.ISSUER} | place | about)
    return Verifier([issuer], audience=tokens.AUDIENCE, clock=clock or Clock())


def keys_of(verify: Verifier) -> Keys:
    return verify._trusted[tokens.ISSUER].keys


async def test_a_callers_claims_are_read(issuer):
    token = issuer.token(
        subject="ali",
        roles=["duty_officer"],
        org="org_1",
        areas=["410100"],
        posts=["pst_1"],
        person="Ali",
    )

    caller = await verifier(issuer.jwks_file).caller(f"Bearer {token}")

    assert caller == Caller(
        subject="ali",
        organization="org_1",
        roles=frozenset({"duty_officer", "viewer"}),
        areas=("410100",),
        posts=("pst_1",),
        person="Ali",
        token=token,
        grants=tuple(
            Grant(role=role, area="410100", organization="org_1")
            for role in ("duty_officer", "viewer")
        ),
    )
    assert token not in repr(caller)


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Basic YTpi", "Bearer a.b.c", "Bearer " + "x" * 9000]
)
async def test_without_a_token_nobody_is_believed(issuer, header):
    with pytest.raises(Unauthenticated):
        await verifier(issuer.jwks_file).caller(header)


LATER, BEFORE = timedelta(minutes=10), timedelta(minutes=-10)


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": BEFORE},
        {"exp": None},
        {"iat": None},
        {"iat": LATER},
        {"nbf": LATER},
        {"iss": "https://somebody.else"},
        {"iss": None},
        {"aud": "another-service"},
        {"aud": None},
        {"sub": None},
        {"org": ["org_1"]},
        {"areas": [410100]},
        {"exp": timedelta(minutes=16)},
        {"exp": "tomorrow"},
        {"exp": float("inf")},
        {"iat": float("nan")},
    ],
)
async def test_claims_that_are_not_meant_for_us_are_refused(issuer, claims):
    now = Clock().wall()
    claims = {k: now + v if isinstance(v, timedelta) else v for k, v in claims.items()}

    with pytest.raises(Unauthenticated):
        await verifier(issuer.jwks_file).caller(f"Bearer {issuer.token(**claims)}")


async def test_a_clock_half_a_minute_off_is_forgiven(issuer):
    token = issuer.token(exp=Clock().wall() - timedelta(seconds=20))

    assert (await verifier(issuer.jwks_file).caller(f"Bearer {token}")).subject == "tester"


def unsigned(header: dict[str, object]) -> str:
    def part(value: dict[str, object]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    now = Clock().wall().timestamp()
    claims = {
        "iss": tokens.ISSUER,
        "aud": tokens.AUDIENCE,
        "sub": "mallory",
        "iat": now,
        "exp": now + 300,
        "roles": ["operator"],
    }
    return f"{part(header)}.{part(claims)}."


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none", "kid": KEY_ID, "typ": "at+jwt"},
        {"alg": "EdDSA", "kid": KEY_ID, "typ": "at+jwt"},
    ],
)
async def test_an_unsigned_token_is_refused(issuer, header):
    with pytest.raises(Unauthenticated):
        await verifier(issuer.jwks_file).caller(f"Bearer {unsigned(header)}")


async def test_the_public_key_is_no_secret_to_sign_with(issuer):
    public = issuer.key.public_key().public_bytes(
        serialization.Encoding.Raw, serialization.PublicFormat.Raw
    )
    claims = jwt.decode(issuer.token(), options={"verify_signature": False})
    headers = {"kid": KEY_ID, "typ": "at+jwt"}
    forged = jwt.encode(claims, public, algorithm="HS256", headers=headers)

    with pytest.raises(Unauthenticated):
        await verifier(issuer.jwks_file).caller(f"Bearer {forged}")


@pytest.mark.parametrize("kind", [None, "JWT", "id+jwt", "logout+jwt"])
async def test_a_token_that_is_no_access_token_is_refused(issuer, kind):
    token = issuer.token(headers={"typ": kind})

    with pytest.raises(Unauthenticated):
        await verifier(issuer.jwks_file).caller(f"Bearer {token}")


async def test_a_token_that_must_be_understood_in_a_way_unknown_here_is_refused(issuer):
    token = issuer.token(headers={"crit": ["exp"]})

    with pytest.raises(Unauthenticated):
        await verifier(issuer.jwks_file).caller(f"Bearer {token}")


@pytest.mark.parametrize("part", [b"[" * 5000, b"\xff\xfe", b"{}", b'"a"', b"null", b"{"])
async def test_nonsense_in_the_place_of_a_token_is_refused(issuer, part):
    nonsense = base64.urlsafe_b64encode(part).decode().rstrip("=")
    verify = verifier(issuer.jwks_file)
    header, _, signature = issuer.token().split(".")

    for token in (f"{nonsense}.{nonsense}.x", f"{header}.{nonsense}.{signature}", nonsense):
        with pytest.raises(Unauthenticated):
            await verify.caller(f"Bearer {token}")


async def test_each_issuer_is_believed_with_its_own_keys_only(issuer, tmp_path):
    other = Issuer.make(tmp_path)
    trusted = [
        issuer.trusted,
        issuers.Issuer(name="https://province.test", jwks_file=other.jwks_file, realm="province"),
    ]
    verify = Verifier(trusted, audience=tokens.AUDIENCE, clock=Clock())

    assert (await verify.caller(f"Bearer {issuer.token()}")).subject == "tester"
    genuine = other.token(iss="https://province.test")
    assert (await verify.caller(f"Bearer {genuine}")).subject == "tester@province"
    for forged in (other.token(), issuer.token(iss="https://province.test")):
        with pytest.raises(Unauthenticated):
            await verify.caller(f"Bearer {forged}")


names = st.text(st.sampled_from("ab@.:"), min_size=1, max_size=8) | st.sampled_from(
    ["a@province", "a@province@province", "service:org", "b@a"]
)


@given(names, names, st.permutations([None, "province", "a"]))
def test_no_two_people_of_the_issuers_share_a_name(one, other, realms):
    first, second, _ = (
        issuers.Issuer(name=f"https://{realm}.test", realm=realm) for realm in realms
    )
    apart = {realm for realm in realms if realm is not None}

    def known(name, issuer):
        try:
            return issuers.known_as(name, issuer, apart)
        except ValueError:
            return None

    assert known(one, first) is None or known(one, first) != known(other, second)
    assert known(one, first) is None or one == other or known(one, first) != known(other, first)


@pytest.mark.parametrize("subject", ["li@province", "service:org"])
async def test_nobody_bears_the_name_of_another_issuers_or_of_a_service(issuer, tmp_path, subject):
    other = issuers.Issuer(
        name="https://province.test", jwks_file=issuer.jwks_file, realm="province"
    )
    verify = Verifier([issuer.trusted, other], audience=tokens.AUDIENCE, clock=Clock())

    for claims in ({"subject": subject}, {"person": subject}):
        with pytest.raises(Unauthenticated):
            await verify.caller(f"Bearer {issuer.token(**claims)}")


def test_issuers_whose_people_could_be_mixed_up_are_not_believed_together(issuer):
    with pytest.raises(ValueError, match="realm"):
        Verifier(
            [issuer.trusted, issuers.Issuer(name="https://other.test")],
            audience=tokens.AUDIENCE,
            clock=Clock(),
        )


async def test_an_issuers_algorithms_are_fixed(issuer):
    verify = verifier(issuer.jwks_file, algorithms=("ES256",))

    with pytest.raises(Unauthenticated):
        await verify.caller(f"Bearer {issuer.token()}")


def test_a_key_too_short_and_the_development_key_serve_no_issuer_of_a_city(issuer):
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    (good,) = json.loads(issuer.jwks_file.read_text())["keys"]
    several = [
        json.loads(RSAAlgorithm.to_jwk(short.public_key())) | {"kid": "short"},
        good | {"kid": "development-x"},
    ]

    assert keys.parse(json.dumps({"keys": several}).encode(), of=issuer.trusted) == {}


async def test_another_key_under_our_key_id_is_refused(issuer, tmp_path):
    stranger = Issuer.make(tmp_path)

    with pytest.raises(Unauthenticated):
        await verifier(issuer.jwks_file).caller(f"Bearer {stranger.token()}")


@pytest.mark.parametrize("hint", ["jku", "x5u"])
async def test_where_a_token_says_its_key_lies_is_ignored(issuer, tmp_path, hint):
    stranger = Issuer.make(tmp_path)
    token = stranger.token(headers={hint: f"file://{stranger.jwks_file}", "kid": "unknown"})

    with pytest.raises(Unauthenticated):
        await verifier(issuer.jwks_file).caller(f"Bearer {token}")


@pytest.mark.parametrize(
    ("algorithm", "key", "to_jwk"),
    [
        ("ES256", ec.generate_private_key(ec.SECP256R1()), ECAlgorithm.to_jwk),
        ("RS256", rsa.generate_private_key(public_exponent=65537, key_size=2048), RSAAlgorithm.to_jwk),
    ],
)  # fmt: skip
async def test_es256_and_rs256_are_accepted_too(issuer, tmp_path, algorithm, key, to_jwk):
    jwk = json.loads(to_jwk(key.public_key())) | {"kid": "k", "alg": algorithm}
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps({"keys": [jwk]}))
    claims = jwt.decode(issuer.token(), options={"verify_signature": False})
    token = jwt.encode(claims, key, algorithm=algorithm, headers={"kid": "k", "typ": "at+jwt"})

    assert (await verifier(file).caller(f"Bearer {token}")).subject == "tester"


def test_keys_that_could_not_be_meant_are_left_out(issuer):
    (good,) = json.loads(issuer.jwks_file.read_text())["keys"]
    several = [
        good,
        {"kty": "oct", "k": "c2VjcmV0", "kid": "shared", "alg": "HS256"},
        good | {"kid": "encrypts", "use": "enc"},
        {"kty": "unheard of", "kid": "strange"},
        {name: value for name, value in good.items() if name != "kid"},
    ]

    content = json.dumps({"keys": several}).encode()
    assert list(keys.parse(content, of=issuer.trusted)) == [KEY_ID]


def test_one_of_the_roles_is_enough():
    caller = Caller(subject="ali", roles=frozenset({"keeper"}))

    auth.require(caller, frozenset({"keeper", "operator"}))
    with pytest.raises(Forbidden) as refused:
        auth.require(caller, frozenset({"operator", "commander"}))
    assert refused.value.extra == {"roles": ["commander", "operator"]}
