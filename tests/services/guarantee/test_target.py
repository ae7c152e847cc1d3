"""Where a sender has to hold the role for a signal that crosses borders."""

import pytest

from services.guarantee.commands import target
from services.guarantee.domain.signal import Signal, SignalStatus
from tests.services.guarantee.messages import SENDER, at
from vocabulary import Mode, WarningColour


def signal(jurisdiction, areas):
    return Signal(
        id="sig_1",
        mode=Mode.REAL,
        identifier="ZZ-1",
        sender=SENDER,
        emergency_type="11B03",
        colour=WarningColour.RED,
        colour_because="stated",
        status=SignalStatus.ACTIVE,
        jurisdiction=jurisdiction,
        areas=areas,
        sent_at=at(0),
        received_at=at(0),
    )


@pytest.mark.parametrize(
    ("jurisdiction", "areas", "held", "ground"),
    [
        ("410105", ("410105",), ["410100"], "410105"),
        ("410000", (), ["410100"], "410100"),
        ("410000", ("410100", "410105"), ["420000", "410100"], "410100"),
        ("410000", ("410100", "410200"), ["410100"], "410000"),
        ("410000", (), ["420000", ""], "410000"),
        ("410000", (), ["000000"], "410000"),
    ],
)
def test_a_signal_across_a_border_is_a_matter_of_the_area_it_does_not_leave(
    jurisdiction, areas, held, ground
):
    assert target.ground(signal(jurisdiction, areas), held) == ground
