"""The migrations of guarantee."""
