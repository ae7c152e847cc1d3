"""What mutations take: each carries its idempotency key, updates the version that was seen."""
