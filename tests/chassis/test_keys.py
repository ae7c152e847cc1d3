"""An issuer's keys: fetched, rotated, kept while it is away; what they proved is remembered."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
import jwt
import pytest

from chassis import auth, issuers
from chassis.auth import Verifier
from chassis.errors import Unauthenticated, Unavailable
from tests import tokens
from tests.chassis.test_auth import Stopwatch, keys_of, verifier


@dataclass
class Answers:
    """What the issuer's web server answers, and how often it was asked."""

    content: bytes = b""
    down: bool = False
    asked: int = 0
    discovery: dict[str, str] = field(default_factory=dict)
    urls: list[str] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        self.urls.append(str(request.url))
        if self.down:
            raise httpx.ConnectError("down")
        if request.url.path.endswith("/openid-configuration"):
            return httpx.Response(200, json=self.discovery)
        return httpx.Response(200, content=self.content)


@pytest.fixture
def server(monkeypatch, issuer) -> Answers:
    answers = Answers(issuer.jwks_file.read_bytes())
    client = httpx.AsyncClient

    def mocked(**options: object) -> httpx.AsyncClient:
        return client(transport=httpx.MockTransport(answers), **options)  # type: ignore[arg-type]

    monkeypatch.setattr(httpx, "AsyncClient", mocked)
    return answers


URL = "https://issuer.test/jwks"


async def test_keys_are_fetched_once_and_again_when_they_are_old(server, issuer):
    clock = Stopwatch()
    verify = verifier(URL, clock)

    for _ in range(3):
        await verify.caller(f"Bearer {issuer.token()}")
    assert server.asked == 1

    clock.seconds = 601
    await verify.caller(f"Bearer {issuer.token()}")
    await keys_of(verify)._refresh()
    assert server.asked == 2
    assert set(server.urls) == {URL}


def discovering(server: Answers, **discovery: str) -> Verifier:
    server.discovery = {"issuer": tokens.ISSUER, "jwks_uri": URL} | discovery
    issuer = issuers.Issuer(name=tokens.ISSUER)
    return Verifier([issuer], audience=tokens.AUDIENCE, clock=Stopwatch())


async def test_an_issuer_is_discovered_once(server, issuer):
    verify = discovering(server)

    for _ in range(3):
        assert (await verify.caller(f"Bearer {issuer.token()}")).subject == "tester"

    assert server.urls == [f"{tokens.ISSUER}/.well-known/openid-configuration", URL]


@pytest.mark.parametrize(
    "discovery",
    [
        {"issuer": "https://somebody.else"},
        {"jwks_uri": "http://issuer.test/jwks"},
        {"jwks_uri": ""},
    ],
)
async def test_a_discovery_document_that_is_not_the_issuers_is_not_believed(
    server, issuer, discovery
):
    verify = discovering(server, **discovery)

    with pytest.raises(Unavailable):
        await verify.caller(f"Bearer {issuer.token()}")

    assert len(server.urls) == 1


async def test_an_unknown_key_id_is_looked_up_at_most_twice_a_minute(server, issuer):
    clock = Stopwatch()
    verify = verifier(URL, clock)
    strange = f"Bearer {issuer.token(headers={'kid': 'unknown'})}"

    for second in range(0, 60, 5):
        clock.seconds = second
        with pytest.raises(Unauthenticated):
            await verify.caller(strange)

    assert server.asked == 2


async def test_an_issuer_that_is_down_stops_nobody_for_a_day(server, issuer):
    clock = Stopwatch()
    verify = verifier(URL, clock)
    await verify.caller(f"Bearer {issuer.token()}")
    server.down = True

    clock.seconds = 23 * 3600
    assert (await verify.caller(f"Bearer {issuer.token()}")).subject == "tester"

    clock.seconds = 25 * 3600
    with pytest.raises(Unavailable):
        await verify.caller(f"Bearer {issuer.token()}")


async def test_an_issuer_that_was_never_reached_is_unavailable_then_found(server, issuer):
    clock = Stopwatch()
    verify = verifier(URL, clock)
    server.down = True
    with pytest.raises(Unavailable):
        await verify.caller(f"Bearer {issuer.token()}")

    server.down = False
    clock.seconds = 31
    assert (await verify.caller(f"Bearer {issuer.token()}")).subject == "tester"


@pytest.mark.parametrize("content", [b"", b"[]", b'{"keys": 3}', b"x" * 300_000])
async def test_what_is_no_jwks_changes_nothing(server, issuer, content):
    clock = Stopwatch()
    verify = verifier(URL, clock)
    await verify.caller(f"Bearer {issuer.token()}")
    server.content = content

    clock.seconds = 601
    assert (await verify.caller(f"Bearer {issuer.token()}")).subject == "tester"
    await keys_of(verify)._refresh()
    assert (await verify.caller(f"Bearer {issuer.token()}")).subject == "tester"


class Rotating(Stopwatch):
    """Both clocks move when the test says so."""

    def wall(self) -> datetime:
        return super().wall() + timedelta(seconds=self.seconds)


@pytest.fixture
def proofs(monkeypatch) -> list[str]:
    """The tokens whose signatures were verified, each time that they were."""
    proved: list[str] = []
    decode = jwt.decode

    def counted(token: str, *args: Any, **kwargs: Any) -> Any:
        proved.append(token)
        return decode(token, *args, **kwargs)

    monkeypatch.setattr(jwt, "decode", counted)
    return proved


async def test_a_signature_is_verified_once_until_its_token_expires(issuer, proofs):
    clock = Rotating()
    verify = verifier(issuer.jwks_file, clock)
    token = issuer.token()

    first, second = [await verify.caller(f"Bearer {token}") for _ in range(2)]
    assert (first, len(proofs)) == (second, 1)

    clock.seconds = 5 * 60 + auth.LEEWAY.total_seconds() + 1
    await verify.caller(f"Bearer {token}")  # this time by a library that has another clock
    assert len(proofs) == 2


async def test_what_was_remembered_proves_nothing_for_another_token(issuer, proofs):
    verify = verifier(issuer.jwks_file)
    token = issuer.token()
    await verify.caller(f"Bearer {token}")
    head, body, signature = token.split(".")

    for forged in (f"{head}.{body}.", f"{head}.{body}.{signature[:-4]}AAAA"):
        with pytest.raises(Unauthenticated):
            await verify.caller(f"Bearer {forged}")


async def test_keys_that_were_read_again_prove_a_remembered_token_anew(server, issuer, proofs):
    clock = Stopwatch()
    verify = verifier(URL, clock)
    token = f"Bearer {issuer.token()}"
    await verify.caller(token)

    clock.seconds = 601
    await keys_of(verify)._refresh()
    await verify.caller(token)
    assert len(proofs) == 2

    clock.seconds = 1202
    server.content = b'{"keys": []}'
    await keys_of(verify)._refresh()
    with pytest.raises(Unauthenticated):
        await verify.caller(token)
    assert len(proofs) == 2


async def test_the_remembered_tokens_are_bounded(issuer, proofs, monkeypatch):
    monkeypatch.setattr(auth, "MOST_REMEMBERED", 2)
    verify = verifier(issuer.jwks_file)
    first, second, third = [f"Bearer {issuer.token(subject=name)}" for name in "abc"]

    for token in (first, second, first, third, first, second):
        await verify.caller(token)

    assert len(verify._remembered) == 2
    assert len(proofs) == 4  # the second was forgotten for the third
