"""The HTTP edge: opens the unit of work, checks roles and idempotency keys, answers as JSON."""
