"""Emergency types: the four classes and the leaves of GB/T 35561 that the product names."""

from dataclasses import dataclass

from vocabulary.levels import EmergencyClass

_CLASSES = {
    "11": EmergencyClass.NATURAL_DISASTER,
    "12": EmergencyClass.ACCIDENT_DISASTER,
    "13": EmergencyClass.PUBLIC_HEALTH,
    "14": EmergencyClass.SOCIAL_SAFETY,
}


@dataclass(frozen=True, slots=True)
class EmergencyType:
    """One leaf of the taxonomy with its labels; the code is never translated."""

    code: str
    name_zh: str
    name_en: str


def emergency_class(code: str) -> EmergencyClass:
    """Class of a GB/T 35561 code; raises ValueError when its first two digits are not 11-14."""
    try:
        return _CLASSES[code[:2]]
    except KeyError:
        message = f"emergency type {code!r} does not start with 11, 12, 13 or 14 (GB/T 35561)"
        raise ValueError(message) from None


def matches(code: str, prefix: str) -> bool:
    """Whether `code` is `prefix` or a leaf under it: 11B03 matches 11B and 11."""
    return code.startswith(prefix)


# Leaves with labels. Any code of a known class is accepted; these have names.
# Source: GB/T 35561-2017 as used by the national warning release system (12379.cn).
EMERGENCY_TYPES = {
    kind.code: kind
    for kind in (
        EmergencyType("11A01", "洪水", "flood"),
        EmergencyType("11A02", "内涝", "urban waterlogging"),
        EmergencyType("11B01", "台风", "typhoon"),
        EmergencyType("11B03", "暴雨", "rainstorm"),
        EmergencyType("11B04", "暴雪", "snowstorm"),
        EmergencyType("11B05", "寒潮", "cold wave"),
        EmergencyType("11B06", "大风", "gale"),
        EmergencyType("11B09", "高温", "heat"),
        EmergencyType("11C01", "地震", "earthquake"),
        EmergencyType("11D01", "地质灾害", "geological disaster"),
        EmergencyType("12A01", "工矿商贸事故", "work accident"),
        EmergencyType("12B01", "火灾", "fire"),
        EmergencyType("12C01", "交通运输事故", "transport accident"),
        EmergencyType("12C02", "城市轨道交通事故", "urban rail accident"),
        EmergencyType("13A01", "传染病疫情", "infectious disease outbreak"),
        EmergencyType("14A01", "群体性事件", "mass incident"),
    )
}
