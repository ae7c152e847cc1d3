"""Live feeds: one reading of the services' streams for all sockets, resumable by cursor."""

from gateway.live.hub import GAP, Hub, Listener
from gateway.live.positions import Heard, Positions

__all__ = ["GAP", "Heard", "Hub", "Listener", "Positions"]
