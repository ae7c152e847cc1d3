"""What a service says and hears while it runs: the face of relay, consumers and their records."""

from chassis.traffic.routes import router
from chassis.traffic.running import pending, run, unsent

__all__ = ["pending", "router", "run", "unsent"]
