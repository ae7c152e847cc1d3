"""Passwords of the embedded stack: generated at first need, kept in the state folder."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from chassis import sealing
from chassis.audit import anchor


@dataclass(frozen=True, slots=True)
class Passwords:
    """One file a password, readable by the owner only."""

    folder: Path

    def file(self, name: str) -> Path:
        """Return the file that holds the password of `name`; it is made when it is absent."""
        return self._made(name, lambda: secrets.token_hex(16))

    def keys(self) -> Path:
        """Return the file of the keys that seal personal data; it is made when it is absent."""
        return self._made("keys.json", sealing.new_ring)

    def audit_key(self, service: str) -> Path:
        """Return the file of the key that signs a service's audit; it is made when it is absent."""
        return self._made(f"audit-{service}.pem", anchor.new_key)

    def get(self, name: str) -> str:
        """Return the password of `name`, 32 hex digits."""
        return self.file(name).read_text(encoding="ascii")

    def _made(self, name: str, make: Callable[[], str]) -> Path:
        path = self.folder / name
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600)
            path.write_text(make(), encoding="ascii")
        return path
