"""What a line of NDJSON may hold: a line that nobody could keep is refused, the next one is taken."""

from tests.services.analytics.conftest import COLLECTOR
from tests.services.analytics.test_observations import NDJSON, STATION

AT = b"2026-06-01T08:00:00Z"


def line(*, value: bytes = b"1.5", station: bytes = b"s1", at: bytes = AT) -> bytes:
    return b'{"station":"%s","metric":"rain_mm","value":%s,"unit":"mm","observedAt":"%s"}' % (
        station,
        value,
        at,
    )


def at(longitude: bytes) -> bytes:
    place = b'"place":{"longitude":%s,"latitude":34.7}' % longitude
    return line().replace(b'"station":"s1"', place)


LINES = {
    "a fraction beyond a double": (line(value=b"1e400"), "LINE_INVALID"),
    "ten to the four hundredth": (line(value=b"1" + b"0" * 400), "LINE_INVALID"),
    "less than any double": (line(value=b"-1e400"), "LINE_INVALID"),
    "the largest double": (line(value=b"1.7e308"), "VALUE_OUT_OF_RANGE"),
    "NaN": (line(value=b"NaN"), "VALUE_NOT_FINITE"),
    "Infinity": (line(value=b"Infinity"), "VALUE_NOT_FINITE"),
    "-Infinity": (line(value=b"-Infinity"), "VALUE_NOT_FINITE"),
    "a number as text": (line(value=b'"1.5"'), "LINE_INVALID"),
    "depth": (line(value=b"[" * 3900), "LINE_INVALID"),
    "U+0000, escaped": (line(station=b"s\\u0000"), "LINE_INVALID"),
    "U+0000 as it is": (line(station=b"s\x00"), "LINE_NOT_JSON"),
    "half of a pair": (line(station=b"\\ud83d"), "LINE_NOT_JSON"),
    "half of a pair in UTF-8": (line(station=b"\xed\xa0\xbd"), "LINE_NOT_JSON"),
    "no UTF-8": (line(station=b"\xff"), "LINE_NOT_JSON"),
    "before the year 1": (line(at=b"0001-01-01T00:00:00+14:00"), "LINE_INVALID"),
    "after the year 9999": (line(at=b"9999-12-31T23:59:59-14:00"), "LINE_INVALID"),
    "nowhere": (at(b"1e308"), "LINE_INVALID"),
    "a place beyond a double": (at(b"1e400"), "LINE_INVALID"),
}


async def test_each_line_is_answered_for_itself(analytics):
    async with analytics.client(roles=COLLECTOR) as client:
        assert (await client.put("/v1/stations/s1", json=STATION)).status_code == 200
        body = b"\n".join([*(sent for sent, _ in LINES.values()), line()])
        answer = await client.post("/v1/observations", content=body, headers=NDJSON)

    told = answer.json()
    found = {one["line"]: one["code"] for one in told["rejected"]}
    assert (answer.status_code, told["accepted"]) == (200, 1)
    assert {name: found.get(number) for number, name in enumerate(LINES, start=1)} == {
        name: code for name, (_, code) in LINES.items()
    }
