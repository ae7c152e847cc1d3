"""How people call a warning: its colour and its type, in Chinese and English."""

from vocabulary import EMERGENCY_TYPES, WarningColour

_COLOURS = {
    WarningColour.RED: ("红色", "red"),
    WarningColour.ORANGE: ("橙色", "orange"),
    WarningColour.YELLOW: ("黄色", "yellow"),
    WarningColour.BLUE: ("蓝色", "blue"),
}


def warning_label(emergency_type: str, colour: WarningColour) -> tuple[str, str]:
    """Type and colour in Chinese and English; a type without a label goes by its code."""
    kind = EMERGENCY_TYPES.get(emergency_type)
    zh, en = _COLOURS[colour]
    name_zh = kind.name_zh if kind else emergency_type
    name_en = kind.name_en if kind else emergency_type
    return f"{name_zh}{zh}", f"{en} {name_en}"
