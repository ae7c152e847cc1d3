"""The registry of indicators that plans may decide on: name, type, unit, source, meaning."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Indicator:
    """A named, unit-carrying figure; `kind` is the CEL type (double, int, bool or string)."""

    name: str
    kind: str
    unit: str
    source: str
    meaning: str


_RAIN_HOURS = (1, 3, 6, 12, 24)
_COLOURS = ("red", "orange", "yellow", "blue")

_MEASURED = (
    *(
        Indicator(
            f"rain_{hours}h_mm",
            "double",
            "mm",
            "analytics",
            f"rain of the last {hours} h, highest station of the jurisdiction",
        )
        for hours in _RAIN_HOURS
    ),
    Indicator(
        "rain_forecast_24h_mm", "double", "mm", "analytics", "rain forecast for the next 24 h"
    ),
    Indicator("water_level_m", "double", "m", "analytics", "highest river gauge, above datum"),
    Indicator(
        "road_water_depth_cm", "double", "cm", "analytics", "deepest water on a road or in a tunnel"
    ),
    Indicator("wind_gust_m_s", "double", "m/s", "analytics", "strongest gust of the last hour"),
    Indicator("temperature_max_c", "double", "°C", "analytics", "highest temperature of the day"),
    Indicator("air_quality_index", "double", "1", "analytics", "daily AQI"),
)

_SIGNALLED = tuple(
    Indicator(
        f"{act}_{colour}_{share}_share",
        "double",
        "1",
        "guarantee",
        f"share (0-1) of the plan area's {share} under an active {words} of {colour} or worse",
    )
    for act, words in (("signal", "signal"), ("warning", "early warning"))
    for colour in _COLOURS
    for share in ("population", "area")
)

_REPORTED = (
    Indicator("deaths", "double", "1", "org", "deaths by preferred source, largest open incident"),
    Indicator("missing", "double", "1", "org", "missing people, largest open incident"),
    Indicator("serious_injured", "double", "1", "org", "seriously injured, largest open incident"),
    Indicator("trapped", "double", "1", "org", "trapped people, largest open incident"),
    Indicator("affected", "double", "1", "org", "affected people, largest open incident"),
    Indicator("direct_loss_cny", "double", "CNY", "org", "direct loss, largest open incident"),
    Indicator("magnitude", "double", "1", "org", "earthquake magnitude"),
    Indicator(
        "incident_severity",
        "double",
        "1",
        "org",
        "worst grade of open incidents: I=4 … IV=1, none=0",
    ),
    Indicator("population", "double", "1", "org", "residents of the plan's jurisdiction"),
    Indicator("area_km2", "double", "km2", "org", "ground of the plan's jurisdiction"),
)

INDICATORS = {one.name: one for one in (*_MEASURED, *_SIGNALLED, *_REPORTED)}
