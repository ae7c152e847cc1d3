"""What analytics does: take observations, keep indicators and detections true, log events, load."""

from services.analytics.commands.detection import assess
from services.analytics.commands.event_log import log_events
from services.analytics.commands.indicator import evaluate, note_silence, tell_pending
from services.analytics.commands.jurisdiction import copy_jurisdiction
from services.analytics.commands.load import Desk, Loader, Opener, forget_old
from services.analytics.commands.observation import Receipt, take_observations
from services.analytics.commands.plan import copy_plan
from services.analytics.commands.station import register_station

__all__ = [
    "Desk",
    "Loader",
    "Opener",
    "Receipt",
    "assess",
    "copy_jurisdiction",
    "copy_plan",
    "evaluate",
    "forget_old",
    "log_events",
    "note_silence",
    "register_station",
    "take_observations",
    "tell_pending",
]
