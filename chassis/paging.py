"""Pages of lists: how many, after what, and the answer's shape."""

from __future__ import annotations
